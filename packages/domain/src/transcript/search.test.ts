import { expect, test } from "vitest";
import { LIMITS } from "../limits.ts";
import type { ItemBody, ItemRow } from "./item.ts";
import { cleanQuery, hitOf, TranscriptHit } from "./search.ts";

const item = (body: ItemBody): ItemRow => ({ kind: "item", id: 7, version: 1, turnId: "t1", at: 5, body });
const said = (text: string) => item({ type: "text", text, isSealed: false });

test("[TR32] words are found whatever their case, with what stands around them", () => {
	const hit = hitOf(said(`${"a ".repeat(100)}The Needle is here`), "needle")!;
	expect(TranscriptHit.parse(hit)).toMatchObject({ itemId: 7, type: "text", at: 5 });
	expect(hit.snippet.slice(hit.start, hit.start + hit.length)).toBe("Needle");
	expect(hit.snippet.length).toBeLessThan(200);
	expect(hitOf(said("Straße, ÄPFEL und 日本語"), "äpfel")).toMatchObject({ length: 5 });
	expect(hitOf(said("日本語のテキスト"), "本語")).toMatchObject({ start: 1 });
});

test("[TR32] a query is words, not a pattern", () => {
	expect(hitOf(said("a.c"), "a.c")).not.toBeNull();
	expect(hitOf(said("abc"), "a.c")).toBeNull();
	for (const query of ["(", "[", "\\", "a{9}", "$^", "*", "?", "|", "/", ")", "-", "]"]) {
		expect(hitOf(said(`x${query}y`), query)).toMatchObject({ length: query.length });
	}
});

test("[TR32] a snippet cuts no character in half", () => {
	const hit = hitOf(said(`${"😀".repeat(100)}needle${"😀".repeat(100)}`), "needle")!;
	expect(hit.snippet.isWellFormed()).toBe(true);
	expect(hitOf(said(`x${"😀".repeat(100)}needle!${"😀".repeat(100)}`), "needle")!.snippet.isWellFormed()).toBe(true);
});

test("[TR32] what a reader sees is searched, of calls and plans too; field names are not", () => {
	const tool = item({
		type: "tool",
		toolCallId: "call-1",
		title: "Write cents.js",
		toolKind: "edit",
		status: "completed",
		paths: ["src/cents.js"],
		content: [{ type: "diff", path: "src/cents.js", oldText: null, newText: "export const toCents" }],
	});
	expect(hitOf(tool, "tocents")).not.toBeNull();
	expect(hitOf(tool, "src/cents")).not.toBeNull();
	expect(hitOf(tool, "toolKind")).toBeNull();
	expect(hitOf(item({ type: "usage", tokens: { input: 1, output: 1 } }), "tokens")).toBeNull();
});

test("[TR32] a query has something to see and an end", () => {
	expect(cleanQuery("  a  ", LIMITS)).toBe("a");
	expect(() => cleanQuery("  ", LIMITS)).toThrow(expect.objectContaining({ code: "text_empty" }));
	expect(() => cleanQuery("a".repeat(201), LIMITS)).toThrow(expect.objectContaining({ code: "text_too_long" }));
});
