import type { Message } from "@bullpen/domain/message";
import { findableText } from "@bullpen/domain/message-attachment";
import type { NotedMessage } from "@bullpen/domain/search";
import type { RawAccess } from "rivetkit/db";
import { MESSAGE_JSON, readMessage } from "./feed-rows.ts";
import { attachmentsIn } from "./files.ts";

/** How much of the room the index has acknowledged: changes up to a version, and the floor it was told. */
export const INDEX_MIGRATION = `
	CREATE TABLE indexed (
		one INTEGER PRIMARY KEY CHECK (one = 1),
		version INTEGER NOT NULL,
		floor_seq INTEGER NOT NULL
	);
	INSERT INTO indexed VALUES (1, 0, 1);
`;

export interface IndexPosition {
	readonly version: number;
	readonly floorSeq: number;
}

export async function readIndexPosition(db: RawAccess): Promise<IndexPosition> {
	const [row] = await db.execute<{ version: number; floor_seq: number }>("SELECT version, floor_seq FROM indexed");
	if (row === undefined) throw new Error("the row of what was indexed is missing");
	return { version: row.version, floorSeq: row.floor_seq };
}

export async function keepIndexPosition(db: RawAccess, { version, floorSeq }: IndexPosition): Promise<void> {
	await db.execute("UPDATE indexed SET version = ?, floor_seq = ?", version, floorSeq);
}

/** Messages that changed after `version`, as the index wants them, in the order of versions. */
export async function readIndexable(db: RawAccess, version: number, limit: number): Promise<NotedMessage[]> {
	const rows = await db.execute<Omit<NotedMessage, "hasFile"> & { attachments: string | null }>(
		`SELECT seq, version, sender, timestamp, CASE WHEN deleted_at IS NULL THEN text ELSE '' END AS text, attachments
		FROM messages WHERE version > ? ORDER BY version LIMIT ?`,
		version,
		limit,
	);
	return rows.map(({ text, attachments, ...rest }) => {
		const files = attachmentsIn(attachments);
		return { ...rest, text: findableText(text, files), hasFile: files.length > 0 };
	});
}

/** These messages as they are now, but for those that are no more. */
export async function readLiving(db: RawAccess, seqs: readonly number[]): Promise<Message[]> {
	const rows = await db.execute<{ body: string }>(
		`SELECT ${MESSAGE_JSON} AS body FROM messages
		WHERE deleted_at IS NULL AND seq IN (SELECT value FROM json_each(?))`,
		JSON.stringify(seqs),
	);
	return rows.map(({ body }) => readMessage(body));
}
