import { expect, test } from "vitest";
import { markedPieces } from "./marked.ts";

const drawn = (snippet: string, ...ranges: [start: number, length: number][]) =>
	markedPieces({ snippet, ranges: ranges.map(([start, length]) => ({ start, length })) }, () => "Ada")
		.map(({ text, isMarked }) => (isMarked ? `[${text}]` : text))
		.join("");

test("what was looked for is marked where the ranges say", () => {
	expect(drawn("the tea is tea", [4, 3], [11, 3])).toBe("the [tea] is [tea]");
	expect(drawn("tea", [0, 3])).toBe("[tea]");
	expect(drawn("tea")).toBe("tea");
	expect(drawn("<b>tea</b>", [3, 3])).toBe("<b>[tea]</b>");
});

test("mentions are names, never ids, and keep the places of what follows", () => {
	expect(drawn("hi <@u-ada> tea", [12, 3])).toBe("hi @Ada [tea]");
	expect(drawn("hi <@u-ada> x", [3, 8])).toBe("hi [@Ada] x");
	expect(drawn("tea <@here>", [0, 7])).toBe("[tea ][@here]");
});
