/** A stretch of a text, `to` excluded, in UTF-16 units. */
export interface Stretch {
	readonly from: number;
	readonly to: number;
}

interface Line extends Stretch {
	readonly raw: string;
	/** Without the quotes and list markers that it stands behind. */
	readonly text: string;
	/** How many block quotes it stands in. */
	readonly quotes: number;
	readonly isItem: boolean;
}
interface Fence {
	readonly mark: string;
	readonly quotes: number;
}

/** Quotes and list markers that a line may stand behind. */
const CONTAINER = /^(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t])))*[ \t]*/;
const FENCE = /^(?:(`{3,})[^`]*|(~{3,}).*)$/;
const CLOSING = /^[ \t>]*(`{3,}|~{3,})[ \t]*$/;

/**
 * What markdown reads as code in a text: fenced blocks (CommonMark 0.31, 4.5) and spans between equal runs of backticks
 * (6.1), in the order of the text. Blocks that are only indented are not looked for. Takes time linear in the text.
 */
export function codeIn(text: string): Stretch[] {
	const code: Stretch[] = [];
	let fence: (Fence & { readonly from: number }) | null = null;
	let lines: Line[] = []; // of the paragraph that is being read
	const endParagraph = (): void => {
		code.push(...spansIn(text, { from: lines[0]?.from ?? 0, to: lines.at(-1)?.to ?? 0 }));
		lines = [];
	};
	for (const line of linesOf(text)) {
		if (fence !== null && line.quotes < fence.quotes) {
			code.push({ from: fence.from, to: line.from });
			fence = null;
		}
		if (fence !== null) {
			if (!closes(line, fence)) continue;
			code.push({ from: fence.from, to: line.to });
			fence = null;
			continue;
		}
		const opened = openedBy(line);
		if (opened !== null || line.text === "" || line.isItem || line.quotes > (lines.at(-1)?.quotes ?? 0)) endParagraph();
		if (opened !== null) fence = { ...opened, from: line.from };
		else if (line.text !== "") lines.push(line);
	}
	endParagraph();
	if (fence !== null) code.push({ from: fence.from, to: text.length });
	return code;
}

function* linesOf(text: string): Generator<Line> {
	for (let from = 0; from <= text.length; ) {
		const end = text.indexOf("\n", from);
		const to = end < 0 ? text.length : end;
		const raw = text.slice(from, to);
		const container = CONTAINER.exec(raw)?.[0] ?? "";
		const quotes = container.split(">").length - 1;
		yield { from, to, raw, text: raw.slice(container.length), quotes, isItem: /[^ \t>]/.test(container) };
		from = to + 1;
	}
}

function openedBy({ text, quotes }: Line): Fence | null {
	const match = FENCE.exec(text);
	const mark = match?.[1] ?? match?.[2];
	return mark === undefined ? null : { mark, quotes };
}

const closes = ({ raw }: Line, { mark }: Fence): boolean => CLOSING.exec(raw)?.[1]?.startsWith(mark) === true;

/** Spans of code in one paragraph: from a run of backticks to the next run of the same length. */
function spansIn(text: string, { from, to }: Stretch): Stretch[] {
	const runs = [...text.slice(from, to).matchAll(/`+/g)].map(({ 0: run, index }) => ({
		at: from + index,
		length: run.length,
	}));
	const byLength = Map.groupBy(runs, ({ length }) => length);
	const passed = new Map<number, number>();
	/** The first run of this length after `at`. Asked for ever later places, it never looks at a run twice. */
	const nextRun = (length: number, at: number): number | undefined => {
		const same = byLength.get(length) ?? [];
		let index = passed.get(length) ?? 0;
		while ((same[index]?.at ?? Number.POSITIVE_INFINITY) <= at) index++;
		passed.set(length, index);
		return same[index]?.at;
	};
	const spans: Stretch[] = [];
	let end = from;
	for (const { at, length } of runs) {
		if (at < end) continue;
		const escaped = isEscaped(text, at, end) ? 1 : 0;
		const closing = length === escaped ? undefined : nextRun(length - escaped, at);
		if (closing === undefined) continue;
		end = closing + length - escaped;
		spans.push({ from: at + escaped, to: end });
	}
	return spans;
}

/** Whether an odd number of backslashes stands before this place, none of them before `from`. */
function isEscaped(text: string, at: number, from: number): boolean {
	let start = at;
	while (start > from && text[start - 1] === "\\") start--;
	return (at - start) % 2 === 1;
}
