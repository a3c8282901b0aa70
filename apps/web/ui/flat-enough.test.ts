import { expect, test } from "vitest";
import { remarkFlatEnough } from "./flat-enough.ts";

const nested = (depth: number) => {
	let node: { type: string; children: { type: string }[] } = { type: "blockquote", children: [] };
	for (let level = 0; level < depth; level++) node = { type: "blockquote", children: [node] };
	return node;
};

test("markup that people write stays, what nests without end becomes a paragraph of its text", () => {
	const usual = nested(20);
	remarkFlatEnough()(usual, "> text");
	expect(usual).toEqual(nested(20));
	const endless = nested(100_000);
	remarkFlatEnough()(endless, "> > text");
	expect(endless.children).toEqual([{ type: "paragraph", children: [{ type: "text", value: "> > text" }] }]);
});
