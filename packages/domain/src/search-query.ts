import { isUnspaced, splitWords } from "./search-text.ts";

/** `words`: these words, one after the other, the last perhaps only begun. `part`: these letters, anywhere in a word. */
export type SearchTerm =
	| { readonly kind: "words"; readonly text: string; readonly isPrefix: boolean }
	| { readonly kind: "part"; readonly text: string };
export type SearchTrait = "link" | "file" | "code";

/** What a message must say (every term) and be (one of each list that is not empty). Times are unix ms. */
export interface SearchQuery {
	readonly terms: readonly SearchTerm[];
	readonly from: readonly string[];
	readonly in: readonly string[];
	readonly has: readonly SearchTrait[];
	/** Sent before this, unix ms. */
	readonly before?: number;
	/** Sent at this time or later, unix ms. */
	readonly after?: number;
}

/** The first moment of a day, unix ms: days begin at other times elsewhere. */
export type StartOfDay = (year: number, month: number, day: number) => number;
const DAY_MS = 24 * 60 * 60_000;

/** Days of years that begin in March, so that the leap day is the last of them (the proleptic Gregorian calendar). */
export const startOfDayUtc: StartOfDay = (year, month, day) => {
	const from = month > 2 ? year : year - 1;
	const leapDays = Math.floor(from / 4) - Math.floor(from / 100) + Math.floor(from / 400);
	const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
	return (from * 365 + leapDays + dayOfYear - DAYS_TO_1970) * DAY_MS;
};
const DAYS_TO_1970 = 719_468;

/** A filter, or a term: bare, or between quotes, perhaps with stars. An open quote ends with the text. */
const PIECE = /(?:(from|in|has|before|after):)?(\*)?(?:"([^"]*)(?:"|$)|([^\s"]+))(\*)?/giu;
const DAY = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const MOMENT = /^\d{12,15}$/;
const TRAITS: readonly string[] = ["link", "file", "code"] satisfies SearchTrait[];
const TERMS_MAX = 20;

/**
 * Reads what somebody typed: `words`, `"a phrase"`, `begin*`, `*part*`, and `from:` `in:` `has:link|file|code`
 * `before:` `after:` (a day, or unix ms). Never refuses: what a filter cannot mean is taken for words, so nothing that is
 * typed has any other power.
 */
export function parseSearch(typed: string, startOfDay: StartOfDay = startOfDayUtc): SearchQuery {
	const query = { terms: [] as SearchTerm[], from: [] as string[], in: [] as string[], has: [] as SearchTrait[] };
	const times: { before?: number; after?: number } = {};
	for (const [whole, name, star, quoted, bare, end] of typed.replace(/[“”„«»]/g, '"').matchAll(PIECE)) {
		const value = quoted ?? bare ?? "";
		if (name !== undefined && takeFilter(name.toLowerCase(), value, query, times, startOfDay)) continue;
		const term = name === undefined ? termOf(value, star, end, quoted !== undefined) : wordsOrPart(whole);
		if (term !== undefined && query.terms.length < TERMS_MAX) query.terms.push(term);
	}
	return { ...query, ...times };
}

function takeFilter(
	name: string,
	value: string,
	query: { from: string[]; in: string[]; has: SearchTrait[] },
	times: { before?: number; after?: number },
	startOfDay: StartOfDay,
): boolean {
	if (name === "from" || name === "in") {
		const who = value.replace(name === "from" ? /^@/ : /^#/, "").trim();
		if (who === "") return false;
		query[name].push(who);
		return true;
	}
	if (name === "has") {
		const trait = value.toLowerCase();
		if (!isTrait(trait)) return false;
		query.has.push(trait);
		return true;
	}
	const at = timeOf(value, startOfDay);
	if (at === undefined) return false;
	if (name === "before") times.before = Math.min(at, times.before ?? at);
	else times.after = Math.max(at, times.after ?? at);
	return true;
}

const isTrait = (text: string): text is SearchTrait => TRAITS.includes(text);

function timeOf(value: string, startOfDay: StartOfDay): number | undefined {
	if (MOMENT.test(value)) return Number(value);
	const [year, month, day] = (DAY.exec(value) ?? []).slice(1).map(Number);
	if (year === undefined || month === undefined || day === undefined || year < 1970) return undefined;
	return isDay(year, month, day) ? startOfDay(year, month, day) : undefined;
}

function isDay(year: number, month: number, day: number): boolean {
	if (month < 1 || month > 12 || day < 1) return false;
	const next = month === 12 ? startOfDayUtc(year + 1, 1, 1) : startOfDayUtc(year, month + 1, 1);
	return startOfDayUtc(year, month, day) < next;
}

/** Stars stand outside the quotes, or at the ends of a bare word. */
function termOf(
	value: string,
	star: string | undefined,
	end: string | undefined,
	isQuoted: boolean,
): SearchTerm | undefined {
	const endsOpen = end !== undefined || (!isQuoted && value.endsWith("*"));
	const text = isQuoted ? value : value.replace(/\*+$/, "");
	if (star !== undefined) return partOf(text);
	const term = wordsOrPart(text);
	// One letter begins a tenth of all words: too much to ask for, and of no use to anybody.
	const isLongEnough = [...(splitWords(text).at(-1) ?? "")].length > 1;
	return term?.kind === "words" && endsOpen && isLongEnough ? { ...term, isPrefix: true } : term;
}

/** Words where there are any, else the signs themselves. */
function wordsOrPart(text: string): SearchTerm | undefined {
	if (isUnspaced(text) || splitWords(text).length === 0) return partOf(text);
	return { kind: "words", text: text.trim(), isPrefix: false };
}

function partOf(raw: string): SearchTerm | undefined {
	const text = raw.trim();
	return text === "" ? undefined : { kind: "part", text };
}

export const isEmptySearch = (query: SearchQuery): boolean =>
	query.terms.length + query.from.length + query.in.length + query.has.length === 0 &&
	query.before === undefined &&
	query.after === undefined;

/** The text that `parseSearch` reads as this query: filters first, times as unix ms. */
export function formatSearch(query: SearchQuery): string {
	const quoted = (value: string): string => (/^[^\s"*]+$/.test(value) ? value : `"${value.replaceAll('"', " ")}"`);
	return [
		...query.from.map((who) => `from:${quoted(who)}`),
		...query.in.map((room) => `in:${quoted(room)}`),
		...query.has.map((trait) => `has:${trait}`),
		...(query.before === undefined ? [] : [`before:${query.before}`]),
		...(query.after === undefined ? [] : [`after:${query.after}`]),
		...query.terms.map(formatTerm),
	].join(" ");
}

function formatTerm(term: SearchTerm): string {
	const text = `"${term.text.replaceAll('"', " ")}"`;
	return term.kind === "part" ? `*${text}*` : `${text}${term.isPrefix ? "*" : ""}`;
}
