import { toBase64 } from "@bullpen/client/base64";
import { ATTACHMENT_BYTES_MAX, type AttachmentContent } from "@bullpen/domain/attachment";

/** Why a file cannot go with a prompt, in words for whoever chose it. */
export class UnreadableFile extends Error {
	override readonly name = "UnreadableFile";
}

const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];
/** Models look at pictures no larger than this; each try is smaller than the one before. */
const TRIES = [
	{ side: 2_048, quality: 0.9 },
	{ side: 1_568, quality: 0.85 },
	{ side: 1_024, quality: 0.75 },
];
const FILE_BYTES_MAX = 50_000_000;

/**
 * What is in a file somebody chose, dropped or pasted: a picture, made smaller where it is too large, or text.
 * @throws UnreadableFile
 */
export async function contentOf(file: File): Promise<AttachmentContent> {
	if (file.size > FILE_BYTES_MAX) throw new UnreadableFile("This file is too large.");
	if (file.type.startsWith("image/") && file.type !== "image/svg+xml") {
		const picture = PICTURES.includes(file.type) && file.size <= ATTACHMENT_BYTES_MAX ? file : await smaller(file);
		return { type: "image", data: toBase64(new Uint8Array(await picture.arrayBuffer())) };
	}
	if (file.size > ATTACHMENT_BYTES_MAX) throw new UnreadableFile("Text files can have 600 KB at most.");
	if (file.size === 0) throw new UnreadableFile("There is nothing in this file.");
	try {
		return { type: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer()) };
	} catch {
		throw new UnreadableFile("Only pictures and text files can go with a prompt.");
	}
}

async function smaller(file: File): Promise<Blob> {
	const bitmap = await createImageBitmap(file).catch(() => {
		throw new UnreadableFile("This browser cannot read this kind of picture.");
	});
	try {
		for (const { side, quality } of TRIES) {
			const picture = await drawn(bitmap, Math.min(1, side / Math.max(bitmap.width, bitmap.height)), quality);
			if (picture !== null && picture.size <= ATTACHMENT_BYTES_MAX) return picture;
		}
	} finally {
		bitmap.close();
	}
	throw new UnreadableFile("This picture could not be made small enough.");
}

/** JPEG: the one format that keeps screenshots and photos small and that every browser can write. */
function drawn(bitmap: ImageBitmap, scale: number, quality: number): Promise<Blob | null> {
	const canvas = document.createElement("canvas");
	canvas.width = Math.max(1, Math.round(bitmap.width * scale));
	canvas.height = Math.max(1, Math.round(bitmap.height * scale));
	const context = canvas.getContext("2d");
	if (context === null) return Promise.resolve(null);
	context.fillStyle = "white"; // what was transparent
	context.fillRect(0, 0, canvas.width, canvas.height);
	context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
	return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
}
