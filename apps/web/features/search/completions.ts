import { NO_MATCH, rankOf } from "../../live/name-rank.ts";
import type { Names } from "./search-words.ts";

export type CompletedFilter = "from" | "in" | "has";

/** What could be meant by the filter that the cursor stands in, best first. */
export interface Completion {
	readonly filter: CompletedFilter;
	/** Where the filter begins in the text. */
	readonly from: number;
	readonly choices: readonly Choice[];
}
export interface Choice {
	readonly id: string;
	readonly name: string;
	/** What stands in the text instead of what was begun. */
	readonly insert: string;
}

const SHOWN_MAX = 8;
const BEGUN = /(?:^|\s)((from|in|has):(?:"([^"]*)|([^\s"]*)))$/iu;
const TRAITS = ["link", "file", "code"].map((name) => ({ id: name, name }));

/** Null where no filter is being written, and where what is written is all that it could be. */
export function completionAt(text: string, cursor: number, { me, people, rooms }: Names): Completion | null {
	const match = BEGUN.exec(text.slice(0, cursor));
	const [, whole = "", name = ""] = match ?? [];
	const filter = FILTERS.find((one) => one === name.toLowerCase());
	if (match === null || filter === undefined) return null;
	const begun = (match[3] ?? match[4] ?? "").replace(/^[@#]/, "").toLocaleLowerCase();
	const self = { id: "me", name: "me" };
	const known = { from: [self, ...people.filter(({ id }) => id !== me)], in: rooms, has: TRAITS }[filter];
	const choices = known
		.map((one) => ({ one, rank: rankOf(one.name.toLocaleLowerCase(), begun) }))
		.filter(({ rank }) => rank < NO_MATCH)
		.sort((a, b) => a.rank - b.rank)
		.slice(0, SHOWN_MAX)
		.map(({ one }) => ({ ...one, insert: `${filter}:${wordOf(one)} ` }));
	const [only] = choices;
	const isWhole = choices.length === 1 && only?.name.toLocaleLowerCase() === begun;
	if (choices.length === 0 || isWhole) return null;
	return { filter, from: cursor - whole.length, choices };
}

const FILTERS: readonly CompletedFilter[] = ["from", "in", "has"];
/** A name that cannot stand between quotes is said by its id. */
const wordOf = ({ id, name }: { id: string; name: string }): string => {
	if (/["*]/.test(name)) return id;
	return /\s/.test(name) ? `"${name}"` : name;
};
