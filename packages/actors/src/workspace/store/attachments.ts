import { Attachment, AttachmentContent } from "@bullpen/domain/attachment";
import { z } from "zod";
import type { Db } from "../agent/db.ts";
import { jsonOf } from "./row.ts";

const Stored = z.object({ info: z.unknown(), userId: z.string(), promptId: z.string().nullable() });

/** A file as it is kept. `promptId`: the one prompt that it goes with, null before it was sent. */
export interface KeptAttachment {
	readonly attachment: Attachment;
	readonly userId: string;
	readonly promptId: string | null;
}

const COLUMNS = "info, user_id AS userId, prompt_id AS promptId";

const toKept = (row: Record<string, unknown>): KeptAttachment => {
	const { info, ...rest } = Stored.parse(row);
	return { attachment: Attachment.parse(jsonOf(info)), ...rest };
};

/** Keeps a file, unless its sender's nonce stands for one already. */
export const putAttachment = async (
	db: Db,
	file: {
		readonly attachment: Attachment;
		readonly content: AttachmentContent;
		readonly userId: string;
		readonly nonce: string;
		readonly createdAt: number;
	},
): Promise<void> => {
	const { attachment, content, userId, nonce, createdAt } = file;
	await db.execute(
		`INSERT INTO attachments (id, user_id, nonce, info, content, bytes, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (user_id, nonce) DO NOTHING`,
		attachment.id,
		userId,
		nonce,
		JSON.stringify(attachment),
		JSON.stringify(content),
		attachment.bytes,
		createdAt,
	);
};

export const attachmentOfNonce = async (db: Db, userId: string, nonce: string): Promise<Attachment | undefined> =>
	(await db.execute(`SELECT ${COLUMNS} FROM attachments WHERE user_id = ? AND nonce = ?`, userId, nonce)).map(toKept)[0]
		?.attachment;

export const attachmentsById = async (db: Db, ids: readonly string[]): Promise<KeptAttachment[]> =>
	(
		await db.execute(
			`SELECT ${COLUMNS} FROM attachments WHERE id IN (SELECT value FROM json_each(?))`,
			JSON.stringify(ids),
		)
	).map(toKept);

export const attachmentContent = async (db: Db, id: string): Promise<AttachmentContent | undefined> => {
	const [row] = await db.execute("SELECT content FROM attachments WHERE id = ?", id);
	return row === undefined ? undefined : AttachmentContent.parse(jsonOf(row.content));
};

/** These go with the prompt, as a part of the commit that takes it in. */
export const putSent = async (db: Db, promptId: string, ids: readonly string[]): Promise<void> => {
	await db.execute(
		"UPDATE attachments SET prompt_id = ? WHERE id IN (SELECT value FROM json_each(?))",
		promptId,
		JSON.stringify(ids),
	);
};

const WAITS = `(prompt_id IS NULL OR EXISTS
	(SELECT 1 FROM prompts WHERE prompts.id = prompt_id AND prompts.status IN ('queued', 'running')))`;

/** How many bytes are not sent yet, or wait with their prompts: of everybody, and of this person. */
export const waitingBytes = async (db: Db, userId: string): Promise<{ all: number; own: number }> => {
	const [row] = await db.execute(
		`SELECT coalesce(sum(bytes), 0) AS "all", coalesce(sum(bytes) FILTER (WHERE user_id = ?), 0) AS own
		FROM attachments WHERE ${WAITS}`,
		userId,
	);
	return z.object({ all: z.number(), own: z.number() }).parse(row);
};

/** Forgets what nobody sent before `unsentBefore`, and of what does not wait any more all but the newest. */
export const forgetAttachments = async (db: Db, unsentBefore: number, keptMax: number): Promise<void> => {
	await db.execute("DELETE FROM attachments WHERE prompt_id IS NULL AND created_at < ?", unsentBefore);
	await db.execute(
		`DELETE FROM attachments WHERE id IN
		(SELECT id FROM attachments WHERE NOT ${WAITS} ORDER BY created_at DESC, id LIMIT 100 OFFSET ?)`,
		keptMax,
	);
};

/** Takes back what was not sent. */
export const removeUnsent = async (db: Db, userId: string, id: string): Promise<void> => {
	await db.execute("DELETE FROM attachments WHERE id = ? AND user_id = ? AND prompt_id IS NULL", id, userId);
};
