import { expect, test } from "vitest";
import { findPaths, hasMention, mentionAt, mentionedPaths, mentionOf } from "./find-paths.ts";

const PATHS = [
	"README.md",
	"docs/reading.md",
	"packages/actors/src/workspace/queue.ts",
	"packages/actors/src/workspace/queue.test.ts",
	"packages/domain/src/prompt-rules.ts",
	"packages/domain/src/text.ts",
	"my notes.txt",
];

test.each([
	["queue", ["packages/actors/src/workspace/queue.ts", "packages/actors/src/workspace/queue.test.ts"]],
	["QUEUE.TEST", ["packages/actors/src/workspace/queue.test.ts"]],
	["read", ["README.md", "docs/reading.md"]],
	["prul", ["packages/domain/src/prompt-rules.ts"]],
	["domain/text", ["packages/domain/src/text.ts"]],
	["my notes", ["my notes.txt"]],
	["zzz", []],
])("[ATT5] %j finds its characters in their order, the best first", (query, found) => {
	expect(findPaths(PATHS, query, 2).slice(0, found.length || 2)).toEqual(found);
});

test("[ATT5] nothing asked is the shortest paths; no more than wanted; 20,000 paths take a moment", () => {
	expect(findPaths(PATHS, "", 2)).toEqual(["README.md", "my notes.txt"]);
	const many = Array.from({ length: 20_000 }, (_, i) => `packages/part-${i % 50}/src/folder-${i % 7}/file-${i}.ts`);
	const startedAt = performance.now();
	expect(findPaths(many, "p3sf19999", 12)).toEqual([]);
	expect(findPaths(many, "file-19999", 12)).toEqual(["packages/part-49/src/folder-0/file-19999.ts"]);
	expect(performance.now() - startedAt).toBeLessThan(2_000);
});

test.each([
	["look at @src/ma", 15, { from: 8, query: "src/ma" }],
	["@", 1, { from: 0, query: "" }],
	["(@a", 3, { from: 1, query: "a" }],
	["mail ada@example.org", 20, undefined],
	["@one two", 8, undefined],
	["@one two", 4, { from: 0, query: "one" }],
])("[ATT6] in %j at %d somebody writes %j", (text, caret, mention) => {
	expect(mentionAt(text, caret)).toEqual(mention);
});

test("[ATT6] what is written is read again: a path with a space too, a dot behind one is no part of it", () => {
	const paths = new Set(PATHS);
	const text = `See ${mentionOf("README.md")}, ${mentionOf("my notes.txt")} and (@docs/reading.md). Not ada@README.md.`;
	expect(text).toContain('@"my notes.txt"');
	expect(mentionedPaths(text, paths, 20)).toEqual(["README.md", "my notes.txt", "docs/reading.md"]);
	expect(mentionedPaths("@README.md @README.md @gone.md @text", paths, 20)).toEqual(["README.md"]);
	expect(mentionedPaths(text, paths, 1)).toEqual(["README.md"]);
	expect([hasMention("@a"), hasMention("a@b"), hasMention("")]).toEqual([true, false, false]);
});
