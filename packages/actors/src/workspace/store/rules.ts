import { RuleRow } from "@bullpen/domain/permission";
import type { Db } from "../agent/db.ts";
import { jsonOf, present } from "./row.ts";

const COLUMNS = `id, version, tool_kind AS toolKind, target, made_by AS "by", created_at AS createdAt,
	revoked_by AS revokedBy, revoked_at AS revokedAt`;

const toRule = (row: Record<string, unknown>): RuleRow =>
	RuleRow.parse({ kind: "rule", ...present(row), by: jsonOf(row.by) });

export const putRules = async (db: Db, rows: readonly RuleRow[]): Promise<void> => {
	await db.execute(
		`INSERT INTO rules (id, version, tool_kind, target, made_by, created_at, revoked_by, revoked_at)
		SELECT value->>'id', value->>'version', value->>'toolKind', value->>'target', value->'by', value->>'createdAt',
			value->>'revokedBy', value->>'revokedAt' FROM json_each(?) WHERE true
		ON CONFLICT (id) DO UPDATE SET version = excluded.version, revoked_by = excluded.revoked_by,
			revoked_at = excluded.revoked_at`,
		JSON.stringify(rows),
	);
};

export const rulesAfter = async (db: Db, version: number, limit: number): Promise<RuleRow[]> =>
	(await db.execute(`SELECT ${COLUMNS} FROM rules WHERE version > ? ORDER BY version LIMIT ?`, version, limit)).map(
		toRule,
	);

/** Those that nobody took back, oldest first. They are bounded when they are made. */
export const standingRules = async (db: Db): Promise<RuleRow[]> =>
	(await db.execute(`SELECT ${COLUMNS} FROM rules WHERE revoked_at IS NULL ORDER BY created_at, id LIMIT 1000`)).map(
		toRule,
	);

export const ruleById = async (db: Db, id: string): Promise<RuleRow | undefined> =>
	(await db.execute(`SELECT ${COLUMNS} FROM rules WHERE id = ?`, id)).map(toRule)[0];
