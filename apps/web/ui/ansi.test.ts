import { expect, test } from "vitest";
import { parseAnsi } from "./ansi.ts";

const ESC = "\u001b";

test("colours and weights become spans, and reset ends them", () => {
	expect(parseAnsi(`${ESC}[1;32mok${ESC}[0m done`)).toEqual([
		[{ text: "ok", isBold: true, colour: "var(--ansi-green)" }, { text: " done" }],
	]);
});

test("a style lasts across lines until it is changed", () => {
	expect(parseAnsi(`${ESC}[31ma\nb${ESC}[39mc`)).toEqual([
		[{ text: "a", colour: "var(--ansi-red)" }],
		[{ text: "b", colour: "var(--ansi-red)" }, { text: "c" }],
	]);
});

test("bright, indexed and direct colours are understood", () => {
	expect(parseAnsi(`${ESC}[91ma${ESC}[38;5;196mb${ESC}[38;2;1;2;3mc${ESC}[48;5;9md`)[0]).toEqual([
		{ text: "a", colour: "var(--ansi-bright-red)" },
		{ text: "b", colour: "rgb(255 0 0)" },
		{ text: "c", colour: "rgb(1 2 3)" },
		{ text: "d", colour: "rgb(1 2 3)", background: "var(--ansi-bright-red)" },
	]);
});

test("titles, links, cursor moves, bells and unfinished escapes leave nothing behind", () => {
	const hostile = `${ESC}]0;owned\u0007a${ESC}[2Jb${ESC}]8;;http://x${ESC}\\c${ESC}[5;5Hd\u0007e${ESC}(Bf\u0000g${ESC}`;
	expect(parseAnsi(hostile)).toEqual(["abcdefg".split("").map((text) => ({ text }))]);
});

test("a carriage return starts the line again", () => {
	expect(parseAnsi("10%\r50%\r100%\ndone\r\n")).toEqual([[{ text: "100%" }], [{ text: "done" }]]);
});

test("nonsense parameters change nothing", () => {
	expect(parseAnsi(`${ESC}[999;38;9;1ma`)).toEqual([[{ text: "a" }]]);
});

test("what would reorder a command is spelled out, and giants in length or in colours stay cheap", () => {
	expect(parseAnsi("a\u202eb")).toEqual([[{ text: "a⟨U+202E⟩b" }]]);
	expect(parseAnsi("x".repeat(5_000_000))[0]?.[0]?.text.length).toBeLessThan(2_100);
	expect(parseAnsi(`${"50%\r".repeat(100_000)}100%`)).toEqual([[{ text: "100%" }]]);
	const rainbow = Array.from({ length: 1_000 }, (_, index) => `${ESC}[3${index % 8}mx`).join("");
	expect(parseAnsi(rainbow)[0]?.length).toBeLessThan(500);
});
