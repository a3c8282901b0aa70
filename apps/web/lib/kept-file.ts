import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { Limits } from "@bullpen/domain/limits";
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
	{ settings: { limits }, blobs, pictureTurns }: Pick<Identity, "settings" | "blobs" | "pictureTurns">,
	{ roomId, userId, id }: { readonly roomId: string; readonly userId: string; readonly id: string },
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
	const { mimeType, isPicture } = seenAs(head.splice(0), limits); // none of it is held while it waits for its turn
	const about = { mimeType, bytes };
	if (!isPicture) return about;
	const shown = await pictureTurns.take(userId, async () => {
		const stored = await blobs.open(fileName(roomId, id));
		return stored === undefined ? null : shownAs(await buffer(stored.stream), limits);
	});
	if (shown === null) return about;
	await blobs.put(thumbnailName(roomId, id), Readable.from([shown.thumbnail]));
	return { ...about, width: shown.width, height: shown.height };
}

function seenAs(head: readonly Uint8Array[], limits: Limits): { mimeType: string; isPicture: boolean } {
	const first = Buffer.concat(head);
	return { mimeType: mimeTypeOf(first), isPicture: mayBeShown(first, limits) };
}
