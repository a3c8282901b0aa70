import { WorkspaceMemberRow } from "@bullpen/domain/workspace";
import { z } from "zod";
import type { Db } from "../agent/db.ts";

const COLUMNS = "id, version, role, status, via, changed_at AS changedAt";

const toMember = ({ via, ...row }: Record<string, unknown>): WorkspaceMemberRow =>
	WorkspaceMemberRow.parse({ kind: "member", ...row, ...(via === null ? {} : { via }) });

export const putMembers = async (db: Db, rows: readonly WorkspaceMemberRow[]): Promise<void> => {
	await db.execute(
		`INSERT INTO members (id, version, role, status, via, changed_at)
		SELECT value->>'id', value->>'version', value->>'role', value->>'status', value->>'via',
			value->>'changedAt'
		FROM json_each(?) WHERE true
		ON CONFLICT (id) DO UPDATE SET version = excluded.version, role = excluded.role, status = excluded.status,
			via = excluded.via, changed_at = excluded.changed_at`,
		JSON.stringify(rows),
	);
};

export const membersAfter = async (db: Db, version: number, limit: number): Promise<WorkspaceMemberRow[]> =>
	(await db.execute(`SELECT ${COLUMNS} FROM members WHERE version > ? ORDER BY version LIMIT ?`, version, limit)).map(
		toMember,
	);

export const allMembers = async (db: Db): Promise<WorkspaceMemberRow[]> =>
	(await db.execute(`SELECT ${COLUMNS} FROM members ORDER BY changed_at, id`)).map(toMember);

const Noted = z.object({ id: z.string(), noted: z.string() });

/** By person: the print of the facts that their inbox has acknowledged. */
export const notedFacts = async (db: Db): Promise<Map<string, string>> =>
	new Map(
		(await db.execute("SELECT id, noted FROM members")).map((row) => {
			const { id, noted } = Noted.parse(row);
			return [id, noted];
		}),
	);

export const setNotedFacts = async (db: Db, id: string, noted: string): Promise<void> => {
	await db.execute("UPDATE members SET noted = ? WHERE id = ?", noted, id);
};
