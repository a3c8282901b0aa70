import { markdown } from "../report.ts";
import { costs, type SearchRow, searches } from "./search-rows.ts";
import { type SearchSizes, SearchStand } from "./search-stand.ts";

export const SEARCH_FULL: SearchSizes = { rooms: 200, messages: 1_000_000, queries: 6 };
export const SEARCH_QUICK: SearchSizes = { rooms: 40, messages: 40_000, queries: 2 };

export interface SearchResult extends SearchRow {
	readonly ok: boolean | null;
}

/** All rows of search. What fails ends it: without an index there is nothing to measure. */
export async function benchSearch(sizes: SearchSizes, say: (line: string) => void): Promise<SearchResult[]> {
	const stand = await SearchStand.start();
	try {
		const started = performance.now();
		await stand.fill(sizes, (done) => {
			if (done % 50_000 < sizes.messages / sizes.rooms) say(`${done} messages in rooms`);
		});
		const filled = performance.now();
		let last = 0;
		await stand.indexed(Math.floor(sizes.messages / sizes.rooms) * sizes.rooms, (done) => {
			if (done - last < 100_000) return;
			last = done;
			say(`${done} messages in the index`);
		});
		const indexed = performance.now();
		const found = await searches(stand, sizes, say);
		const rows = [
			...found,
			...(await costs(stand, sizes)),
			{
				name: "rooms filled, as by an import",
				value: (1_000 * sizes.messages) / (filled - started),
				unit: "messages/s",
				budget: null,
			},
			{
				name: "until the index had the last of them",
				value: (indexed - filled) / 1_000,
				unit: "s",
				budget: null,
			},
		];
		return rows.map(judged);
	} finally {
		await stand.stop();
	}
}

function judged(row: SearchRow): SearchResult {
	const value = Number(row.value.toPrecision(3));
	return { ...row, value, ok: row.budget === null ? null : value <= row.budget };
}

export const searchTable = (results: readonly SearchResult[]): string =>
	markdown([
		["", "measured", "budget", ""],
		...results.map(({ name, value, unit, budget, ok }) => [
			name,
			`${value} ${unit}`,
			budget === null ? "–" : `${budget}`,
			ok === null ? "" : ok ? "met" : "not met",
		]),
	]);
