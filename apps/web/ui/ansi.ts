import { LINE_CHARS_MAX, shortLine, visibleText } from "./visible-text.ts";

/** A run of terminal text in one style. Colours are CSS colours. */
export interface AnsiSpan {
	text: string;
	colour?: string;
	background?: string;
	isBold?: boolean;
	isDim?: boolean;
	isItalic?: boolean;
	isUnderlined?: boolean;
	isStruck?: boolean;
}
type Style = Omit<AnsiSpan, "text">;

const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;

// CSI … final byte; OSC, DCS, SOS, PM and APC strings up to BEL or ST; any other two-byte escape (ECMA-48, 5th edition).
const ESCAPES =
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are the subject.
	/\u001b\[([0-?]*)[ -/]*([@-~])|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\|$)|\u001b[ -/]*[0-~]?|[\u0000-\u0008\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f\u009b]/g;

/** A line whose every letter has a colour of its own is no longer worth them. */
const RUNS_MAX = 200;

/**
 * Terminal output as lines of styled text. Colours and weights (SGR) are kept; every other escape and control
 * character is dropped, and a carriage return starts its line again, as progress bars mean it.
 */
export function parseAnsi(output: string): AnsiSpan[][] {
	const lines: AnsiSpan[][] = [];
	let style: Style = {};
	for (const raw of output.replaceAll("\r\n", "\n").split("\n")) {
		const line: AnsiSpan[] = [];
		let at = 0;
		const text = shortLine(latest(raw));
		for (const match of text.matchAll(ESCAPES)) {
			write(line, text.slice(at, match.index), style);
			at = match.index + match[0].length;
			if (match[2] === "m" && line.length < RUNS_MAX) style = restyled(style, match[1] ?? "");
		}
		write(line, text.slice(at), style);
		lines.push(line);
	}
	if (lines.at(-1)?.length === 0) lines.pop();
	return lines;
}

/** Of a giant line that was begun again and again only its last state. */
function latest(line: string): string {
	return line.length <= LINE_CHARS_MAX ? line : line.slice(line.lastIndexOf("\r", line.length - 2) + 1);
}

function write(line: AnsiSpan[], text: string, style: Style): void {
	const start = text.lastIndexOf("\r");
	if (start >= 0 && start < text.length - 1) line.length = 0;
	const visible = text.slice(start < text.length - 1 ? start + 1 : 0).replaceAll("\r", "");
	if (visible) line.push({ text: visibleText(visible), ...style });
}

function restyled(before: Style, parameters: string): Style {
	const codes = parameters.split(/[;:]/).map(Number);
	let style: Style = { ...before };
	for (let index = 0; index < codes.length; index++) {
		const code = codes[index] ?? 0;
		if (code === 38 || code === 48) {
			const { colour, used } = extended(codes.slice(index + 1));
			if (colour) style = code === 38 ? { ...style, colour } : { ...style, background: colour };
			index += used;
		} else style = changed(style, code);
	}
	return style;
}

function changed(style: Style, code: number): Style {
	if (code === 0) return {};
	if (code === 1) return { ...style, isBold: true };
	if (code === 2) return { ...style, isDim: true };
	if (code === 3) return { ...style, isItalic: true };
	if (code === 4) return { ...style, isUnderlined: true };
	if (code === 9) return { ...style, isStruck: true };
	if (code === 22) return without(style, "isBold", "isDim");
	if (code === 23) return without(style, "isItalic");
	if (code === 24) return without(style, "isUnderlined");
	if (code === 29) return without(style, "isStruck");
	if (code === 39) return without(style, "colour");
	if (code === 49) return without(style, "background");
	if (code >= 30 && code <= 37) return { ...style, colour: named(code - 30) };
	if (code >= 40 && code <= 47) return { ...style, background: named(code - 40) };
	if (code >= 90 && code <= 97) return { ...style, colour: named(code - 82) };
	if (code >= 100 && code <= 107) return { ...style, background: named(code - 92) };
	return style;
}

function without(style: Style, ...keys: (keyof Style)[]): Style {
	const rest = { ...style };
	for (const key of keys) delete rest[key];
	return rest;
}

/** One of the sixteen colours of the theme: 0–7 plain, 8–15 bright. */
function named(index: number): string {
	return `var(--ansi-${index > 7 ? "bright-" : ""}${NAMES[index % 8] ?? "white"})`;
}

/** What follows 38 or 48: `5;n` (xterm's 256 colours) or `2;r;g;b`. `used` counts the codes read. */
function extended(codes: number[]): { colour?: string; used: number } {
	const [kind, a = 0, b = 0, c = 0] = codes;
	if (kind === 2) return { colour: rgb(a, b, c), used: 4 };
	if (kind !== 5) return { used: codes.length };
	if (a < 16) return { colour: named(a), used: 2 };
	if (a >= 232) return { colour: rgb(8 + (a - 232) * 10, 8 + (a - 232) * 10, 8 + (a - 232) * 10), used: 2 };
	const level = (n: number) => (n === 0 ? 0 : 55 + n * 40);
	const cube = a - 16;
	return { colour: rgb(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)), used: 2 };
}

function rgb(...channels: number[]): string {
	return `rgb(${channels.map((n) => Math.min(255, Math.max(0, Math.trunc(n) || 0))).join(" ")})`;
}
