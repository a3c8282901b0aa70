import { LIMITS } from "@bullpen/domain/limits";
import { expect, test } from "vitest";
import { TerminalScreen } from "./terminal-screen.ts";

const size = { cols: 40, rows: 5 };

function screen(limits: Partial<typeof LIMITS> = {}): { screen: TerminalScreen; replies: string[] } {
	const replies: string[] = [];
	return { screen: new TerminalScreen(size, { ...LIMITS, ...limits }, (text) => replies.push(text)), replies };
}

test("[TERM1] whoever comes late is told what is on the screen, and how much of the output that is", async () => {
	const { screen: shown } = screen();
	void shown.draw("\u001b[31mred\u001b[0m\r\nsecond");
	const { at, screen: text } = await shown.view();
	expect(at).toBe("\u001b[31mred\u001b[0m\r\nsecond".length);
	expect(text).toContain("\u001b[31mred");
	expect(text).toContain("second");
});

test("[TERM1] a program that took the whole screen is seen as it is, without what lies below", async () => {
	const { screen: shown } = screen();
	await shown.draw("before\r\n\u001b[?1049h\u001b[2J\u001b[Hfull screen");
	const { screen: text } = await shown.view();
	expect(text).toContain("\u001b[?1049h");
	expect(text).toContain("full screen");
});

test("[TERM1] what is told of the lines above is bounded, however much was printed", async () => {
	const { screen: shown } = screen({ terminalScreenBytesMax: 4_000 });
	let text = "";
	for (let n = 0; n < 3_000; n++) text += `\u001b[38;2;${n % 256};1;2mline ${n}\r\n`;
	await shown.draw(text);
	const view = await shown.view();
	expect(Buffer.byteLength(JSON.stringify(view.screen))).toBeLessThanOrEqual(4_000);
	expect(view.screen).toContain("line 2999");
});

test("[TERM1] a screen of nothing but colours is told as text", async () => {
	const { screen: shown } = screen({ terminalScreenBytesMax: 1_500 });
	let text = "";
	for (let n = 0; n < 200; n++) text += `\u001b[38;2;${n};${n};9mx`;
	await shown.draw(text);
	expect((await shown.view()).screen).toMatch(/^x{40}\r\n/);
});

test("[TERM4] a program that asks its terminal is answered once, and no more than a little at a time", async () => {
	const { screen: shown, replies } = screen();
	await shown.draw("ab\u001b[6n\u001b[c");
	expect(replies).toEqual(["\u001b[1;3R", "\u001b[?1;2c"]);
	await shown.draw("\u001b[c".repeat(10_000));
	expect(replies.join("").length).toBeLessThan(2_000);
});

test("[TERM4] titles, the clipboard and links do nothing", async () => {
	const { screen: shown, replies } = screen();
	await shown.draw("\u001b]0;owned\u0007\u001b]52;c;aGk=\u0007\u001b]8;;https://evil.test\u0007here\u001b]8;;\u0007");
	const { screen: text } = await shown.view();
	expect(text).not.toMatch(/owned|aGk=|evil/);
	expect(text).toContain("here");
	expect(replies).toEqual([]);
});

test("[TERM1] however many ask at once, the screen is told once for all of them", async () => {
	const shown = new TerminalScreen({ cols: 240, rows: 80 }, LIMITS, () => undefined);
	let text = "";
	for (let n = 0; n < 20 * 240; n++) text += `\u001b[38;2;${n % 256};${n % 251};2;48;2;${n % 250};1;1mx`;
	await shown.draw(text);
	const first = await shown.view();
	const views = await Promise.all(Array.from({ length: 100 }, () => shown.view()));
	expect(new Set(views).size).toBe(1);
	expect(views[0]).toEqual(first);
	shown.dispose();
	expect(await shown.view()).toMatchObject({ at: text.length });
});
