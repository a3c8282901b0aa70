import { SessionRow } from "@bullpen/domain/workspace";
import { z } from "zod";
import type { Db } from "../agent/db.ts";
import { jsonOf } from "./row.ts";

const Fields = z.record(z.string(), z.unknown());

export const putSession = async (db: Db, { id, version, kind: _, ...fields }: SessionRow): Promise<void> => {
	await db.execute(
		`INSERT INTO session (id, version, fields) VALUES (?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET version = excluded.version, fields = excluded.fields`,
		id,
		version,
		JSON.stringify(fields),
	);
};

/** Undefined until the workspace was initialised. */
export const readSession = async (db: Db): Promise<SessionRow | undefined> => {
	const [row] = await db.execute("SELECT id, version, fields FROM session");
	if (row === undefined) return undefined;
	const { fields, ...key } = row;
	return SessionRow.parse({ kind: "session", ...Fields.parse(jsonOf(fields)), ...key });
};
