import type { ChangesPage, Head } from "@bullpen/domain/feed";
import type { Limits } from "@bullpen/domain/limits";
import type { Message } from "@bullpen/domain/message";
import type { History, RoomFeedRow } from "@bullpen/domain/room";
import type { ExportedRows } from "@bullpen/domain/room-archive";
import type { ActionOutput } from "@bullpen/domain/wire";
import type { RawAccess } from "rivetkit/db";
import { MEMBER_JSON, MESSAGE_JSON, ROOM_JSON, readFeedRow, readMessage } from "./feed-rows.ts";

interface HeadColumns extends Record<string, unknown> {
	head_seq: number;
	head_version: number;
	floor_seq: number;
	epoch: string;
}
type PageColumns = HeadColumns & { kind: string | null; version: number | null; body: string | null };

const HEAD = "counters.seq AS head_seq, counters.version AS head_version, counters.floor_seq, counters.epoch";

/** `which` and `order` are words of this file. */
const pageOf = (which: string, order: "ASC" | "DESC"): string => `
	SELECT ${HEAD}, 'message' AS kind, page.version, page.body
	FROM counters LEFT JOIN (
		SELECT seq, version, ${MESSAGE_JSON} AS body FROM messages WHERE ${which} ORDER BY seq ${order} LIMIT ?2
	) AS page ORDER BY page.seq ${order}`;
const BEFORE = pageOf("seq < ?1", "DESC");
const AFTER = pageOf("seq > ?1", "ASC");
const BEFORE_IN_THREAD = pageOf("thread_of = ?3 AND seq < ?1", "DESC");
const AFTER_IN_THREAD = pageOf("thread_of = ?3 AND seq > ?1", "ASC");
const SOME = pageOf("seq IN (SELECT value FROM json_each(?1))", "ASC");
const CHANGES = `
	SELECT ${HEAD}, page.kind, page.version, page.body
	FROM counters LEFT JOIN (
		SELECT * FROM (
			SELECT 'message' AS kind, version, ${MESSAGE_JSON} AS body FROM messages
			WHERE version > ?1 ORDER BY version LIMIT ?2
		)
		UNION ALL SELECT 'member', version, ${MEMBER_JSON} FROM members WHERE version > ?1
		UNION ALL SELECT 'room', version, ${ROOM_JSON} FROM room WHERE version > ?1
		ORDER BY version LIMIT ?2
	) AS page ORDER BY page.version`;

const EXPORTED = `
	SELECT ${HEAD}, counters.hash, page.kind, page.version, page.body
	FROM counters LEFT JOIN (
		SELECT 'message' AS kind, version, ${MESSAGE_JSON} AS body FROM messages
		WHERE version > ?1 ORDER BY version LIMIT ?2
	) AS page ORDER BY page.version`;

const headOf = (row: HeadColumns): Head => ({ seq: row.head_seq, version: row.head_version, epoch: row.epoch });

/** What fits the byte limit, and never nothing: a single row always does. */
function fitting(rows: readonly PageColumns[], count: number, bytesMax: number): PageColumns[] {
	const page: PageColumns[] = [];
	let bytes = 0;
	for (const row of rows) {
		if (row.body === null) break;
		bytes += Buffer.byteLength(row.body);
		if (page.length === count || (page.length > 0 && bytes > bytesMax)) break;
		page.push(row);
	}
	return page;
}

export interface HistoryRange {
	readonly before?: number | undefined;
	readonly after?: number | undefined;
	readonly threadOf?: number | undefined;
	readonly limit: number;
}

/** One page of history from one snapshot: the newest messages below `before`, or the oldest above `after`. */
export async function readHistory(
	db: RawAccess,
	range: HistoryRange,
	limits: Pick<Limits, "historyPageBytesMax">,
): Promise<History> {
	const isForward = range.after !== undefined;
	const from = range.after ?? range.before ?? Number.MAX_SAFE_INTEGER;
	const rows =
		range.threadOf === undefined
			? await db.execute<PageColumns>(isForward ? AFTER : BEFORE, from, range.limit + 1)
			: await db.execute<PageColumns>(
					isForward ? AFTER_IN_THREAD : BEFORE_IN_THREAD,
					from,
					range.limit + 1,
					range.threadOf,
				);
	const page = fitting(rows, range.limit, limits.historyPageBytesMax);
	const messages = page.map(({ body }) => readMessage(body ?? ""));
	const head = onlyOne(rows);
	return {
		messages: isForward ? messages : messages.reverse(),
		head: headOf(head),
		floorSeq: head.floor_seq,
		hasMore: page.length < rows.length && rows[page.length]?.body !== null,
	};
}

/** Those of these messages that there are, from one snapshot: as many as fit. */
export async function readSome(
	db: RawAccess,
	ids: readonly number[],
	limits: Pick<Limits, "historyPageBytesMax">,
): Promise<ActionOutput<"chatRoom", "getMessages">> {
	const rows = await db.execute<PageColumns>(SOME, JSON.stringify(ids), ids.length);
	const page = fitting(rows, ids.length, limits.historyPageBytesMax);
	const head = onlyOne(rows);
	return {
		messages: page.map(({ body }) => readMessage(body ?? "")),
		head: headOf(head),
		floorSeq: head.floor_seq,
		isWhole: page.length === rows.filter(({ body }) => body !== null).length,
	};
}

/** Everything that changed after `version`, in the order of versions, from one snapshot. */
export async function readChanges(
	db: RawAccess,
	from: { readonly version: number; readonly epoch?: string | undefined; readonly limit: number },
	limits: Pick<Limits, "changesPageBytesMax">,
): Promise<ChangesPage<RoomFeedRow>> {
	const rows = await db.execute<PageColumns>(CHANGES, from.version, from.limit + 1);
	const head = onlyOne(rows);
	const floorSeq = head.floor_seq;
	if (from.version > head.head_version || (from.epoch !== undefined && from.epoch !== head.epoch)) {
		return { rows: [], to: head.head_version, caughtUp: true, reset: true, floorSeq };
	}
	const page = fitting(rows, from.limit, limits.changesPageBytesMax);
	const caughtUp = page.length === rows.length || rows[page.length]?.body === null;
	return {
		rows: page.map(({ kind, body }) => readFeedRow(kind ?? "", body ?? "")),
		to: caughtUp ? head.head_version : (page.at(-1)?.version ?? from.version),
		caughtUp,
		floorSeq,
	};
}

/** Messages that changed after a version, and what all of them come to, from one snapshot. */
export async function readExported(
	db: RawAccess,
	from: { readonly after: number; readonly limit: number },
	limits: Pick<Limits, "changesPageBytesMax">,
): Promise<ExportedRows> {
	const rows = await db.execute<PageColumns & { hash: string }>(EXPORTED, from.after, from.limit + 1);
	const page = fitting(rows, from.limit, limits.changesPageBytesMax);
	const head = onlyOne(rows);
	const caughtUp = page.length === rows.length || rows[page.length]?.body === null;
	return {
		messages: page.map(({ body }) => readMessage(body ?? "")),
		to: caughtUp ? head.head_version : (page.at(-1)?.version ?? from.after),
		caughtUp,
		head: headOf(head),
		floorSeq: head.floor_seq,
		hash: head.hash,
	};
}

/** Hash and head from one row: they belong together. */
export async function readHash(db: RawAccess): Promise<{ hash: string; head: Head; floorSeq: number }> {
	const row = onlyOne(await db.execute<HeadColumns & { hash: string }>(`SELECT ${HEAD}, hash FROM counters`));
	return { hash: row.hash, head: headOf(row), floorSeq: row.floor_seq };
}

export async function readPinnedIds(db: RawAccess): Promise<number[]> {
	const rows = await db.execute<{ seq: number }>("SELECT seq FROM messages WHERE pinned_at IS NOT NULL ORDER BY seq");
	return rows.map(({ seq }) => seq);
}

export async function readMessageAt(db: RawAccess, seq: number): Promise<Message | undefined> {
	const [row] = await db.execute<{ body: string }>(`SELECT ${MESSAGE_JSON} AS body FROM messages WHERE seq = ?`, seq);
	return row && readMessage(row.body);
}

/** The oldest messages, at most `limit` and about `bytesMax` bytes of text, but never none while there are any. */
export async function readOldest(db: RawAccess, limit: number, bytesMax: number): Promise<Message[]> {
	const rows = await db.execute<{ body: string }>(
		`SELECT ${MESSAGE_JSON} AS body FROM messages ORDER BY seq LIMIT ?`,
		limit,
	);
	let bytes = 0;
	const messages: Message[] = [];
	for (const { body } of rows) {
		bytes += Buffer.byteLength(body);
		if (messages.length > 0 && bytes > bytesMax) break;
		messages.push(readMessage(body));
	}
	return messages;
}

function onlyOne<Row>(rows: readonly Row[]): Row {
	const [row] = rows;
	if (row === undefined) throw new Error("the counters row is missing");
	return row;
}
