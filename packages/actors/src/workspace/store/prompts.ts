import { promptBytes, rankOf } from "@bullpen/domain/prompt-rules";
import { PromptRow } from "@bullpen/domain/workspace";
import { z } from "zod";
import type { Db } from "../agent/db.ts";
import { jsonOf, present } from "./row.ts";

const COLUMNS = `id, version, user_id AS userId, text, nonce, created_at AS createdAt, status, removed_by AS removedBy,
	rank, edited, sent_now_by AS sentNowBy, attachments`;

const toPrompt = (row: Record<string, unknown>): PromptRow =>
	PromptRow.parse({
		kind: "prompt",
		...present(row),
		...(row.edited === null ? {} : { edited: jsonOf(row.edited) }),
		...(row.attachments === null ? {} : { attachments: jsonOf(row.attachments) }),
	});

export const putPrompts = async (db: Db, rows: readonly PromptRow[]): Promise<void> => {
	await db.execute(
		`INSERT INTO prompts (id, version, user_id, text, nonce, created_at, status, removed_by, rank, edited, sent_now_by,
			bytes, attachments)
		SELECT value->>'id', value->>'version', value->>'userId', value->>'text', value->>'nonce', value->>'createdAt',
			value->>'status', value->>'removedBy', value->>'rank', value->'edited', value->>'sentNowBy', value->>'bytes',
			value->'attachments' FROM json_each(?) WHERE true
		ON CONFLICT (id) DO UPDATE SET version = excluded.version, text = excluded.text, status = excluded.status,
			removed_by = excluded.removed_by, rank = excluded.rank, edited = excluded.edited,
			sent_now_by = excluded.sent_now_by, bytes = excluded.bytes`,
		JSON.stringify(rows.map((row) => ({ ...row, bytes: promptBytes(row) }))),
	);
};

export const promptsAfter = async (db: Db, version: number, limit: number): Promise<PromptRow[]> =>
	(await db.execute(`SELECT ${COLUMNS} FROM prompts WHERE version > ? ORDER BY version LIMIT ?`, version, limit)).map(
		toPrompt,
	);

export const promptById = async (db: Db, id: string): Promise<PromptRow | undefined> =>
	(await db.execute(`SELECT ${COLUMNS} FROM prompts WHERE id = ?`, id)).map(toPrompt)[0];

export const promptsById = async (db: Db, ids: readonly string[]): Promise<PromptRow[]> =>
	(
		await db.execute(`SELECT ${COLUMNS} FROM prompts WHERE id IN (SELECT value FROM json_each(?))`, JSON.stringify(ids))
	).map(toPrompt);

/** The queue, in the order in which it runs. It is bounded when prompts are taken in. */
export const queuedPrompts = async (db: Db, limit: number): Promise<PromptRow[]> =>
	(
		await db.execute(
			`SELECT ${COLUMNS} FROM prompts WHERE status = 'queued'
			ORDER BY sent_now_by IS NULL, coalesce(rank, created_at), id LIMIT ?`,
			limit,
		)
	).map(toPrompt);

const QueueSize = z.object({ count: z.number(), bytes: z.number(), lastAt: z.number() });
export type QueueSize = z.infer<typeof QueueSize>;

/** How much waits, and the last place that was ever given away (unix ms, 0 when there was none). */
export const queueSize = async (db: Db): Promise<QueueSize> => {
	const [row] = await db.execute(
		`SELECT count(*) AS count, coalesce(sum(bytes), 0) AS bytes,
			(SELECT max(coalesce(max(created_at), 0), coalesce(max(rank), 0)) FROM prompts) AS lastAt
		FROM prompts WHERE status = 'queued'`,
	);
	return QueueSize.parse(row);
};

/** How many prompts run before this one. */
export const promptsAhead = async (db: Db, prompt: PromptRow): Promise<number> => {
	const [row] = await db.execute(
		`SELECT count(*) AS count FROM prompts
		WHERE status = 'queued' AND (sent_now_by IS NULL, coalesce(rank, created_at)) < (?, ?)`,
		prompt.sentNowBy === undefined ? 1 : 0,
		rankOf(prompt),
	);
	return z.object({ count: z.number() }).parse(row).count;
};
