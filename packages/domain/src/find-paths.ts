import { z } from "zod";

export const FindFilesInput = z.strictObject({ query: z.string().max(200) });
/** The paths that fit best, below the workspace's folder. `isPartial`: there are more files than were looked at. */
export const FoundFiles = z.strictObject({ paths: z.array(z.string()), isPartial: z.boolean() });
export type FoundFiles = z.infer<typeof FoundFiles>;

/**
 * The paths that have all characters of the query in its order, best first: in the file's own name before elsewhere, at the
 * beginning of words before inside them, together before apart, short before long. Case does not matter.
 */
export const findPaths = (paths: readonly string[], query: string, max: number): string[] => {
	const wanted = [...query.toLowerCase().replaceAll(/\s/g, "")].slice(0, WANTED_MAX);
	const text = wanted.join("");
	const found = paths.flatMap((path) => {
		const score = scoreOf(path, { text, wanted });
		return score === undefined ? [] : [{ path, score }];
	});
	return found
		.sort((a, b) => b.score - a.score || a.path.length - b.path.length || (a.path < b.path ? -1 : 1))
		.slice(0, max)
		.map(({ path }) => path);
};

/** Whoever writes more than this does not write a path: each of these is looked for in every path. */
const WANTED_MAX = 64;
const TOGETHER = 4;
const AT_WORD = 6;
const IN_NAME = 60;

interface Wanted {
	readonly text: string;
	readonly wanted: readonly string[];
}

function scoreOf(path: string, wanted: Wanted): number | undefined {
	const lower = path.toLowerCase();
	const name = lower.lastIndexOf("/") + 1;
	const inName = scoreFrom(lower, wanted, name);
	return inName === undefined ? scoreFrom(lower, wanted, 0) : inName + IN_NAME;
}

/** Each character at its next place: not the best of all ways to find them, but one pass over the path. */
function scoreFrom(lower: string, { text, wanted }: Wanted, from: number): number | undefined {
	const whole = lower.indexOf(text, from);
	if (whole >= 0) return wanted.length * TOGETHER + (isWordStart(lower, whole) ? AT_WORD * 2 : 0);
	let score = 0;
	let at = from;
	for (const char of wanted) {
		const next = lower.indexOf(char, at);
		if (next < 0) return undefined;
		score += (next === at && at > from ? TOGETHER : 0) + (isWordStart(lower, next) ? AT_WORD : 0) - (next > at ? 1 : 0);
		at = next + char.length;
	}
	return score;
}

const isWordStart = (lower: string, at: number): boolean => at === 0 || "/._- ".includes(lower.charAt(at - 1));

const MENTION = /(?<=^|[\s(])@(?:"([^"\n]{1,500})"|([^\s@"]{1,500}))/g;

/** The `@path` somebody is writing before the caret: where it begins, and what of it stands there. */
export const mentionAt = (text: string, caret: number): { from: number; query: string } | undefined => {
	const before = text.slice(Math.max(0, caret - 200), caret);
	const begun = /(?:^|[\s(])@([^\s@"]*)$/.exec(before)?.[1];
	return begun === undefined ? undefined : { from: caret - begun.length - 1, query: begun };
};

/** How a path is written into a prompt. */
export const mentionOf = (path: string): string => (/[\s"]/.test(path) ? `@"${path}"` : `@${path}`);

/**
 * What of these paths a prompt mentions as `@path`, each once, at most `max`. A dot or comma behind one is not taken for
 * a part of it, unless there is such a file.
 */
export const mentionedPaths = (text: string, paths: ReadonlySet<string>, max: number): string[] => {
	const found = new Set<string>();
	for (const [, quoted, plain = ""] of text.matchAll(MENTION)) {
		const written = quoted ?? plain;
		const path = [written, written.replace(/[.,;:!?)\]]+$/, "")].find((one) => paths.has(one));
		if (path !== undefined && found.size < max) found.add(path);
	}
	return [...found];
};

export const hasMention = (text: string): boolean => text.search(MENTION) >= 0;
