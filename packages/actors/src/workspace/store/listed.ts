import { z } from "zod";
import type { Db } from "../agent/db.ts";

/** The print of what the directory has acknowledged; empty while it has not acknowledged anything. */
export const readListed = async (db: Db): Promise<string> => {
	const [row] = await db.execute("SELECT print FROM listed");
	return row === undefined ? "" : z.object({ print: z.string() }).parse(row).print;
};

export const keepListed = async (db: Db, print: string): Promise<void> => {
	await db.execute(
		"INSERT INTO listed (id, print) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET print = excluded.print",
		print,
	);
};
