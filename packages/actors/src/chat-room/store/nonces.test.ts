import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { beforeEach, expect, test } from "vitest";
import { findSends, type Send, sendKey } from "./nonces.ts";
import { COMMIT_VIEW, MIGRATIONS } from "./schema.ts";

/** How many migrations a room had before nonces were kept by time. */
const BEFORE = 5;

let database: DatabaseSync;
const db = {
	execute: async <Row>(sql: string, ...args: unknown[]) =>
		database.prepare(sql).all(...(args as SQLInputValue[])) as Row[],
};
beforeEach(() => {
	database = new DatabaseSync(":memory:");
	for (const migration of MIGRATIONS.slice(0, BEFORE)) database.exec(migration);
	database.exec("INSERT INTO sends VALUES ('ada', 'old', 7, 'hash of old', 70)");
	for (const migration of MIGRATIONS.slice(BEFORE)) database.exec(migration);
	for (const statement of COMMIT_VIEW) database.exec(statement);
});

const OLD: Send = { kind: "send", author: "ada", nonce: "old", seq: 7, textHash: "hash of old", timestamp: 70 };
const commit = (...sends: readonly [string, string, number][]): void => {
	const body = {
		seq: 9,
		version: 9,
		floorSeq: 1,
		hash: "0",
		lastAt: 0,
		noteVersion: 0,
		sends: sends.map(([author, nonce, seq]) => [author, nonce, seq, "h", 1]),
	};
	database.prepare("INSERT INTO commits (body) VALUES (?)").run(JSON.stringify(body));
};
const seqs = (): unknown[] => database.prepare("SELECT seq FROM nonces ORDER BY seq").all();

test("[MSG8] a nonce from before the nonces moved is found, and cannot be used again", async () => {
	expect(await findSends(db, [sendKey("ada", "old"), sendKey("bob", "old")])).toEqual(
		new Map([[sendKey("ada", "old"), OLD]]),
	);
	expect(() => commit(["bob", "new", 8], ["ada", "old", 9])).toThrow("a nonce was used before");
	expect(seqs()).toEqual([]);
});

test("[MSG8] a nonce is used once by each author, and what was kept is found", async () => {
	commit(["bob", "old", 8], ["ada", "new", 9]);
	expect(() => commit(["ada", "new", 10])).toThrow(/UNIQUE/);
	expect(seqs()).toEqual([{ seq: 8 }, { seq: 9 }]);
	const found = await findSends(db, [sendKey("ada", "new"), sendKey("ada", "old"), sendKey("bob", "new")]);
	expect([...found.values()].map(({ author, nonce, seq }) => [author, nonce, seq])).toEqual([
		["ada", "new", 9],
		["ada", "old", 7],
	]);
});
