import { z } from "zod";
import type { Db } from "../agent/db.ts";

/** What a person's nonce stands for, for ever. */
const NonceRow = z.object({
	userId: z.string(),
	nonce: z.string(),
	promptId: z.string(),
	textHash: z.string(),
});
export type NonceRow = z.infer<typeof NonceRow>;

export const putNonces = async (db: Db, rows: readonly NonceRow[]): Promise<void> => {
	await db.execute(
		`INSERT INTO nonces (user_id, nonce, prompt_id, text_hash)
		SELECT value->>'userId', value->>'nonce', value->>'promptId', value->>'textHash' FROM json_each(?)`,
		JSON.stringify(rows),
	);
};

export const findNonce = async (db: Db, userId: string, nonce: string): Promise<NonceRow | undefined> => {
	const [row] = await db.execute(
		`SELECT user_id AS userId, nonce, prompt_id AS promptId, text_hash AS textHash
		FROM nonces WHERE user_id = ? AND nonce = ?`,
		userId,
		nonce,
	);
	return row === undefined ? undefined : NonceRow.parse(row);
};
