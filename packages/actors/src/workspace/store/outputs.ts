import { z } from "zod";
import type { Db } from "../agent/db.ts";

/** Keeps the whole output of a tool call whose line shows only its ends, and forgets the oldest above `keptMax`. */
export const putOutput = async (db: Db, itemId: number, text: string, keptMax: number): Promise<void> => {
	await db.execute("INSERT OR REPLACE INTO outputs (item_id, text) VALUES (?, ?)", itemId, text);
	await db.execute(
		"DELETE FROM outputs WHERE item_id <= (SELECT item_id FROM outputs ORDER BY item_id DESC LIMIT 1 OFFSET ?)",
		keptMax,
	);
};

export const outputOf = async (db: Db, itemId: number): Promise<string | undefined> => {
	const [row] = await db.execute("SELECT text FROM outputs WHERE item_id = ?", itemId);
	return row === undefined ? undefined : z.object({ text: z.string() }).parse(row).text;
};
