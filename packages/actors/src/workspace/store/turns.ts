import { TurnRow } from "@bullpen/domain/workspace";
import { z } from "zod";
import type { Db } from "../agent/db.ts";
import { jsonOf, present } from "./row.ts";

const COLUMNS = `id, version, prompt_id AS promptId, status, started_at AS startedAt, ended_at AS endedAt,
	stop_reason AS stopReason, problem, cancelled_by AS cancelledBy, spending`;

const toTurn = ({ spending, ...row }: Record<string, unknown>): TurnRow =>
	TurnRow.parse({
		kind: "turn",
		...present(row),
		...(spending === null ? {} : { spending: jsonOf(spending) }),
	});

export const putTurns = async (db: Db, rows: readonly TurnRow[]): Promise<void> => {
	await db.execute(
		`INSERT INTO turns (id, version, prompt_id, status, started_at, ended_at, stop_reason, problem, cancelled_by, spending)
		SELECT value->>'id', value->>'version', value->>'promptId', value->>'status', value->>'startedAt',
			value->>'endedAt', value->>'stopReason', value->>'problem', value->>'cancelledBy', value->'spending' FROM json_each(?) WHERE true
		ON CONFLICT (id) DO UPDATE SET version = excluded.version, status = excluded.status,
			ended_at = excluded.ended_at, stop_reason = excluded.stop_reason, problem = excluded.problem,
			cancelled_by = excluded.cancelled_by, spending = excluded.spending`,
		JSON.stringify(rows),
	);
};

export const turnsAfter = async (db: Db, version: number, limit: number): Promise<TurnRow[]> =>
	(await db.execute(`SELECT ${COLUMNS} FROM turns WHERE version > ? ORDER BY version LIMIT ?`, version, limit)).map(
		toTurn,
	);

export const turnsById = async (db: Db, ids: readonly string[]): Promise<TurnRow[]> =>
	(
		await db.execute(`SELECT ${COLUMNS} FROM turns WHERE id IN (SELECT value FROM json_each(?))`, JSON.stringify(ids))
	).map(toTurn);

/** The turn as a commit sees it. */
export const turnInDraft = async (
	db: Db,
	draft: { pending(kind: "turn", id: string): { readonly kind: string } | undefined },
	id: string,
): Promise<TurnRow | undefined> => {
	const pending = TurnRow.safeParse(draft.pending("turn", id));
	return pending.success ? pending.data : (await turnsById(db, [id]))[0];
};

/** The table's own index keeps it to one. */
export const runningTurn = async (db: Db): Promise<TurnRow | undefined> =>
	(await db.execute(`SELECT ${COLUMNS} FROM turns WHERE status = 'running'`)).map(toTurn)[0];

/** When the agent last began or ended something, unix ms; 0 before its first turn. */
export const lastTurnAt = async (db: Db): Promise<number> => {
	const [row] = await db.execute("SELECT coalesce(max(coalesce(ended_at, started_at)), 0) AS at FROM turns");
	return z.object({ at: z.number() }).parse(row).at;
};
