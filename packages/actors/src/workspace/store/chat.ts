import { ChatRow } from "@bullpen/domain/side-chat";
import { z } from "zod";
import type { Db } from "../agent/db.ts";
import { present } from "./row.ts";

const COLUMNS = "id, version, user_id AS userId, text, nonce, at, edited_at AS editedAt, deleted_at AS deletedAt";

const toChat = (row: Record<string, unknown>): ChatRow => ChatRow.parse({ kind: "chat", ...present(row) });

/** Those beyond the newest `kept` go with the same commit. */
export const putChat = async (db: Db, rows: readonly ChatRow[], kept: number): Promise<void> => {
	await db.execute(
		`INSERT INTO chat (id, version, user_id, text, nonce, at, edited_at, deleted_at)
		SELECT value->>'id', value->>'version', value->>'userId', value->>'text', value->>'nonce', value->>'at',
			value->>'editedAt', value->>'deletedAt' FROM json_each(?) WHERE true
		ON CONFLICT (id) DO UPDATE SET version = excluded.version, text = excluded.text, edited_at = excluded.edited_at,
			deleted_at = excluded.deleted_at`,
		JSON.stringify(rows),
	);
	await db.execute("DELETE FROM chat WHERE id <= (SELECT max(id) FROM chat) - ?", kept);
};

export const chatAfter = async (db: Db, version: number, limit: number): Promise<ChatRow[]> =>
	(await db.execute(`SELECT ${COLUMNS} FROM chat WHERE version > ? ORDER BY version LIMIT ?`, version, limit)).map(
		toChat,
	);

/** The newest below `before`, newest first. */
export const chatBelow = async (db: Db, before: number, limit: number): Promise<ChatRow[]> =>
	(await db.execute(`SELECT ${COLUMNS} FROM chat WHERE id < ? ORDER BY id DESC LIMIT ?`, before, limit)).map(toChat);

export const chatById = async (db: Db, id: number): Promise<ChatRow | undefined> =>
	(await db.execute(`SELECT ${COLUMNS} FROM chat WHERE id = ?`, id)).map(toChat)[0];

/** What a person's nonce stands for, for ever. */
const ChatNonce = z.object({ userId: z.string(), nonce: z.string(), chatId: z.number(), textHash: z.string() });
export type ChatNonce = z.infer<typeof ChatNonce>;

export const putChatNonces = async (db: Db, rows: readonly ChatNonce[]): Promise<void> => {
	await db.execute(
		`INSERT INTO chat_nonces (user_id, nonce, chat_id, text_hash)
		SELECT value->>'userId', value->>'nonce', value->>'chatId', value->>'textHash' FROM json_each(?)`,
		JSON.stringify(rows),
	);
};

export const findChatNonce = async (db: Db, userId: string, nonce: string): Promise<ChatNonce | undefined> => {
	const [row] = await db.execute(
		`SELECT user_id AS userId, nonce, chat_id AS chatId, text_hash AS textHash
		FROM chat_nonces WHERE user_id = ? AND nonce = ?`,
		userId,
		nonce,
	);
	return row === undefined ? undefined : ChatNonce.parse(row);
};
