import { type BudgetResult, type BudgetRow, measureAll } from "../budget-rows.ts";
import { costs, searches } from "./search-rows.ts";
import { type SearchSizes, SearchStand } from "./search-stand.ts";

export const SEARCH_FULL: SearchSizes = { rooms: 200, messages: 1_000_000, queries: 6 };
export const SEARCH_QUICK: SearchSizes = { rooms: 40, messages: 40_000, queries: 2 };

/** All rows of search. Without rooms and an index there is nothing to measure: then it fails as a whole. */
export async function benchSearch(
	sizes: SearchSizes,
	say: (line: string) => void,
): Promise<{ results: BudgetResult[]; hasFailed: boolean }> {
	const stand = await SearchStand.start();
	try {
		const filled = await fill(stand, sizes, say);
		return await measureAll(
			[
				{ title: "searches", measure: () => searches(stand, sizes, say) },
				{ title: "costs", measure: () => costs(stand, sizes) },
				{ title: "filling", measure: async () => filled },
			],
			say,
		);
	} finally {
		await stand.stop();
	}
}

async function fill(stand: SearchStand, sizes: SearchSizes, say: (line: string) => void): Promise<BudgetRow[]> {
	const each = Math.floor(sizes.messages / sizes.rooms);
	const started = performance.now();
	await stand.fill(sizes, (done) => {
		if (done % 50_000 < each) say(`${done} messages in rooms`);
	});
	const filled = performance.now();
	let last = 0;
	await stand.indexed(each * sizes.rooms, (done) => {
		if (done - last < 100_000) return;
		last = done;
		say(`${done} messages in the index`);
	});
	const perSecond = (1_000 * sizes.messages) / (filled - started);
	return [
		{ name: "rooms filled, as by an import", value: perSecond, unit: "messages/s", budget: null },
		{
			name: "until the index had the last of them",
			value: (performance.now() - filled) / 1_000,
			unit: "s",
			budget: null,
		},
	];
}
