import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { LIMITS } from "@bullpen/domain/limits";
import type { RawAccess } from "rivetkit/db";
import { expect, test } from "vitest";
import { DirectoryStore, MIGRATIONS } from "./directory/directory-store.ts";
import { migrations } from "./workspace/migrations.ts";
import { workspaceStore } from "./workspace/store/feed.ts";

/** A database of these tables whose transactions are undone when what they do fails. */
function open(statements: readonly string[]): RawAccess {
	const database = new DatabaseSync(":memory:");
	for (const each of statements) database.exec(each);
	const execute = async <Row>(sql: string, ...args: unknown[]) =>
		database.prepare(sql).all(...(args as SQLInputValue[])) as Row[];
	const transaction = async (work: (tx: { execute: typeof execute }) => Promise<unknown>): Promise<void> => {
		database.exec("BEGIN");
		try {
			await work({ execute });
			database.exec("COMMIT");
		} catch (error) {
			database.exec("ROLLBACK");
			throw error;
		}
	};
	return { execute, transaction } as unknown as RawAccess; // all that the stores use of it
}

const commitOf = (id: string, from: number) => {
	const counters = { seq: 0, version: from + 1, floorSeq: 1 };
	return { id, from, rows: [], extras: [], counters };
};
const directory = () => {
	const db = open(MIGRATIONS);
	return new DirectoryStore(
		() => db,
		10,
		async () => undefined,
	);
};

test.each([
	["the directory's", directory],
	["a workspace's", () => workspaceStore({ db: open(migrations) }, LIMITS, async () => undefined)],
])("%s last commit is known by its name, and none is made on what it was before", async (_whose, make) => {
	const store = make();
	expect(await store.counters()).toMatchObject({ version: 0, commitId: null });
	await store.commit(commitOf("first", 0));
	await expect(store.commit(commitOf("late", 0))).rejects.toThrow("has moved on");
	expect(await store.counters()).toMatchObject({ version: 1, commitId: "first" });
});
