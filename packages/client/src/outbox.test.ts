import { SendMessageInput } from "@bullpen/domain/message";
import { Problem } from "@bullpen/domain/problem";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { never } from "../test/fake-connection.ts";
import { ManualClock, settled } from "../test/manual-clock.ts";
import { CLIENT_LIMITS } from "./limits.ts";
import { Outbox, type OutboxStorage } from "./outbox.ts";
import { ConnectionLost } from "./refusal.ts";

type Deliver = (input: SendMessageInput) => Promise<number | null>;

class Memory implements OutboxStorage {
	readonly kept = new Map<string, string>();
	getItem = (key: string): string | null => this.kept.get(key) ?? null;
	setItem = (key: string, value: string): void => void this.kept.set(key, value);
	removeItem = (key: string): void => void this.kept.delete(key);
}

const start = (deliver: Deliver, storage?: OutboxStorage, clock = new ManualClock()) => {
	let made = 0;
	const told: string[] = [];
	const outbox = new Outbox<SendMessageInput>({
		deliver: (input) => {
			told.push(input.text);
			return deliver(input);
		},
		changed: () => {},
		limits: CLIENT_LIMITS,
		clock,
		makeNonce: () => `n${++made}`,
		kept: storage && { storage, key: "outbox", schema: SendMessageInput },
	});
	return { outbox, told, clock };
};
const states = (outbox: Outbox<SendMessageInput>): string[] => outbox.entries.map(({ state }) => state.type);

describe("sending", () => {
	test("what is written without a connection is sent in order once there is one", async () => {
		const { outbox, told } = start(async () => 1);
		for (const text of ["a", "b", "c"]) outbox.add({ text });
		expect(states(outbox)).toEqual(["waiting", "waiting", "waiting"]);
		outbox.opened();
		await settled();
		expect(told).toEqual(["a", "b", "c"]);
		expect(states(outbox)).toEqual(["sent", "sent", "sent"]);
	});

	test("one is sent at a time: the next waits for the answer", async () => {
		const { outbox, told } = start(never);
		outbox.opened();
		outbox.add({ text: "a" });
		outbox.add({ text: "b" });
		await settled();
		expect(told).toEqual(["a"]);
		expect(states(outbox)).toEqual(["sending", "waiting"]);
	});

	test("without an acknowledgement it is told again on the next connection, with the same nonce", async () => {
		const nonces: (string | undefined)[] = [];
		const { outbox } = start(({ nonce }) => {
			nonces.push(nonce);
			return nonces.length === 1 ? never() : Promise.resolve(1);
		});
		outbox.opened();
		outbox.add({ text: "a" });
		outbox.closed();
		expect(states(outbox)).toEqual(["waiting"]);
		outbox.opened();
		await settled();
		expect(nonces).toEqual(["n1", "n1"]);
		expect(states(outbox)).toEqual(["sent"]);
	});

	test("the outcome of a delivery over a connection that is gone changes nothing", async () => {
		let fail: (error: Error) => void = () => {};
		const { outbox } = start(
			() =>
				new Promise((_, reject) => {
					fail = reject;
				}),
		);
		outbox.opened();
		outbox.add({ text: "a" });
		const failEarlier = fail;
		outbox.closed();
		outbox.opened();
		failEarlier(new ConnectionLost("late"));
		await settled();
		expect(states(outbox)).toEqual(["sending"]);
	});

	test("what is refused for now waits as long as it is told, and those behind it keep their order", async () => {
		let isFull = true;
		const { outbox, told, clock } = start(async () => {
			if (isFull) throw new Problem("rate_limited", "slow down", { waitMs: 700 });
			return 1;
		});
		outbox.opened();
		outbox.add({ text: "a" });
		outbox.add({ text: "b" });
		await settled();
		expect(outbox.entries[0]?.state).toEqual({ type: "waiting", retryAt: 700 });
		isFull = false;
		await clock.pass(699);
		expect(told).toEqual(["a"]);
		await clock.pass(1);
		expect(told).toEqual(["a", "a", "b"]);
	});

	test("what is refused for good has failed, and the next one goes on", async () => {
		const { outbox } = start(async ({ text }) => {
			if (text === "bad") throw new Problem("text_too_long", "too long", { max: 1 });
			return 1;
		});
		outbox.opened();
		outbox.add({ text: "bad" });
		outbox.add({ text: "good" });
		await settled();
		expect(states(outbox)).toEqual(["failed", "sent"]);
		outbox.discard("n1");
		expect(states(outbox)).toEqual(["sent"]);
	});

	test("a failed one can be sent again, after what was written since", async () => {
		let isRefusing = true;
		const { outbox, told } = start(async ({ text }) => {
			if (isRefusing && text === "a") throw new Problem("not_member", "no");
			return 1;
		});
		outbox.opened();
		outbox.add({ text: "a" });
		outbox.add({ text: "b" });
		await settled();
		isRefusing = false;
		outbox.retry("n1");
		await settled();
		expect(told).toEqual(["a", "b", "a"]);
		expect(states(outbox)).toEqual(["sent", "sent"]);
	});

	test("a server that neither takes nor refuses it is not asked for ever", async () => {
		const { outbox, told, clock } = start(() => Promise.reject(new ConnectionLost("internal error")));
		outbox.opened();
		outbox.add({ text: "a" });
		await clock.pass(10 * 60_000);
		expect(told.length).toBe(8);
		expect(outbox.entries[0]?.state).toMatchObject({ type: "failed", problem: { code: "busy" } });
	});

	test("seen in the feed it is done, whatever became of its acknowledgement, and the next one goes", async () => {
		const { outbox, told } = start(never);
		outbox.opened();
		outbox.add({ text: "a" });
		outbox.add({ text: "b" });
		outbox.seen(["n1"]);
		expect(told).toEqual(["a", "b"]);
		expect(outbox.entries.map(({ nonce }) => nonce)).toEqual(["n2"]);
	});

	test("an acknowledged one leaves when the feed has reached its version", async () => {
		const { outbox } = start(async () => 7);
		outbox.opened();
		outbox.add({ text: "a" });
		await settled();
		outbox.reached(6);
		expect(states(outbox)).toEqual(["sent"]);
		outbox.reached(7);
		expect(states(outbox)).toEqual([]);
	});

	test("it holds a bounded number", () => {
		const { outbox } = start(never);
		for (let n = 0; n < CLIENT_LIMITS.outboxMax; n++) outbox.add({ text: "a" });
		expect(() => outbox.add({ text: "a" })).toThrow(expect.objectContaining({ code: "queue_full" }));
	});

	test("a reload keeps what was not acknowledged, with its nonce, and what had failed stays failed", async () => {
		const storage = new Memory();
		const before = start(async ({ text }) => {
			if (text === "bad") throw new Problem("text_too_long", "too long", { max: 1 });
			return text === "lost" ? never() : 1;
		}, storage);
		before.outbox.opened();
		for (const text of ["done", "bad", "lost", "next"]) before.outbox.add({ text });
		await settled();
		const after = start(async () => 1, storage);
		expect(after.outbox.entries).toMatchObject([
			{ nonce: "n2", input: { text: "bad" }, state: { type: "failed", problem: { details: { max: 1 } } } },
			{ nonce: "n3", input: { text: "lost" }, state: { type: "waiting" } },
			{ nonce: "n4", input: { text: "next" }, state: { type: "waiting" } },
		]);
		after.outbox.opened();
		await settled();
		expect(after.told).toEqual(["lost", "next"]);
	});

	test("a storage that is full, forbidden or holds something else does not keep anybody from sending", async () => {
		const storage = new Memory();
		storage.setItem("outbox", "{ not ours");
		storage.setItem = () => {
			throw new Error("quota");
		};
		const { outbox, told } = start(async () => 1, storage);
		outbox.opened();
		outbox.add({ text: "a" });
		await settled();
		expect(told).toEqual(["a"]);
	});

	test("whatever is lost, cut or reloaded: every send once and in order", async () => {
		await fc.assert(fc.asyncProperty(fc.array(anyAct, { maxLength: 40 }), arrivesOnceInOrder), { numRuns: 400 });
	});
});

const anyAct = fc.oneof(
	{ weight: 4, arbitrary: fc.constant("write" as const) },
	{ weight: 3, arbitrary: fc.constantFrom("open", "close" as const) },
	{ weight: 3, arbitrary: fc.constantFrom("take", "take-and-lose-answer", "lose", "refuse-for-now" as const) },
	{ weight: 1, arbitrary: fc.constantFrom("reload", "pass" as const) },
);
type Act = "write" | "open" | "close" | "take" | "take-and-lose-answer" | "lose" | "refuse-for-now" | "reload" | "pass";

async function arrivesOnceInOrder(acts: readonly Act[]): Promise<void> {
	const storage = new Memory();
	const clock = new ManualClock();
	const arrived: SendMessageInput[] = [];
	let calls: { input: SendMessageInput; resolve(version: number): void; reject(error: Error): void }[] = [];
	let written = 0;
	const take = (input: SendMessageInput): number => {
		const at = arrived.findIndex(({ nonce }) => nonce === input.nonce);
		return (at < 0 ? arrived.push(input) : at + 1) + 100;
	};
	const make = (): Outbox<SendMessageInput> =>
		new Outbox<SendMessageInput>({
			deliver: (input) => new Promise((resolve, reject) => void calls.push({ input, resolve, reject })),
			changed: () => {},
			limits: CLIENT_LIMITS,
			clock,
			makeNonce: () => `n${written}`,
			kept: { storage, key: "outbox", schema: SendMessageInput },
		});
	let outbox = make();
	let isOpen = false;
	const close = (): void => {
		isOpen = false;
		outbox.closed();
		for (const { reject } of calls) reject(new ConnectionLost("cut"));
		calls = [];
	};
	for (const act of acts) {
		if (act === "write") outbox.add({ text: `message ${++written}` });
		else if (act === "open" && !isOpen) {
			isOpen = true;
			outbox.opened();
		} else if (act === "close") close();
		else if (act === "reload") {
			// The tab is killed: nothing is closed, nothing comes back.
			isOpen = false;
			calls = [];
			outbox = make();
		} else if (act === "pass") await clock.pass(10_000);
		else if (act !== "open") {
			const call = calls.shift();
			if (call && act === "take") call.resolve(take(call.input));
			else if (call && act === "take-and-lose-answer") {
				take(call.input);
				call.reject(new ConnectionLost("lost"));
			} else if (call && act === "lose") call.reject(new ConnectionLost("lost"));
			else if (call) call.reject(new Problem("rate_limited", "slow down", { waitMs: 100 }));
		}
		await settled();
	}
	close();
	outbox.opened();
	for (let rounds = 0; states(outbox).some((state) => state !== "sent"); rounds++) {
		expect(rounds).toBeLessThan(200);
		for (const call of calls.splice(0)) call.resolve(take(call.input));
		await clock.pass(10_000);
	}
	expect(arrived.map(({ text }) => text)).toEqual(Array.from({ length: written }, (_, n) => `message ${n + 1}`));
}
