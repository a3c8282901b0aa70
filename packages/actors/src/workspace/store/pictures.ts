import { ImageFile } from "@bullpen/domain/transcript/search";
import type { z } from "zod";
import type { Db } from "../agent/db.ts";

interface Kept {
	readonly itemId: number;
	readonly position: number;
	readonly mimeType: string;
	readonly data: string;
}

/** Keeps the file of a picture, and forgets the oldest above `keptMax`. */
export const putPicture = async (db: Db, picture: Kept, keptMax: number): Promise<void> => {
	const { itemId, position, mimeType, data } = picture;
	await db.execute("INSERT OR REPLACE INTO pictures VALUES (?, ?, ?, ?)", itemId, position, mimeType, data);
	await db.execute(
		`DELETE FROM pictures WHERE (item_id, position) IN
		(SELECT item_id, position FROM pictures ORDER BY item_id DESC, position DESC LIMIT 100 OFFSET ?)`,
		keptMax,
	);
};

export const pictureAt = async (
	db: Db,
	itemId: number,
	position: number,
): Promise<z.infer<typeof ImageFile> | undefined> => {
	const [row] = await db.execute(
		"SELECT mime_type AS mimeType, data FROM pictures WHERE item_id = ? AND position = ?",
		itemId,
		position,
	);
	return row === undefined ? undefined : ImageFile.parse(row);
};
