import type { Limits } from "@bullpen/domain/limits";
import type { SearchQuery } from "@bullpen/domain/search-query";
import { matchesIn } from "@bullpen/domain/search-text";
import { type Plan, planFor } from "./expression.ts";
import { type IndexFile, PLACES_PER_MS } from "./index-file.ts";

/** A query of somebody who may see these rooms; its `from` are user ids. */
export interface Question {
	readonly query: SearchQuery;
	readonly roomIds: readonly string[];
	readonly before?: number | undefined;
	readonly limit: number;
}
/** A message as the index knows it. */
export interface Candidate {
	readonly roomId: string;
	readonly seq: number;
	readonly version: number;
	readonly place: number;
}
export interface Findings {
	readonly found: readonly Candidate[];
	/** Everything from here on was looked at; null when that was everything. */
	readonly next: number | null;
}

interface Row {
	place: number;
	room: number;
	seq: number;
	version: number;
	text: string | null;
}

/** Candidates looked at in one statement: few at first, since the newest often suffice. */
const STEPS = [200, 2_000];

const COLUMNS = (filter: string): string => `
	SELECT m.place, m.room, m.seq, m.version, CASE WHEN ${filter}
		AND (SELECT min(instr(m.text, value)) FROM json_each(?5)) IS NOT 0 THEN m.text END AS text`;
const ROOMS = "(?6 IS NULL OR m.room IN (SELECT value FROM json_each(?6)))";
const FTS = (table: "words" | "parts"): string => `${COLUMNS(ROOMS)}
	FROM (
		SELECT rowid AS place FROM ${table} WHERE ${table} MATCH ?1 AND rowid < ?2 AND rowid >= ?3
		ORDER BY rowid DESC LIMIT ?4
	) AS c CROSS JOIN messages AS m ON m.place = c.place
	ORDER BY m.place DESC`;
const STATEMENTS = {
	words: FTS("words"),
	parts: FTS("parts"),
	messages: `${COLUMNS(`${ROOMS} AND ?1 = ''`)}
		FROM messages AS m WHERE m.place < ?2 AND m.place >= ?3 ORDER BY m.place DESC LIMIT ?4`,
} as const satisfies Record<Plan["table"], string>;

/**
 * The newest messages of these rooms that the query fits. Looks at a bounded number of candidates, for a bounded time: what
 * is nowhere costs no more than what is everywhere, and the answer says how far it got.
 */
export function find(index: IndexFile, { query, roomIds, before, limit }: Question, limits: Limits): Findings {
	const started = performance.now();
	const rooms = new Map(index.roomNumbers(roomIds).map(({ no, roomId }) => [no, roomId]));
	const authors = index.authorNumbers(query.from);
	if (rooms.size === 0 || (query.from.length > 0 && authors.length === 0)) return { found: [], next: null };
	const plan = planFor(query, { rooms: [...rooms.keys()], authors });
	const oldest = Math.max(0, (query.after ?? 0) * PLACES_PER_MS);
	let to = Math.min(before ?? Number.MAX_SAFE_INTEGER, (query.before ?? Number.MAX_SAFE_INTEGER) * PLACES_PER_MS);
	const roomFilter = plan.needsRoomFilter ? JSON.stringify([...rooms.keys()]) : null;
	const found: Candidate[] = [];
	let scanned = 0;
	for (let step = 0; ; step++) {
		const size = STEPS[Math.min(step, STEPS.length - 1)] ?? limit;
		const rows = index.all<Row>(
			STATEMENTS[plan.table],
			plan.expression,
			Math.min(to, Number.MAX_SAFE_INTEGER),
			oldest,
			size,
			JSON.stringify(plan.needles),
			roomFilter,
		);
		for (const row of rows) {
			to = row.place;
			const roomId = rooms.get(row.room);
			if (row.text === null || roomId === undefined) continue;
			if (plan.needsCheck && matchesIn(row.text, query.terms) === null) continue;
			found.push({ roomId, seq: row.seq, version: row.version, place: row.place });
			if (found.length === limit) return { found, next: row.place };
		}
		scanned += rows.length;
		if (rows.length < size) return { found, next: null };
		const isEnough = scanned >= limits.searchScanMessages || performance.now() - started >= limits.searchScanMs;
		if (isEnough) return { found, next: to };
	}
}
