import { cleanQuery, hitOf, type TranscriptHit, type TranscriptHits } from "@bullpen/domain/transcript/search";
import type { Scope } from "./scope.ts";
import { itemIdsBelow, itemsThatMaySay } from "./store/items.ts";

/** Items read at once: their bodies are a few kilobytes each. */
const BATCH = 100;

/**
 * The newest items that say something. Looks at a bounded number of them, so that a question for what is nowhere costs no
 * more than one for what is everywhere; whoever asks goes on from `scannedTo`.
 * @throws Problem `text_empty` `text_invalid` `text_too_long`
 */
export const searchItems = async (
	{ frame: { db }, limits }: Pick<Scope, "frame" | "limits">,
	input: { query: string; before?: number | undefined; limit?: number | undefined },
): Promise<TranscriptHits> => {
	const query = cleanQuery(input.query, limits);
	const wanted = input.limit ?? limits.searchHitsDefault;
	const range = await itemIdsBelow(db, input.before ?? Number.MAX_SAFE_INTEGER, limits.searchScanItems);
	if (range === null) return { hits: [], scannedTo: 1, isDone: true };
	const hits: TranscriptHit[] = [];
	let before = range.to + 1;
	while (before > range.from) {
		const items = await itemsThatMaySay(db, query, { from: range.from, before }, BATCH);
		for (const item of items) {
			const hit = hitOf(item, query);
			if (hit !== null) hits.push(hit);
			before = item.id;
			if (hits.length === wanted) return { hits, scannedTo: before, isDone: range.isAll && before === range.from };
		}
		if (items.length < BATCH) break;
	}
	return { hits, scannedTo: range.from, isDone: range.isAll };
};
