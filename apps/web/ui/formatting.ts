/** A text with a part of it selected. */
export interface Selected {
	readonly text: string;
	readonly from: number;
	readonly to: number;
}
/** What to put in place of a part of the text, and what is selected then. */
export interface Replacement extends Selected {
	readonly selectFrom: number;
	readonly selectTo: number;
}

interface Keys {
	readonly key: string;
	readonly ctrlKey: boolean;
	readonly metaKey: boolean;
	readonly shiftKey: boolean;
	readonly altKey: boolean;
}

const MARKS: Readonly<Record<string, string>> = { b: "**", i: "_", e: "`", "shift+x": "~~" };

/** The mark that this key puts around words: bold, italic, code, struck through. */
export function markFor({ key, ctrlKey, metaKey, shiftKey, altKey }: Keys): string | null {
	if (ctrlKey === metaKey || altKey) return null;
	const name = `${shiftKey ? "shift+" : ""}${key.toLowerCase()}`;
	return Object.hasOwn(MARKS, name) ? (MARKS[name] ?? null) : null;
}

/** Puts a mark around the selected words, or takes it away from around them. */
export function marked({ text, from, to }: Selected, mark: string): Replacement {
	const words = text.slice(from, to);
	const { length } = mark;
	if (text.slice(from - length, from) === mark && text.slice(to, to + length) === mark) {
		return { text: words, from: from - length, to: to + length, selectFrom: from - length, selectTo: to - length };
	}
	return { text: mark + words + mark, from, to, selectFrom: from + length, selectTo: to + length };
}

/** Code from an editor as a fenced block, or null where it is not several lines or stands in code already. */
export function pastedCode({ text, from }: Selected, pasted: string, language: string): string | null {
	const code = pasted.replaceAll("\r\n", "\n").replace(/\n+$/, "");
	if (!code.includes("\n") || isInFence(text.slice(0, from))) return null;
	const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([run]) => run.length));
	const fence = "`".repeat(longest + 1);
	const isLineStart = from === 0 || text[from - 1] === "\n";
	return `${isLineStart ? "" : "\n"}${fence}${language}\n${code}\n${fence}\n`;
}

const isInFence = (before: string): boolean => [...before.matchAll(/^ {0,3}(?:`{3,}|~{3,})/gm)].length % 2 === 1;
