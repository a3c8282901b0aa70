import type { ActorConnStatus } from "rivetkit/client";
import { describe, expect, test } from "vitest";
import { never } from "../test/fake-connection.ts";
import { ManualClock, settled } from "../test/manual-clock.ts";
import { connectionOf } from "./connection.ts";
import { CLIENT_LIMITS } from "./limits.ts";
import { ConnectionLost } from "./refusal.ts";

/** RivetKit's connection as far as it is used. */
class Raw {
	connStatus: ActorConnStatus = "connecting";
	readonly done: string[] = [];
	answer: () => Promise<unknown> = async () => "answer";
	#listeners: ((status: ActorConnStatus) => void)[] = [];

	async action<_Args, Response>(call: { name: string }): Promise<Response> {
		this.done.push(call.name);
		return (await this.answer()) as Response;
	}
	on(name: string, _listener: (...args: never[]) => void): () => void {
		this.done.push(`on ${name}`);
		return () => void this.done.push(`off ${name}`);
	}
	onStatusChange(listener: (status: ActorConnStatus) => void): () => void {
		this.#listeners.push(listener);
		return () => {};
	}
	set(status: ActorConnStatus): void {
		this.connStatus = status;
		for (const each of this.#listeners) each(status);
		// As RivetKit 2.3.19 does it: listeners first, subscriptions after.
		if (status === "connected") this.done.push("subscriptions sent");
	}
}
const start = (silent: () => void = () => {}) => {
	const raw = new Raw();
	const clock = new ManualClock();
	return { raw, clock, connection: connectionOf("chatRoom", raw, { clock, onSilent: silent }) };
};
const open = async (silent?: () => void) => {
	const all = start(silent);
	all.raw.set("connected");
	await settled();
	return all;
};

describe("one connection", () => {
	test("it is open only after RivetKit has subscribed again, so that a first read misses no event", async () => {
		const { raw, connection } = start();
		connection.onOpenChange((isOpen) => {
			if (isOpen) void connection.call("getRoom");
		});
		raw.set("connected");
		await settled();
		expect(raw.done).toEqual(["subscriptions sent", "getRoom"]);
	});

	test("while it is not open no call is made, now or later", async () => {
		const { raw, connection } = start();
		await expect(connection.call("getRoom")).rejects.toBeInstanceOf(ConnectionLost);
		raw.set("connected");
		raw.set("disconnected");
		await settled();
		expect(connection.isOpen).toBe(false);
		await expect(connection.call("getRoom")).rejects.toBeInstanceOf(ConnectionLost);
		expect(raw.done).toEqual(["subscriptions sent"]);
	});

	test("a call without an answer ends in time and says that the connection is dead", async () => {
		let silences = 0;
		const { raw, connection, clock } = await open(() => {
			silences += 1;
		});
		raw.answer = never;
		const early = expect(connection.call("getRoom")).rejects.toBeInstanceOf(ConnectionLost);
		await clock.pass(100);
		const late = expect(connection.call("getRoom")).rejects.toBeInstanceOf(ConnectionLost);
		await clock.pass(CLIENT_LIMITS.callMs - 100);
		await early;
		expect(silences).toBe(1);
		// The supervisor dropped it: what was still under way says nothing about the next connection.
		raw.set("idle");
		await clock.pass(100);
		await late;
		expect(silences).toBe(1);
	});

	test("a refusal of ours keeps its code and numbers, any other failure means that nobody knows", async () => {
		const { raw, connection, clock } = await open();
		const metadata = { waitMs: 250 };
		raw.answer = () =>
			Promise.reject(Object.assign(new Error("slow down"), { group: "user", code: "rate_limited", metadata }));
		await expect(connection.call("getRoom")).rejects.toMatchObject({ name: "Problem", details: metadata });
		for (const [group, code] of [
			["actor", "internal_error"],
			["user", "unconfirmed"],
		]) {
			raw.answer = () => Promise.reject(Object.assign(new Error("?"), { group, code }));
			await expect(connection.call("getRoom")).rejects.toBeInstanceOf(ConnectionLost);
		}
		expect(clock.next).toBeNull();
	});

	test("what would be above the frame limit is refused here, counted in bytes", async () => {
		const { raw, connection } = await open();
		const { frameBytesMax } = CLIENT_LIMITS;
		const text = "語".repeat(frameBytesMax / 3);
		await expect(connection.call("sendMessage", { text })).rejects.toMatchObject({ code: "frame_too_large" });
		await connection.call("sendMessage", { text: "a".repeat(frameBytesMax / 2) });
		expect(raw.done).toEqual(["subscriptions sent", "sendMessage"]);
	});
});
