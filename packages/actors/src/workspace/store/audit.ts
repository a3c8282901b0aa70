import { type AuditAct, AuditEntry } from "@bullpen/domain/permission";
import type { Db } from "../agent/db.ts";
import { jsonOf } from "./row.ts";

/** In the order in which they were decided. The table refuses to change or forget one. */
export const putAudit = async (db: Db, acts: readonly { at: number; act: AuditAct }[]): Promise<void> => {
	await db.execute(
		"INSERT INTO audit (at, act) SELECT value->>'at', value->'act' FROM json_each(?) ORDER BY key",
		JSON.stringify(acts),
	);
};

/** Entries below `before`, newest first. */
export const auditBelow = async (db: Db, before: number, limit: number): Promise<AuditEntry[]> =>
	(await db.execute("SELECT id, at, act FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?", before, limit)).map((row) =>
		AuditEntry.parse({ ...row, act: jsonOf(row.act) }),
	);
