/** One line of a unified diff. Line numbers start at 1 and are absent on the side that lacks the line. */
export interface DiffLine {
	type: "same" | "added" | "removed";
	text: string;
	before?: number;
	after?: number;
}
/** Neighbouring changes with the lines around them. `skipped`: unchanged lines hidden before it. */
export interface DiffHunk {
	skipped: number;
	lines: DiffLine[];
}
export interface Diff {
	hunks: DiffHunk[];
	added: number;
	removed: number;
}

const CONTEXT_LINES = 3;
/** Beyond this many changed lines the middle is shown as removed, then added: the search grows with the square. */
const EDITS_MAX = 400;

/** What changed between two texts, by lines (Myers 1986, "An O(ND) Difference Algorithm"). */
export function diffLines(oldText: string, newText: string): Diff {
	const before = linesOf(oldText);
	const after = linesOf(newText);
	let start = 0;
	while (start < before.length && start < after.length && before[start] === after[start]) start++;
	let end = 0;
	while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end)) end++;
	const edits = [
		...before.slice(0, start).map((text) => ({ type: "same", text }) as const),
		...changesBetween(before.slice(start, before.length - end), after.slice(start, after.length - end)),
		...before.slice(before.length - end).map((text) => ({ type: "same", text }) as const),
	];
	const lines = numbered(edits);
	return {
		hunks: hunksOf(lines),
		added: lines.filter((line) => line.type === "added").length,
		removed: lines.filter((line) => line.type === "removed").length,
	};
}

type Edit = Pick<DiffLine, "type" | "text">;

function linesOf(text: string): string[] {
	if (text === "") return [];
	const lines = text.replaceAll("\r\n", "\n").split("\n");
	if (lines.at(-1) === "") lines.pop();
	return lines;
}

function changesBetween(before: string[], after: string[]): Edit[] {
	const trace = before.length > 0 && after.length > 0 ? searchTrace(before, after) : null;
	return trace ? editsOf(trace, before, after) : replaced(before, after);
}

function replaced(before: string[], after: string[]): Edit[] {
	return [
		...before.map((text) => ({ type: "removed", text }) as const),
		...after.map((text) => ({ type: "added", text }) as const),
	];
}

/** For each number of edits, how far each diagonal reaches; null when more than `EDITS_MAX` are needed. */
function searchTrace(before: string[], after: string[]): Map<number, number>[] | null {
	const reach = new Map<number, number>([[1, 0]]);
	const trace: Map<number, number>[] = [];
	for (let edits = 0; edits <= Math.min(before.length + after.length, EDITS_MAX); edits++) {
		trace.push(new Map(reach));
		for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
			let x = stepsDown(reach, diagonal, edits) ? (reach.get(diagonal + 1) ?? 0) : (reach.get(diagonal - 1) ?? 0) + 1;
			while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x++;
			reach.set(diagonal, x);
			if (x >= before.length && x - diagonal >= after.length) return trace;
		}
	}
	return null;
}

function stepsDown(reach: Map<number, number>, diagonal: number, edits: number): boolean {
	if (diagonal === -edits) return true;
	return diagonal !== edits && (reach.get(diagonal - 1) ?? -1) < (reach.get(diagonal + 1) ?? -1);
}

function editsOf(trace: Map<number, number>[], before: string[], after: string[]): Edit[] {
	const edits: Edit[] = [];
	let x = before.length;
	let y = after.length;
	for (let count = trace.length - 1; count >= 0; count--) {
		const reach = trace[count] ?? new Map<number, number>();
		const diagonal = x - y;
		const isDown = stepsDown(reach, diagonal, count);
		const fromX = reach.get(isDown ? diagonal + 1 : diagonal - 1) ?? 0;
		const fromY = fromX - (isDown ? diagonal + 1 : diagonal - 1);
		while (x > Math.max(fromX, 0) && y > Math.max(fromY, 0)) {
			edits.push({ type: "same", text: before[x - 1] ?? "" });
			x--;
			y--;
		}
		if (count === 0) break;
		if (isDown) edits.push({ type: "added", text: after[y - 1] ?? "" });
		else edits.push({ type: "removed", text: before[x - 1] ?? "" });
		x = fromX;
		y = fromY;
	}
	return edits.reverse();
}

function numbered(edits: Edit[]): DiffLine[] {
	let before = 0;
	let after = 0;
	return edits.map(({ type, text }) => {
		if (type !== "added") before++;
		if (type !== "removed") after++;
		if (type === "added") return { type, text, after };
		return type === "removed" ? { type, text, before } : { type, text, before, after };
	});
}

function hunksOf(lines: DiffLine[]): DiffHunk[] {
	const hunks: DiffHunk[] = [];
	let shownTo = 0;
	lines.forEach((line, index) => {
		if (line.type === "same") return;
		const from = Math.max(shownTo, index - CONTEXT_LINES);
		const to = Math.min(lines.length, index + CONTEXT_LINES + 1);
		const last = hunks.at(-1);
		if (last && from === shownTo) last.lines.push(...lines.slice(from, to));
		else hunks.push({ skipped: from - shownTo, lines: lines.slice(from, to) });
		shownTo = Math.max(shownTo, to);
	});
	return hunks;
}

/** What stands beside each other: an unchanged line with itself, removed lines with those added in their place. */
export interface LinePair {
	before?: DiffLine;
	after?: DiffLine;
}

export function sideBySide(lines: readonly DiffLine[]): LinePair[] {
	const pairs: LinePair[] = [];
	let removed: DiffLine[] = [];
	let added: DiffLine[] = [];
	const flush = () => {
		for (let index = 0; index < Math.max(removed.length, added.length); index++) {
			const [before, after] = [removed[index], added[index]];
			pairs.push({ ...(before && { before }), ...(after && { after }) });
		}
		removed = [];
		added = [];
	};
	for (const line of lines) {
		if (line.type === "removed") {
			if (added.length > 0) flush();
			removed.push(line);
		} else if (line.type === "added") added.push(line);
		else {
			flush();
			pairs.push({ before: line, after: line });
		}
	}
	flush();
	return pairs;
}

/** The first lines of a large diff, and how many are left out. */
export function firstLines(hunks: readonly DiffHunk[], linesMax: number): { hunks: DiffHunk[]; hidden: number } {
	let left = linesMax;
	let hidden = 0;
	const shown: DiffHunk[] = [];
	for (const hunk of hunks) {
		const lines = hunk.lines.slice(0, Math.max(0, left));
		left -= lines.length;
		hidden += hunk.lines.length - lines.length;
		if (lines.length > 0) shown.push({ ...hunk, lines });
	}
	return { hunks: shown, hidden };
}
