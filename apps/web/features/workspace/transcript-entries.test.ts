import type { ItemBody, ItemRow } from "@bullpen/domain/transcript/item";
import type { PermissionRow, TurnRow } from "@bullpen/domain/workspace";
import { expect, test } from "vitest";
import { entryOf, isSameEntry, transcriptEntries } from "./transcript-entries.ts";

const item = (id: number, body: ItemBody, turnId = "t1"): ItemRow => ({
	kind: "item",
	id,
	version: id,
	turnId,
	at: id,
	body,
});
const words = (id: number, text: string, isSealed = false) => item(id, { type: "text", text, isSealed });
const tool = (id: number, toolCallId: string) =>
	item(id, { type: "tool", toolCallId, title: "x", toolKind: "edit", status: "pending", paths: [], content: [] });
const turn = (status: TurnRow["status"], id = "t1"): [string, TurnRow] => [
	id,
	{ kind: "turn", id, version: 1, promptId: "p1", status, startedAt: 1 },
];
const permission = (id: string, toolCallId?: string): PermissionRow => ({
	kind: "permission",
	id,
	version: 1,
	turnId: "t1",
	...(toolCallId !== undefined && { toolCallId }),
	title: "May I?",
	options: [],
	status: "pending",
	askedAt: 1,
	expiresAt: 2,
});
const drawn = (items: ItemRow[], turns: [string, TurnRow][] = [turn("completed")], permissions: PermissionRow[] = []) =>
	transcriptEntries({ items, turns: new Map(turns), permissions });

test("segments of one answer are one text, whatever was sealed", () => {
	const entries = drawn([words(1, "Hel", true), words(2, "lo", true), words(3, "!")]);
	expect(entries).toMatchObject([{ type: "words", key: "1", text: "Hello!" }]);
});

test("an answer that was not sealed is over, even when more words follow", () => {
	expect(drawn([words(1, "One."), words(2, "Two.")]).map((entry) => entry.key)).toEqual(["1", "2"]);
});

test("only the last words of a running turn stream", () => {
	const items = [words(1, "One."), words(2, "Tw")];
	expect(drawn(items, [turn("running")])).toMatchObject([{ isStreaming: false }, { isStreaming: true }]);
	expect(drawn(items)).toMatchObject([{ isStreaming: false }, { isStreaming: false }]);
});

test("a question stands after the call it is about, or at the end of its turn", () => {
	const entries = drawn(
		[tool(1, "a"), tool(2, "b"), words(3, "Done.")],
		[turn("running")],
		[permission("q1", "a"), permission("q2", "gone"), permission("q3")],
	);
	expect(entries.map((entry) => entry.key)).toEqual(["1", "permission-q1", "2", "3", "permission-q2", "permission-q3"]);
});

test("a turn that was stopped, failed or interrupted says so; a completed one does not", () => {
	expect(drawn([words(1, "a")], [turn("cancelled")]).map((entry) => entry.type)).toEqual(["words", "turn-ended"]);
	expect(drawn([words(1, "a")], [turn("completed")]).map((entry) => entry.type)).toEqual(["words"]);
});

test("calls in a row are one entry, in which a linked item is found", () => {
	const entries = drawn([words(1, "a"), tool(2, "a"), tool(3, "b"), words(4, "b", true), words(5, "c"), tool(6, "c")]);
	expect(entries.map(({ type, key }) => `${type} ${key}`)).toEqual(["words 1", "tools 2", "words 4", "tools 6"]);
	expect(entryOf(entries, 3)?.key).toBe("2");
	expect(entryOf(entries, 5)?.key).toBe("4");
	expect(entryOf(entries, 7)).toBeUndefined();
});

test("what did not change is the same to whoever draws it; a longer answer and another status are not", () => {
	const prompt = item(1, { type: "user", promptId: "p1", userId: "ada", text: "go" });
	const [first, second, other] = [tool(2, "a"), tool(3, "b"), tool(3, "b")];
	const before = drawn([prompt, first, second, words(4, "so")], [turn("running")]);
	const areSame = (items: ItemRow[]) =>
		drawn(items, [turn("running")]).map((entry, index) => {
			const known = before[index];
			return known !== undefined && isSameEntry(known, entry);
		});
	expect(areSame([prompt, first, second, words(4, "so")])).toEqual([true, true, true]);
	expect(areSame([prompt, first, second, words(4, "so far")])).toEqual([true, true, false]);
	expect(areSame([prompt, first, other, words(4, "so")])).toEqual([true, false, true]);
	expect(areSame([prompt, first, words(4, "so")])).toEqual([true, false, true]);
});

test("no row grows without end, and a long run falls into the same ones however much of it is loaded", () => {
	const run = Array.from({ length: 200 }, (_, index) => tool(index + 1, `c${index}`));
	const rowsFrom = (first: number) =>
		drawn(run.slice(first - 1)).map((entry) => (entry.type === "tools" ? entry.tools.length : 0));
	const keysFrom = (first: number) => drawn(run.slice(first - 1)).map(({ key }) => key);
	for (let first = 2; first < 200; first++) {
		expect(Math.max(...rowsFrom(first))).toBeLessThan(45);
		// The first of them may become a part of what comes before it.
		expect(keysFrom(1)).toEqual(expect.arrayContaining(keysFrom(first).slice(1)));
	}
	expect(rowsFrom(187)).toEqual([14]);
});

test("ten thousand items are made ready for drawing in a few milliseconds", () => {
	const items = Array.from({ length: 10_000 }, (_, index) =>
		index % 3 ? words(index + 1, "word") : tool(index + 1, `c${index}`),
	);
	drawn(items);
	const started = performance.now();
	drawn(items);
	expect(performance.now() - started).toBeLessThan(100);
});
