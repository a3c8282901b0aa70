import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createClient } from "rivetkit/client";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { ask, TICKET } from "./raw.ts";
import { type Stage, startStage, type WitnessRegistry } from "./stage.ts";
import { ticketFor } from "./tickets.ts";

let stage: Stage;
beforeAll(async () => {
	stage = await startStage({ edgePingMs: 50, edgeSilentMs: 500 });
}, 60_000);
afterAll(() => stage.stop());

function stockClient(options: { disableMetadataLookup?: boolean; encoding?: "json" | "bare" } = {}) {
	const client = createClient<WitnessRegistry>({
		endpoint: new URL("/rivet", stage.publicUrl).href,
		encoding: "json",
		disableMetadataLookup: true,
		...options,
	});
	onTestFinished(() => client.dispose());
	return client;
}
const getParams = async () => ({ ticket: TICKET });

test("a stock RivetKit client connects with its ticket, calls and hears events", async () => {
	const room = stockClient().chatRoom.get(["general"], { getParams }).connect();
	const heard = vi.fn();
	room.on("newMessage", heard);
	expect(await room.getHistory()).toEqual({ params: { ticket: TICKET } });
	expect(await room.sendMessage({ text: "hello" })).toEqual({ text: "hello" });
	await vi.waitFor(() => expect(heard).toHaveBeenCalledWith({ text: "hello" }));
});

test.each(["chatRoom", "userInbox", "workspace", "directory"] as const)("%s is reached", async (name) => {
	const client = stockClient();
	const action = { chatRoom: "getHistory", userInbox: "getInbox", workspace: "getSessionInfo", directory: "list" }[
		name
	];
	const params = { ticket: ticketFor(name) };
	const connection = client[name].get(["general"], { params }).connect();
	expect(await connection.action({ name: action, args: [] })).toEqual({ params });
});

test("one call without a connection works too", async () => {
	const room = stockClient().chatRoom.get(["general"], { params: { ticket: TICKET } });
	expect(await room.sendMessage({ text: "by post" })).toEqual({ text: "by post" });
});

test("a client that asks for metadata first gets them from the door, of the version that is installed", async () => {
	const client = stockClient({ disableMetadataLookup: false });
	const room = client.chatRoom.get(["general"], { getParams }).connect();
	expect(await room.getHistory()).toEqual({ params: { ticket: TICKET } });
	const answer = await ask(stage.door.port, { target: "/rivet/metadata" });
	const installed = fileURLToPath(import.meta.resolve("rivetkit")).replace(/dist\/.*$/, "package.json");
	expect(JSON.parse(answer.body)).toMatchObject({
		runtime: "rivetkit",
		version: JSON.parse(readFileSync(installed, "utf8")).version,
	});
});

test("a frame of nearly 1 MiB arrives", async () => {
	const room = stockClient().chatRoom.get(["general"], { getParams }).connect();
	const text = "x".repeat(1_000_000);
	expect((await room.sendMessage({ text })).text).toHaveLength(text.length);
});

test("a client that speaks another encoding is told which option to set", async () => {
	const room = stockClient({ encoding: "bare" }).chatRoom.get(["general"], { params: { ticket: TICKET } });
	await expect(room.getHistory()).rejects.toThrow();
	const answer = await ask(stage.door.port, {
		method: "POST",
		target: "/rivet/gateway/chatRoom/action/getHistory?rvt-namespace=default&rvt-method=get&rvt-key=general",
		headers: { "x-rivet-encoding": "bare", "content-type": "application/octet-stream" },
		body: "[]",
	});
	expect(answer.status).toBe(400);
	expect(JSON.parse(answer.body)).toMatchObject({
		code: "bad_input",
		details: { option: "encoding", expected: "json" },
	});
});

test("a client with nothing to say stays connected, because it answers the door's pings", async () => {
	const room = stockClient().chatRoom.get(["general"], { getParams }).connect();
	const closed = vi.fn();
	room.onClose(closed);
	await room.ready;
	const pongBytes = 6;
	const enough = stage.spy.bytes + 20 * pongBytes; // twenty pings take twice as long as silence is borne
	await vi.waitFor(() => expect(stage.spy.bytes).toBeGreaterThan(enough), 10_000);
	expect(await room.getHistory()).toEqual({ params: { ticket: TICKET } });
	expect(closed).not.toHaveBeenCalled();
});
