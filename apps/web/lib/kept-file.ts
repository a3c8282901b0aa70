import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { MessageAttachment } from "@bullpen/domain/message-attachment";
import { Problem } from "@bullpen/domain/problem";
import { fileName, thumbnailName } from "@bullpen/files/blob-store";
import { mimeTypeOf } from "./file-type.ts";
import type { Identity } from "./identity.ts";
import { mayBeShown, RASTER_HEAD_BYTES, shownAs } from "./thumbnail.ts";

/**
 * Keeps the bytes of a file, and a thumbnail of a picture. The answer is what its bytes say that it is.
 * @throws Problem `text_empty`, and whatever `body` throws: then something of it may be there
 */
export async function keepFile(
	{ settings: { limits }, blobs }: Pick<Identity, "settings" | "blobs">,
	roomId: string,
	id: string,
	body: AsyncIterable<Uint8Array>,
): Promise<Omit<MessageAttachment, "id" | "name">> {
	const head: Uint8Array[] = [];
	let bytes = 0;
	async function* seen(): AsyncGenerator<Uint8Array> {
		for await (const chunk of body) {
			if (bytes < RASTER_HEAD_BYTES) head.push(chunk);
			bytes += chunk.byteLength;
			yield chunk;
		}
	}
	await blobs.put(fileName(roomId, id), Readable.from(seen(), { objectMode: false }));
	if (bytes === 0) throw new Problem("text_empty", "There is nothing in this file.");
	const first = Buffer.concat(head);
	const about = { mimeType: mimeTypeOf(first), bytes };
	if (!mayBeShown(first, limits)) return about;
	const shown = await shownAs(async () => {
		const stored = await blobs.open(fileName(roomId, id));
		return stored === undefined ? Buffer.alloc(0) : buffer(stored.stream);
	}, limits);
	if (shown === null) return about;
	await blobs.put(thumbnailName(roomId, id), Readable.from([shown.thumbnail]));
	return { ...about, width: shown.width, height: shown.height };
}
