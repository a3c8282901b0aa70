import { expect, test } from "vitest";
import { markdownBlocks } from "./markdown-blocks.ts";

test("paragraphs are blocks, and nothing is lost between them", () => {
	const text = "One\nstill one\n\n\nTwo\n\nThree";
	expect(markdownBlocks(text)).toEqual(["One\nstill one\n\n\n", "Two\n\n", "Three"]);
	expect(markdownBlocks(text).join("")).toBe(text);
});

test("blank lines in fenced code do not cut it, closed or not", () => {
	const fenced = "```js\na\n\nb\n```\n\nafter";
	expect(markdownBlocks(fenced)).toEqual(["```js\na\n\nb\n```\n\n", "after"]);
	expect(markdownBlocks("~~~\na\n\nb\n```\n\nc")).toHaveLength(1);
});

test("what is indented belongs to the list before it", () => {
	expect(markdownBlocks("- a\n\n  more of a\n\nend")).toEqual(["- a\n\n  more of a\n\n", "end"]);
});

test("no text has no blocks", () => {
	expect(markdownBlocks("")).toEqual([]);
});
