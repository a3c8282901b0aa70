import {
	formatSearch,
	isEmptySearch,
	parseSearch,
	type SearchQuery,
	type StartOfDay,
} from "@bullpen/domain/search-query";

/** Whom and what the words after `from:` and `in:` may name. */
export interface Names {
	readonly me: string;
	readonly people: ReadonlyArray<{ readonly id: string; readonly name: string }>;
	/** Direct rooms by who they are with. */
	readonly rooms: ReadonlyArray<{ readonly id: string; readonly name: string }>;
}

export interface Worded {
	/** For the index: ids and unix ms. Empty when there is nothing to look for. */
	readonly query: string;
	/** What names nobody and nothing here. */
	readonly unknown: ReadonlyArray<{ readonly kind: "from" | "in"; readonly name: string }>;
	/** As it was typed, read. */
	readonly typed: SearchQuery;
}

/** Several may be meant by the beginning of a name. */
const MEANT_MAX = 4;

/** Days begin where the reader is. */
export const startOfDay: StartOfDay = (year, month, day) => new Date(year, month - 1, day).getTime();

/** What somebody typed as the index understands it. */
export function wordedSearch(text: string, { me, people, rooms }: Names): Worded {
	const typed = parseSearch(text.replace(BEGUN_FILTER, ""), startOfDay);
	const unknown: { kind: "from" | "in"; name: string }[] = [];
	const idsOf = (kind: "from" | "in", names: readonly string[], known: Names["people"]) =>
		names.flatMap((name) => {
			const ids = kind === "from" && fold(name) === "me" ? [me] : idsMeant(name, known);
			if (ids.length === 0) unknown.push({ kind, name });
			return ids;
		});
	const from = unique(idsOf("from", typed.from, people));
	const inRooms = unique(idsOf("in", typed.in, rooms));
	const query = isEmptySearch(typed) || unknown.length > 0 ? "" : formatSearch({ ...typed, from, in: inRooms });
	return { query, unknown, typed };
}

/** The one of this name or id, or those whose name, or a word of it, begins so. */
function idsMeant(name: string, known: Names["people"]): string[] {
	const wanted = fold(name);
	const exact = known.filter((one) => fold(one.name) === wanted || one.id === name);
	const begun = () =>
		known.filter((one) =>
			fold(one.name)
				.split(/\s+/)
				.some((_, at, words) => words.slice(at).join(" ").startsWith(wanted)),
		);
	return (exact.length > 0 ? exact : begun()).slice(0, MEANT_MAX).map(({ id }) => id);
}

const fold = (text: string): string => text.normalize("NFKC").toLowerCase();
const unique = (ids: readonly string[]): string[] => [...new Set(ids)];

export type FilterName = "from" | "in" | "has" | "before" | "after";

/** At the end, where somebody is about to say of whom or what: it is no word to look for yet. */
const BEGUN_FILTER = /(?:^|\s)(?:from|in|has|before|after):"?$/iu;
const FILTER = /(^|\s)(from|in|has|before|after):("[^"]*"?|[^\s"]+)/giu;

/** What a filter says in a text; several are in their order. */
export const filtersIn = (text: string, name: FilterName): string[] =>
	[...text.matchAll(FILTER)].flatMap(([, , found = "", value = ""]) =>
		found.toLowerCase() === name ? [value.replaceAll('"', "")] : [],
	);

/** The text with this filter, instead of any other of its name; null: with none. */
export function withFilter(text: string, name: FilterName, value: string | null): string {
	const rest = text.replace(FILTER, (whole, _space, found: string) => (found.toLowerCase() === name ? " " : whole));
	return tidied(`${rest} ${value === null ? "" : worded(name, value)}`);
}

/** The text with or without one of the values that a filter may have several of. */
export function toggledFilter(text: string, name: FilterName, value: string): string {
	const others = filtersIn(text, name).filter((one) => one.toLowerCase() !== value);
	const isOn = others.length < filtersIn(text, name).length;
	const values = isOn ? others : [...others, value];
	return tidied([withFilter(text, name, null), ...values.map((one) => worded(name, one))].join(" "));
}

const worded = (name: FilterName, value: string): string => `${name}:${/\s/.test(value) ? `"${value}"` : value}`;
const tidied = (text: string): string => text.replace(/\s+/g, " ").trim();
