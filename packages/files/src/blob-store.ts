import type { Readable } from "node:stream";
import { RoomId } from "@bullpen/domain/id";
import { MessageAttachmentId } from "@bullpen/domain/message-attachment";

/** What was kept under a name. Whoever opens it reads `stream` to its end, or destroys it. */
export interface Blob {
	readonly bytes: number;
	readonly stream: Readable;
}

/** Where bytes are kept by their names: a folder of this machine, or anything that can do these three. */
export interface BlobStore {
	/** Keeps all of it or nothing, in place of what has this name. Rejects with what `bytes` failed with. */
	put(name: BlobName, bytes: Readable): Promise<void>;
	open(name: BlobName): Promise<Blob | undefined>;
	/** Twice is once. */
	remove(name: BlobName): Promise<void>;
}

/** `<room>/<file>` or `<room>/<file>.thumbnail`: letters, digits and dashes, so that it is a path or key anywhere. */
export type BlobName = `${string}/${string}`;

/** @throws when one of them is no id: nobody's words become a path. */
export const fileName = (roomId: string, attachmentId: string): BlobName =>
	`${RoomId.parse(roomId)}/${MessageAttachmentId.parse(attachmentId)}`;

export const thumbnailName = (roomId: string, attachmentId: string): BlobName =>
	`${fileName(roomId, attachmentId)}.thumbnail`;

/** A file of a message with everything that was made of it. */
export async function removeFile(
	store: Pick<BlobStore, "remove">,
	roomId: string,
	attachmentId: string,
): Promise<void> {
	await store.remove(thumbnailName(roomId, attachmentId));
	await store.remove(fileName(roomId, attachmentId));
}
