import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { beforeEach, expect, test } from "vitest";
import { exchanges } from "./exchanges.ts";

let database: DatabaseSync;
const db = {
	execute: async (sql: string, ...args: unknown[]) => database.prepare(sql).all(...(args as SQLInputValue[])),
};
let id = 0;
beforeEach(() => {
	id = 0;
	database = new DatabaseSync(":memory:");
	database.exec("CREATE TABLE items (id INTEGER PRIMARY KEY, turn_id TEXT, body TEXT)");
	database.exec("CREATE TABLE turns (id TEXT PRIMARY KEY, status TEXT)");
});

function turn(turnId: string, status: string, ...bodies: object[]): void {
	database.prepare("INSERT INTO turns VALUES (?, ?)").run(turnId, status);
	for (const body of bodies)
		database.prepare("INSERT INTO items VALUES (?, ?, ?)").run(++id, turnId, JSON.stringify(body));
}

test("each turn that has ended is one exchange, its segments joined and its tools left out", async () => {
	turn(
		"t-1",
		"done",
		{ type: "user", text: "first" },
		{ type: "text", text: "one, " },
		{ type: "tool" },
		{ type: "text", text: "two" },
	);
	turn("t-2", "interrupted", { type: "user", text: "second" });
	turn("t-3", "running", { type: "user", text: "asked just now" });
	expect(await exchanges(db)).toEqual([
		{ asked: "first", answered: "one, two" },
		{ asked: "second", answered: "" },
	]);
});

test("of a long workspace the first and the newest are read", async () => {
	for (let i = 0; i < 2_000; i++)
		turn(`t-${i}`, "done", { type: "user", text: `ask ${i}` }, { type: "text", text: `answer ${i}` });
	const found = await exchanges(db);
	expect(found.length).toBeLessThan(400);
	expect(found[0]).toEqual({ asked: "ask 0", answered: "answer 0" });
	expect(found.at(-1)).toEqual({ asked: "ask 1999", answered: "answer 1999" });
});
