import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import type { RawAccess } from "rivetkit/db";
import { beforeEach, expect, test } from "vitest";
import { type RoomChange, RoomStore } from "./room-store.ts";
import { COMMIT_VIEW, MIGRATIONS } from "./schema.ts";

let database: DatabaseSync;
/** What the store waits for before its statement is answered. */
let answer: Promise<void>;
const db = {
	execute: async <Row>(sql: string, ...args: unknown[]) => {
		const rows = database.prepare(sql).all(...(args as SQLInputValue[])) as Row[];
		await answer;
		return rows;
	},
} as RawAccess;
beforeEach(() => {
	answer = Promise.resolve();
	database = new DatabaseSync(":memory:");
	for (const statements of [...MIGRATIONS, ...COMMIT_VIEW]) database.exec(statements);
});

const commitOf = (id: string, from: number, text: string): RoomChange => ({
	...{ id, from, extras: [], counters: { seq: from + 1, version: from + 1, floorSeq: 1 } },
	rows: [{ kind: "message", id: from + 1, version: from + 1, sender: "ada", text, timestamp: 1, reactions: [] }],
});
const texts = () => database.prepare("SELECT seq, text FROM messages ORDER BY seq").all();

test("the last commit is known by its name, and none is written over what was made meanwhile", async () => {
	const store = new RoomStore(
		() => db,
		10,
		async () => undefined,
	);
	expect(await store.counters()).toEqual({ seq: 0, version: 0, floorSeq: 1, commitId: null });
	await store.commit(commitOf("first", 0, "one"));
	await expect(store.commit(commitOf("late", 0, "over it"))).rejects.toThrow("the room has moved on");
	expect(texts()).toEqual([{ seq: 1, text: "one" }]);
	expect(await store.counters()).toMatchObject({ version: 1, commitId: "first" });
});

test("a commit whose alarm could not be set fails, but not before its statement was answered", async () => {
	const { promise, resolve } = Promise.withResolvers<void>();
	const store = new RoomStore(
		() => db,
		10,
		() => Promise.reject(new Error("no alarm")),
	);
	answer = promise;
	let isOver = false;
	const failing = store.commit(commitOf("first", 0, "one")).finally(() => {
		isOver = true;
	});
	failing.catch(() => undefined); // expected below
	await new Promise(setImmediate);
	expect(isOver).toBe(false);
	resolve();
	await expect(failing).rejects.toThrow("no alarm");
	expect(await store.counters()).toMatchObject({ commitId: "first" });
});
