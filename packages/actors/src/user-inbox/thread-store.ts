import { InboxThreadsRow } from "@bullpen/domain/inbox";
import type { KnownReply, ThreadState } from "@bullpen/domain/inbox-threads";
import type { RawAccess } from "rivetkit/db";

/** `row` is what the feed shows of a room's threads, as JSON. Replies are those above the read mark of a followed thread. */
export const THREAD_MIGRATION = `
	CREATE TABLE thread_rows (
		room_id TEXT PRIMARY KEY,
		row TEXT NOT NULL
	) WITHOUT ROWID;
	CREATE TABLE threads (
		room_id TEXT NOT NULL,
		root_seq INTEGER NOT NULL,
		version INTEGER NOT NULL,
		from_seq INTEGER,
		read_seq INTEGER NOT NULL,
		PRIMARY KEY (room_id, root_seq)
	) WITHOUT ROWID;
	CREATE TABLE replies (
		room_id TEXT NOT NULL,
		root_seq INTEGER NOT NULL,
		seq INTEGER NOT NULL,
		version INTEGER NOT NULL,
		is_unread INTEGER NOT NULL,
		PRIMARY KEY (room_id, root_seq, seq)
	) WITHOUT ROWID;
	`;

/** The part of a commit that only some have. */
export const THREAD_TRIGGER = `
	CREATE TRIGGER commits_thread INSTEAD OF INSERT ON commits
	WHEN NEW.body->>'$.threads' IS NOT NULL BEGIN
		INSERT INTO threads (room_id, root_seq, version, from_seq, read_seq)
		SELECT value->>0, value->>1, value->>2, value->>3, value->>4 FROM json_each(NEW.body, '$.threads') WHERE true
		ON CONFLICT (room_id, root_seq) DO UPDATE SET version = excluded.version, from_seq = excluded.from_seq,
			read_seq = excluded.read_seq;

		INSERT INTO replies (room_id, root_seq, seq, version, is_unread)
		SELECT value->>0, value->>1, value->>2, value->>3, value->>4 FROM json_each(NEW.body, '$.replies') WHERE true
		ON CONFLICT (room_id, root_seq, seq) DO UPDATE SET version = excluded.version, is_unread = excluded.is_unread;

		DELETE FROM replies WHERE (room_id, root_seq, seq) IN (
			SELECT replies.room_id, replies.root_seq, replies.seq FROM json_each(NEW.body, '$.settledReplies') AS settled
			JOIN replies ON replies.room_id = settled.value->>0 AND replies.root_seq = settled.value->>1
				AND replies.seq <= settled.value->>2
		);

		DELETE FROM threads WHERE (room_id, root_seq) IN (
			SELECT value->>0, value->>1 FROM json_each(NEW.body, '$.goneThreads')
		);

		INSERT INTO thread_rows (room_id, row)
		SELECT value->>0, value->>1 FROM json_each(NEW.body, '$.threadRows') WHERE true
		ON CONFLICT (room_id) DO UPDATE SET row = excluded.row;
	END`;

/** What changes of one room's threads. */
export interface ThreadsEntry {
	readonly kind: "threads";
	readonly roomId: string;
	/** Absent while nothing was ever unread there. */
	readonly row: InboxThreadsRow | undefined;
	readonly changed: ReadonlyMap<number, ThreadState>;
	/** By seq, with the thread that each is in. */
	readonly fresh: ReadonlyMap<number, KnownReply & { readonly rootId: number }>;
	readonly gone: ReadonlySet<number>;
}

const EVERY_SEQ = Number.MAX_SAFE_INTEGER;

/** What the trigger reads of a commit. */
export function threadsBody(extras: readonly { readonly kind: string }[]): object {
	const entries = extras.filter((extra): extra is ThreadsEntry => extra.kind === "threads");
	if (entries.length === 0) return {};
	return {
		threads: entries.flatMap(({ roomId, changed }) =>
			[...changed.values()].map(({ rootId, version, from, readSeq }) => [roomId, rootId, version, from, readSeq]),
		),
		replies: entries.flatMap(({ roomId, fresh }) =>
			[...fresh].map(([seq, { rootId, version, isUnread }]) => [roomId, rootId, seq, version, isUnread ? 1 : 0]),
		),
		settledReplies: entries.flatMap(({ roomId, changed, gone }) => [
			...[...changed.values()].map((thread) => [roomId, thread.rootId, settledIn(thread)]),
			...[...gone].map((rootId) => [roomId, rootId, EVERY_SEQ]),
		]),
		goneThreads: entries.flatMap(({ roomId, gone }) => [...gone].map((rootId) => [roomId, rootId])),
		threadRows: entries.flatMap(({ roomId, row }) => (row === undefined ? [] : [[roomId, JSON.stringify(row)]])),
	};
}

const settledIn = ({ from, readSeq }: ThreadState): number => (from === null ? EVERY_SEQ : Math.max(from, readSeq));

export async function readThreadRows(db: RawAccess): Promise<InboxThreadsRow[]> {
	const rows = await db.execute<{ row: string }>("SELECT row FROM thread_rows");
	return rows.map(({ row }) => InboxThreadsRow.parse(JSON.parse(row)));
}

/** Everything known of the threads of one room, by their first message. */
export async function readThreadStates(db: RawAccess, roomId: string): Promise<Map<number, ThreadState>> {
	const [threads, replies] = await Promise.all([
		db.execute<{ root_seq: number; version: number; from_seq: number | null; read_seq: number }>(
			"SELECT root_seq, version, from_seq, read_seq FROM threads WHERE room_id = ?",
			roomId,
		),
		db.execute<{ root_seq: number; seq: number; version: number; is_unread: number }>(
			"SELECT root_seq, seq, version, is_unread FROM replies WHERE room_id = ?",
			roomId,
		),
	]);
	const byRoot = Map.groupBy(replies, ({ root_seq }) => root_seq);
	return new Map(
		threads.map(({ root_seq: rootId, version, from_seq: from, read_seq: readSeq }) => {
			const known = (byRoot.get(rootId) ?? []).map((reply): [number, KnownReply] => [
				reply.seq,
				{ version: reply.version, isUnread: reply.is_unread === 1 },
			]);
			return [rootId, { rootId, version, from, readSeq, replies: new Map(known) }];
		}),
	);
}
