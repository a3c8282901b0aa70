import { PermissionRow } from "@bullpen/domain/workspace";
import type { Db } from "../agent/db.ts";
import { jsonOf, present } from "./row.ts";

const COLUMNS = `id, version, turn_id AS turnId, tool_call_id AS toolCallId, title, detail, options, status,
	asked_at AS askedAt, expires_at AS expiresAt, option_id AS optionId, answered_by AS answeredBy,
	answered_at AS answeredAt, tool_kind AS toolKind, target, votes, rule_id AS ruleId`;

const toPermission = (row: Record<string, unknown>): PermissionRow =>
	PermissionRow.parse({
		kind: "permission",
		...present(row),
		options: jsonOf(row.options),
		...(row.votes === null ? {} : { votes: jsonOf(row.votes) }),
	});

export const putPermissions = async (db: Db, rows: readonly PermissionRow[]): Promise<void> => {
	await db.execute(
		`INSERT INTO permissions (id, version, turn_id, tool_call_id, title, detail, options, status, asked_at, expires_at,
			option_id, answered_by, answered_at, tool_kind, target, votes, rule_id)
		SELECT value->>'id', value->>'version', value->>'turnId', value->>'toolCallId', value->>'title', value->>'detail',
			value->'options', value->>'status', value->>'askedAt', value->>'expiresAt', value->>'optionId',
			value->>'answeredBy', value->>'answeredAt', value->>'toolKind', value->>'target', value->'votes',
			value->>'ruleId' FROM json_each(?) WHERE true
		ON CONFLICT (id) DO UPDATE SET version = excluded.version, status = excluded.status,
			option_id = excluded.option_id, answered_by = excluded.answered_by, answered_at = excluded.answered_at,
			votes = excluded.votes, rule_id = excluded.rule_id`,
		JSON.stringify(rows),
	);
};

export const permissionsAfter = async (db: Db, version: number, limit: number): Promise<PermissionRow[]> =>
	(
		await db.execute(`SELECT ${COLUMNS} FROM permissions WHERE version > ? ORDER BY version LIMIT ?`, version, limit)
	).map(toPermission);

export const permissionById = async (db: Db, id: string): Promise<PermissionRow | undefined> =>
	(await db.execute(`SELECT ${COLUMNS} FROM permissions WHERE id = ?`, id)).map(toPermission)[0];

export const permissionsOfTurns = async (db: Db, turnIds: readonly string[], limit: number): Promise<PermissionRow[]> =>
	(
		await db.execute(
			`SELECT ${COLUMNS} FROM permissions WHERE turn_id IN (SELECT value FROM json_each(?))
			ORDER BY asked_at DESC LIMIT ?`,
			JSON.stringify(turnIds),
			limit,
		)
	).map(toPermission);

/** Every question that waits, the one that expires first before the others. An agent has few open at a time. */
export const pendingPermissions = async (db: Db): Promise<PermissionRow[]> =>
	(await db.execute(`SELECT ${COLUMNS} FROM permissions WHERE status = 'pending' ORDER BY expires_at LIMIT 1000`)).map(
		toPermission,
	);
