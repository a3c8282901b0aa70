import { ItemRow } from "@bullpen/domain/transcript/item";
import type { Db } from "../agent/db.ts";
import { jsonOf } from "./row.ts";

const COLUMNS = "id, version, turn_id AS turnId, at, body";

const toItem = (row: Record<string, unknown>): ItemRow =>
	ItemRow.parse({ kind: "item", ...row, body: jsonOf(row.body) });

export const putItems = async (db: Db, rows: readonly ItemRow[]): Promise<void> => {
	await db.execute(
		`INSERT INTO items (id, version, turn_id, at, body)
		SELECT value->>'id', value->>'version', value->>'turnId', value->>'at', value->'body' FROM json_each(?) WHERE true
		ON CONFLICT (id) DO UPDATE SET version = excluded.version, body = excluded.body`,
		JSON.stringify(rows),
	);
};

export const itemsAfter = async (db: Db, version: number, limit: number): Promise<ItemRow[]> =>
	(await db.execute(`SELECT ${COLUMNS} FROM items WHERE version > ? ORDER BY version LIMIT ?`, version, limit)).map(
		toItem,
	);

/** The newest items below `before`, newest first. */
export const itemsBelow = async (db: Db, before: number, limit: number): Promise<ItemRow[]> =>
	(await db.execute(`SELECT ${COLUMNS} FROM items WHERE id < ? ORDER BY id DESC LIMIT ?`, before, limit)).map(toItem);

export const itemsOfTurn = async (db: Db, turnId: string): Promise<ItemRow[]> =>
	(await db.execute(`SELECT ${COLUMNS} FROM items WHERE turn_id = ? ORDER BY id`, turnId)).map(toItem);

export const itemById = async (db: Db, id: number): Promise<ItemRow | undefined> =>
	(await db.execute(`SELECT ${COLUMNS} FROM items WHERE id = ?`, id)).map(toItem)[0];
