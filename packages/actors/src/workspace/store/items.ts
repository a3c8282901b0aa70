import { ItemRow } from "@bullpen/domain/transcript/item";
import { z } from "zod";
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

/** The newest `count` items below `before`: the first and last id, and whether there are no older ones. Null for none. */
export const itemIdsBelow = async (
	db: Db,
	before: number,
	count: number,
): Promise<{ from: number; to: number; isAll: boolean } | null> => {
	const [row] = await db.execute(
		`SELECT min(id) AS "from", max(id) AS "to", min(id) = (SELECT min(id) FROM items) AS isAll
		FROM (SELECT id FROM items WHERE id < ? ORDER BY id DESC LIMIT ?)`,
		before,
		count,
	);
	const { from, to, isAll } = Range.parse(row);
	return from === null || to === null ? null : { from, to, isAll: isAll === 1 };
};
const Range = z.object({ from: z.number().nullable(), to: z.number().nullable(), isAll: z.number().nullable() });

/** What JSON writes as it is, and `LIKE` compares whatever its case. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/;

/** Items from `from` up to `before`, newest first, without those that cannot say `query` whatever the case. */
export const itemsThatMaySay = async (
	db: Db,
	query: string,
	{ from, before }: { from: number; before: number },
	limit: number,
): Promise<ItemRow[]> => {
	const pattern = PLAIN.test(query) ? `%${query.replaceAll(/[%_~]/g, "~$&")}%` : "%";
	const rows = await db.execute(
		`SELECT ${COLUMNS} FROM items WHERE id >= ? AND id < ? AND body LIKE ? ESCAPE '~' ORDER BY id DESC LIMIT ?`,
		from,
		before,
		pattern,
		limit,
	);
	return rows.map(toItem);
};
