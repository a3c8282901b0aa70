import { expect, test } from "vitest";
import { Reads, Turnstile } from "./reads.ts";

/** A database that answers when it is told to. */
function slowReads(readsAtOnce: number, readsWaitingMax = 1_000) {
	const reads = new Reads<number>(new Turnstile({ readsAtOnce, readsWaitingMax }));
	const open: (() => void)[] = [];
	let begun = 0;
	const ask = (question: unknown) =>
		reads.read(question, () => {
			const number = ++begun;
			return new Promise<number>((resolve) => open.push(() => resolve(number)));
		});
	const settle = () => new Promise((resolve) => setImmediate(resolve));
	return {
		ask,
		settle,
		begun: () => begun,
		answerAll: async () => {
			for (await settle(); open.length > 0; await settle()) for (const answer of open.splice(0)) answer();
		},
	};
}

test("a crowd that asks the same while it waits is answered by one read", async () => {
	const { ask, settle, begun, answerAll } = slowReads(2);
	const first = ask({ version: 1 });
	const second = ask({ version: 2 });
	await settle();
	const crowd = Array.from({ length: 500 }, () => ask({ version: 1 }));
	await settle();
	expect(begun()).toBe(2);
	await answerAll();
	expect(await first).toBe(1);
	expect(await second).toBe(2);
	// Not the first read's answer, which was under way when they asked and may be older than their question.
	expect(new Set(await Promise.all(crowd))).toEqual(new Set([3]));
});

test("no more than so many read at once, and everybody is served in turn", async () => {
	const { ask, settle, begun, answerAll } = slowReads(3);
	const answers = Promise.all(Array.from({ length: 20 }, (_, version) => ask({ version })));
	await settle();
	expect(begun()).toBe(3);
	await answerAll();
	expect(await answers).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
});

test("above the bound the answer is busy, with a time to wait, and it is nobody else's answer", async () => {
	const { ask, settle, answerAll } = slowReads(1, 1);
	const answers = [ask("a")];
	await settle();
	answers.push(ask("b"));
	await settle();
	await expect(ask("c")).rejects.toMatchObject({ code: "busy", details: { waitMs: 1_000 } });
	await answerAll();
	expect(await Promise.all(answers)).toEqual([1, 2]);
	const again = ask("c");
	await answerAll();
	expect(await again).toBe(3);
});

test("a read that fails gives its place to the next", async () => {
	const reads = new Reads<number>(new Turnstile({ readsAtOnce: 1, readsWaitingMax: 10 }));
	const failing = reads.read("a", () => Promise.reject(new Error("no disk")));
	const next = reads.read("b", async () => 7);
	await expect(failing).rejects.toThrow("no disk");
	expect(await next).toBe(7);
});
