import { expect, test } from "vitest";
import { marked, markFor, pastedCode } from "./formatting.ts";

const keys = (key: string, more: object = {}) => ({
	key,
	ctrlKey: true,
	metaKey: false,
	shiftKey: false,
	altKey: false,
	...more,
});

test("a key with Ctrl or Cmd marks words; any other key is left alone", () => {
	expect(markFor(keys("b"))).toBe("**");
	expect(markFor(keys("I", { ctrlKey: false, metaKey: true }))).toBe("_");
	expect(markFor(keys("X", { shiftKey: true }))).toBe("~~");
	for (const other of [keys("x"), keys("b", { altKey: true }), keys("b", { ctrlKey: false }), keys("constructor")]) {
		expect(markFor(other)).toBeNull();
	}
});

test("marking twice is not marking", () => {
	const once = marked({ text: "a word", from: 2, to: 6 }, "**");
	expect(once).toEqual({ text: "**word**", from: 2, to: 6, selectFrom: 4, selectTo: 8 });
	expect(marked({ text: "a **word**", from: 4, to: 8 }, "**")).toEqual({
		text: "word",
		from: 2,
		to: 10,
		selectFrom: 2,
		selectTo: 6,
	});
});

test("several lines from an editor become a block of code, unless they are pasted into one", () => {
	const at = (text: string) => ({ text, from: text.length, to: text.length });
	expect(pastedCode(at(""), "a\r\n\tb\n", "ts")).toBe("```ts\na\n\tb\n```\n");
	expect(pastedCode(at("see:"), "a\n```\nb", "")).toBe("\n````\na\n```\nb\n````\n");
	expect(pastedCode(at("```\n"), "a\nb", "")).toBeNull();
	expect(pastedCode(at(""), "one line\n", "ts")).toBeNull();
});
