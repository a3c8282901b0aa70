import { MessageAttachment } from "@bullpen/domain/message-attachment";
import type { RawAccess } from "rivetkit/db";

/**
 * Which message has a file, for ever, so that no other one takes it. `state`: 0 it is there, 1 its bytes are still to be
 * removed, 2 they are gone. In the order of messages: what is pruned together lies together.
 */
export const FILES_MIGRATION = `
	ALTER TABLE messages ADD COLUMN attachments TEXT;
	CREATE TABLE files (
		id TEXT NOT NULL,
		seq INTEGER NOT NULL,
		state INTEGER NOT NULL
	);
	CREATE UNIQUE INDEX files_by_id ON files (id);
	CREATE INDEX files_to_remove ON files (seq) WHERE state = 1;
`;

/** The part of a commit that only messages with files have. */
export const FILES_TRIGGER = `
	CREATE TRIGGER commits_file INSTEAD OF INSERT ON commits
	WHEN NEW.body->>'$.files' BEGIN
		INSERT INTO files (id, seq, state) SELECT value->>0, value->>1, 0 FROM json_each(NEW.body, '$.newFiles');
		UPDATE files SET state = 1 WHERE id IN (SELECT value FROM json_each(NEW.body, '$.goneFiles'));
	END`;

/** A message takes this file. */
export interface NewFile {
	readonly kind: "file";
	readonly id: string;
	readonly seq: number;
}
/** Messages that had these are no more. */
export interface GoneFiles {
	readonly kind: "goneFiles";
	readonly ids: readonly string[];
}

export const fileKey = (id: string): string => `file ${id}`;

/** What the trigger reads of a commit. */
export function filesBody(extras: readonly { readonly kind: string }[]): object {
	const newFiles = extras.filter((extra): extra is NewFile => extra.kind === "file");
	const gone = extras.filter(areGone);
	if (newFiles.length + gone.length === 0) return {};
	return { files: 1, newFiles: newFiles.map(({ id, seq }) => [id, seq]), goneFiles: gone.flatMap(({ ids }) => ids) };
}

export const areGone = (extra: { readonly kind: string }): extra is GoneFiles => extra.kind === "goneFiles";

/** Those of these that some message took, be it gone or not. */
export async function findTaken(db: RawAccess, ids: readonly string[]): Promise<string[]> {
	const rows = await db.execute<{ id: string }>(
		"SELECT id FROM files WHERE id IN (SELECT value FROM json_each(?))",
		JSON.stringify(ids),
	);
	return rows.map(({ id }) => id);
}

/** As the message that has it tells it. */
export async function findAttachment(db: RawAccess, id: string): Promise<MessageAttachment | undefined> {
	const [row] = await db.execute<{ attachments: string | null }>(
		"SELECT attachments FROM files JOIN messages USING (seq) WHERE files.id = ? AND state = 0",
		id,
	);
	return attachmentsIn(row?.attachments ?? null).find((attachment) => attachment.id === id);
}

/** A message's files, of their column. */
export const attachmentsIn = (column: string | null): MessageAttachment[] =>
	column === null ? [] : MessageAttachment.array().parse(JSON.parse(column));

/** Files whose bytes are still to be removed. */
export async function readToRemove(db: RawAccess, limit: number): Promise<string[]> {
	const rows = await db.execute<{ id: string }>("SELECT id FROM files WHERE state = 1 ORDER BY seq LIMIT ?", limit);
	return rows.map(({ id }) => id);
}

/** Files whose bytes are there for their messages. */
export async function readKept(db: RawAccess, limit: number): Promise<string[]> {
	const rows = await db.execute<{ id: string }>("SELECT id FROM files WHERE state = 0 LIMIT ?", limit);
	return rows.map(({ id }) => id);
}

export async function setRemoved(db: RawAccess, ids: readonly string[]): Promise<void> {
	await db.execute("UPDATE files SET state = 2 WHERE id IN (SELECT value FROM json_each(?))", JSON.stringify(ids));
}
