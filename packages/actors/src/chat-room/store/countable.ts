import type { Countable } from "@bullpen/domain/inbox-facts";
import { mentionsIn } from "@bullpen/domain/mention";
import { wordsOf } from "@bullpen/domain/message-attachment";
import type { RawAccess } from "rivetkit/db";
import { attachmentsIn } from "./files.ts";

/** Messages in some order, and whether there are no more of them. */
export interface Counted {
	readonly rows: readonly Countable[];
	readonly isWhole: boolean;
}

interface Columns extends Record<string, unknown> {
	seq: number;
	version: number;
	sender: string;
	is_edited: number;
	is_deleted: number;
	is_thread_only: number;
	thread_of: number | null;
	marked: string | null;
	bytes_before: number;
	found: number;
}

const COLUMNS = `seq, version, sender, edited_at IS NOT NULL AS is_edited, deleted_at IS NOT NULL AS is_deleted,
	thread_of IS NOT NULL AND also_in_room IS NULL AS is_thread_only, thread_of,
	CASE WHEN instr(text, '<@') > 0 THEN text END AS marked`;
/** Only texts with mentions are read, and of them as many as fit: the first always does. */
const fitting = (page: string, order: "version" | "seq"): string => `
	SELECT * FROM (
		SELECT *, count(*) OVER () AS found,
			coalesce(sum(length(CAST(marked AS BLOB))) OVER
				(ORDER BY ${order} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS bytes_before
		FROM (${page})
	) WHERE bytes_before <= ?3 ORDER BY ${order}`;
const CHANGED = fitting(`SELECT ${COLUMNS} FROM messages WHERE version > ?1 ORDER BY version LIMIT ?2`, "version");
const ABOVE = fitting(`SELECT ${COLUMNS} FROM messages WHERE seq > ?1 ORDER BY seq LIMIT ?2`, "seq");

/** Messages that changed after `version`, in the order of versions. */
export const countableSince = (db: RawAccess, version: number, rowsMax: number, bytesMax: number): Promise<Counted> =>
	counted(db, CHANGED, [version, rowsMax, bytesMax]);

/** Messages above `seq`, in their order. */
export const countableAbove = (db: RawAccess, seq: number, rowsMax: number, bytesMax: number): Promise<Counted> =>
	counted(db, ABOVE, [seq, rowsMax, bytesMax]);

async function counted(
	db: RawAccess,
	sql: string,
	[from, rowsMax, bytesMax]: [number, number, number],
): Promise<Counted> {
	const rows = await db.execute<Columns>(sql, from, rowsMax, bytesMax);
	return {
		rows: rows.map(({ seq, version, sender, is_edited, is_deleted, is_thread_only, thread_of, marked }) => ({
			seq,
			version,
			sender,
			isEdited: is_edited === 1,
			isDeleted: is_deleted === 1,
			isThreadOnly: is_thread_only === 1,
			...(thread_of === null ? {} : { threadOf: thread_of }),
			mentions: mentionsIn(marked ?? ""),
		})),
		isWhole: rows.length < rowsMax && rows.length === (rows[0]?.found ?? 0),
	};
}

/** A message as somebody may be told of it; of a long text, its beginning. */
export interface Said {
	readonly seq: number;
	readonly sender: string;
	readonly text: string;
	readonly timestamp: number;
	readonly threadOf?: number;
}

export async function saidAt(db: RawAccess, seqs: readonly number[]): Promise<Said[]> {
	const rows = await db.execute<Omit<Said, "threadOf"> & { thread_of: number | null; attachments: string | null }>(
		`SELECT seq, sender, substr(text, 1, 1000) AS text, timestamp, thread_of, attachments FROM messages
		WHERE deleted_at IS NULL AND seq IN (SELECT value FROM json_each(?))`,
		JSON.stringify(seqs),
	);
	return rows.map(({ seq, sender, text, timestamp, thread_of, attachments }) => ({
		...{ seq, sender, timestamp, text: wordsOf(text, attachmentsIn(attachments)) },
		...(thread_of === null ? {} : { threadOf: thread_of }),
	}));
}
