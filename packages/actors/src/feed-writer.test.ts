import type { FeedBatch } from "@bullpen/domain/feed";
import { LIMITS, type Limits } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import { describe, expect, test } from "vitest";
import { type FeedStore, FeedWriter, type StoredCounters } from "./feed-writer.ts";

interface Row {
	readonly kind: "message";
	readonly id: number;
	readonly version: number;
	readonly text: string;
}
type Change = Parameters<FeedStore<Row, string>["commit"]>[0];

/**
 * A table in memory that can be told to fail before or after the commit took place, or to let it take place when the next
 * one is tried.
 */
class Table implements FeedStore<Row, string> {
	stored: StoredCounters = { seq: 0, version: 0, floorSeq: 1, commitId: null };
	rows: Row[] = [];
	commits = 0;
	fail: (change: Change) => "before" | "after" | "late" | undefined = () => undefined;
	#late: Change | undefined;

	async counters(): Promise<StoredCounters> {
		return this.stored;
	}

	async commit(change: Change): Promise<void> {
		this.commits++;
		if (this.#late !== undefined) this.#put(this.#late);
		this.#late = undefined;
		const failure = this.fail(change);
		if (failure === "before") throw new Error("disk full");
		if (failure === "late") this.#late = change;
		if (failure === "late") throw new Error("it took too long");
		if (this.stored.version > change.from) throw new Error("moved on");
		this.#put(change);
		if (failure === "after") throw new Error("the answer was lost");
	}

	#put({ id, rows, counters }: Change): void {
		this.rows = [...this.rows.filter((row) => !rows.some((next) => next.id === row.id)), ...rows];
		this.stored = { ...counters, commitId: id };
	}
}

function makeWriter(table: Table, limits: Limits = LIMITS) {
	const batches: FeedBatch<Row>[] = [];
	const writer = new FeedWriter<Row, string>({
		store: table,
		limits,
		publish: (batch) => batches.push(batch),
		pace: async () => {},
		keepAwake: (work) => work,
	});
	const send = (text: string) =>
		writer.write((draft) => {
			if (text === "refused") throw new Problem("text_empty", "Write something.");
			return draft.put<Row>({ kind: "message", id: draft.nextSeq(), text });
		});
	return { writer, batches, send };
}

describe("FeedWriter", () => {
	test("writes that come together share commits, in order, without a gap", async () => {
		const table = new Table();
		const { batches, send } = makeWriter(table);
		const rows = await Promise.all(Array.from({ length: 100 }, (_, index) => send(`m${index}`)));
		expect(rows.map((row) => row.id)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
		expect(table.commits).toBeLessThanOrEqual(2);
		expect(batches.flatMap((batch) => batch.rows).map((row) => row.text)).toEqual(rows.map((row) => row.text));
		expect(batches.map((batch) => batch.from)).toEqual([0, ...batches.slice(0, -1).map((batch) => batch.to)]);
	});

	test("a refusal inside a batch uses up no number and leaves its neighbours alone", async () => {
		const { batches, send } = makeWriter(new Table());
		const settled = await Promise.allSettled([send("a"), send("refused"), send("b")]);
		expect(settled.map((one) => one.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
		expect(batches.flatMap((batch) => batch.rows).map((row) => [row.id, row.version])).toEqual([
			[1, 1],
			[2, 2],
		]);
	});

	test("nothing is told before its commit, and a failed commit tells nothing", async () => {
		const table = new Table();
		table.fail = () => "before";
		const { batches, send } = makeWriter(table);
		await expect(send("a")).rejects.toThrow("disk full");
		expect(batches).toEqual([]);
		table.fail = () => undefined;
		expect((await send("b")).id).toBe(1);
	});

	test("a commit that happened although its answer was lost counts as committed, once", async () => {
		const table = new Table();
		table.fail = () => "after";
		const { batches, send } = makeWriter(table);
		expect((await send("a")).id).toBe(1);
		expect(table.rows).toHaveLength(1);
		expect(batches).toHaveLength(1);
	});

	test("a commit that happens after it was given up is not written over, nor taken for another one", async () => {
		const table = new Table();
		const { send } = makeWriter(table);
		let isLate = true;
		table.fail = () => {
			const failure = isLate ? "late" : undefined;
			isLate = false;
			return failure;
		};
		const first = await send("a"); // what came late is there, and it was said once more
		const second = await send("b");
		expect(table.rows.map((row) => [row.id, row.text])).toEqual([
			[1, "a"],
			[2, "a"],
			[3, "b"],
		]);
		expect([first.id, second.id]).toEqual([2, 3]);
	});

	test("tables that are read as they were before are not built upon", async () => {
		const table = new Table();
		const { send } = makeWriter(table);
		const old = table.stored;
		await send("a");
		const now = table.stored;
		table.fail = () => "before";
		table.counters = async () => old;
		await expect(send("b")).rejects.toThrow("disk full");
		await expect(send("c")).rejects.toThrow("before their last commit");
		table.counters = async () => now;
		table.fail = () => undefined;
		expect((await send("d")).id).toBe(2);
	});

	test("a poisoned write fails alone", async () => {
		const table = new Table();
		table.fail = (change) => (change.rows.some((row) => row.text === "poison") ? "before" : undefined);
		const { send } = makeWriter(table);
		const settled = await Promise.allSettled([send("a"), send("poison"), send("b")]);
		expect(settled.map((one) => one.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
		expect(table.rows.map((row) => [row.id, row.text])).toEqual([
			[1, "a"],
			[2, "b"],
		]);
	});

	test("a row changed twice in one batch is told once, as it ended", async () => {
		const { batches, writer } = makeWriter(new Table());
		const put = (text: string) => writer.write((draft) => draft.put<Row>({ kind: "message", id: 1, text }));
		await Promise.all([put("first"), put("second"), put("third")]);
		const last = batches.at(-1)!;
		expect(last.rows).toEqual([{ kind: "message", id: 1, version: 3, text: "third" }]);
	});

	test("a later write of a batch sees what an earlier one wrote and noted", async () => {
		const { writer } = makeWriter(new Table());
		const first = writer.write((draft) => draft.note("nonce", "one"));
		const seen = writer.write((draft) => draft.noted("nonce"));
		await first;
		expect(await seen).toBe("one");
	});

	test("commits stay under the byte limit", async () => {
		const table = new Table();
		const { send } = makeWriter(table, { ...LIMITS, commitBytesMax: 10_000 });
		await Promise.all(Array.from({ length: 20 }, () => send("x".repeat(2_000))));
		expect(table.rows).toHaveLength(20);
		expect(table.commits).toBeGreaterThanOrEqual(5);
	});

	test("more than may wait is refused as busy, and the rest is written", async () => {
		const table = new Table();
		const { send } = makeWriter(table, { ...LIMITS, pendingWritesMax: 3 });
		const settled = await Promise.allSettled(Array.from({ length: 10 }, (_, index) => send(`m${index}`)));
		const refused = settled.filter((one) => one.status === "rejected");
		expect(refused.length).toBeGreaterThan(0);
		expect(refused.every((one) => one.reason instanceof Problem && one.reason.code === "busy")).toBe(true);
		expect(table.rows).toHaveLength(10 - refused.length);
	});

	test("keys noted in earlier commits are read once for a batch, and only after it was refused for one of them", async () => {
		const table = new Table();
		const asked: string[][] = [];
		const stored = new Map([["known", "from before"]]);
		const store = Object.assign(table, {
			find: async (keys: readonly string[]) => {
				asked.push([...keys]);
				return stored;
			},
		});
		table.fail = ({ extras }) => (extras.includes("known") ? "before" : undefined);
		const { writer } = makeWriter(store);
		const once = (key: string) =>
			writer.write((draft) => {
				const noted = draft.noted(key);
				if (noted !== undefined) return noted;
				draft.note(key, key);
				return draft.put<Row>({ kind: "message", id: draft.nextSeq(), text: key }).id;
			}, key);
		expect(await Promise.all(["a", "b"].map(once))).toEqual([1, 2]);
		expect(asked).toEqual([]);
		expect(await Promise.all(["c", "known", "d", "known"].map(once))).toEqual([3, "from before", 4, "from before"]);
		expect(asked).toEqual([["c", "known", "d", "known"]]);
		expect(table.rows.map(({ id, text }) => [id, text])).toEqual([
			[1, "a"],
			[2, "b"],
			[3, "c"],
			[4, "d"],
		]);
	});

	test("what weighs on the store counts towards a commit's limit", async () => {
		const table = new Table();
		const { writer } = makeWriter(table, { ...LIMITS, commitBytesMax: 10_000 });
		const notes = Array.from({ length: 20 }, (_, index) =>
			writer.write((draft) => {
				draft.put<Row>({ kind: "message", id: draft.nextSeq(), text: "x" });
				draft.note(`n${index}`, "send", 4_096);
			}),
		);
		await Promise.all(notes);
		expect(table.commits).toBeGreaterThanOrEqual(6);
	});

	test("a failed commit that raised no version is not taken for one that happened", async () => {
		const table = new Table();
		table.fail = () => "before";
		const { writer } = makeWriter(table);
		await expect(writer.write((draft) => draft.note("nonce", "one"))).rejects.toThrow("disk full");
	});
});
