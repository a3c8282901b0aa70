import { expect, test } from "vitest";
import { type DiffLine, diffLines, firstLines, sideBySide } from "./diff-lines.ts";

const signs = { same: " ", added: "+", removed: "-" } as const;
const drawn = (lines: DiffLine[]) => lines.map((line) => `${signs[line.type]}${line.text}`);
const all = (before: string, after: string) => diffLines(before, after).hunks.flatMap((hunk) => hunk.lines);

test("a new file is all additions, a deleted one all removals", () => {
	expect(drawn(all("", "a\nb\n"))).toEqual(["+a", "+b"]);
	expect(drawn(all("a\nb\n", ""))).toEqual(["-a", "-b"]);
});

test("equal texts have no hunks", () => {
	expect(diffLines("a\nb", "a\nb\n")).toEqual({ hunks: [], added: 0, removed: 0 });
});

test("a changed line is removed and added in its place, with numbers of both sides", () => {
	expect(all("a\nb\nc", "a\nx\ny\nc")).toEqual([
		{ type: "same", text: "a", before: 1, after: 1 },
		{ type: "removed", text: "b", before: 2 },
		{ type: "added", text: "x", after: 2 },
		{ type: "added", text: "y", after: 3 },
		{ type: "same", text: "c", before: 3, after: 4 },
	]);
});

test("far-away changes are separate hunks that say how much lies between", () => {
	const before = Array.from({ length: 40 }, (_, n) => `line ${n}`);
	const after = before.map((line, n) => (n === 5 || n === 30 ? `${line}!` : line));
	const { hunks } = diffLines(before.join("\n"), after.join("\n"));
	expect(hunks.map((hunk) => hunk.skipped)).toEqual([2, 18]);
});

test("both sides can be read back from the lines, whatever the change", () => {
	let seed = 42;
	const chance = (n: number) => {
		seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
		return (seed >>> 8) % n;
	};
	for (let round = 0; round < 300; round++) {
		const text = () => Array.from({ length: 1 + chance(7) }, () => "abc"[chance(3)] ?? "a");
		const [before, after] = [text(), text()];
		const { hunks, added, removed } = diffLines(before.join("\n"), after.join("\n"));
		const lines = hunks.flatMap((hunk) => hunk.lines);
		if (lines.length === 0) expect(before).toEqual(after);
		expect(removed - added).toBe(before.length - after.length);
		for (const line of lines) {
			if (line.before) expect(before[line.before - 1]).toBe(line.text);
			if (line.after) expect(after[line.after - 1]).toBe(line.text);
		}
		const shared = lines.filter((line) => line.type === "same");
		expect(shared.every((line) => before[(line.before ?? 0) - 1] === after[(line.after ?? 0) - 1])).toBe(true);
	}
});

test("texts with nothing in common and many lines are shown as replaced, quickly", () => {
	const before = Array.from({ length: 3_000 }, (_, n) => `old ${n}`).join("\n");
	const after = Array.from({ length: 3_000 }, (_, n) => `new ${n}`).join("\n");
	expect(diffLines(before, after)).toMatchObject({ added: 3_000, removed: 3_000 });
});

test("side by side, what was removed stands beside what came in its place", () => {
	const [hunk] = diffLines("a\nb\nc\nd\n", "a\nB\nB2\nd\ne\n").hunks;
	const texts = sideBySide(hunk?.lines ?? []).map(({ before, after }) => [before?.text, after?.text]);
	expect(texts).toEqual([
		["a", "a"],
		["b", "B"],
		["c", "B2"],
		["d", "d"],
		[undefined, "e"],
	]);
});

test("a large diff begins with its first lines and says how many follow", () => {
	const { hunks } = diffLines("", "x\n".repeat(1_000));
	const first = firstLines(hunks, 300);
	expect(first.hunks[0]?.lines).toHaveLength(300);
	expect(first.hidden).toBe(700);
});
