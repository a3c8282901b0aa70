import type { Limits } from "@bullpen/domain/limits";
import { rasterOf } from "@bullpen/domain/transcript/raster";
import sharp from "sharp";

export interface Shown {
	/** Pixels, as it is to be seen: turned as the camera says. */
	readonly width: number;
	readonly height: number;
	/** WebP, without what the camera wrote beside the picture. */
	readonly thumbnail: Buffer;
}

/** Of what libvips reads, the four formats that are shown. */
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({
	operation: ["VipsForeignLoadPng", "VipsForeignLoadJpeg", "VipsForeignLoadNsgif", "VipsForeignLoadWebp"],
});
sharp.cache(false);
sharp.concurrency(1);

const SECONDS_MAX = 10;

/** How many of a picture's first bytes have to have its size. */
export const RASTER_HEAD_BYTES = 1024 * 1024;

/** Whether these are the first bytes of a picture that may be shown. */
export function mayBeShown(head: Uint8Array, limits: Pick<Limits, "messagePicturePixelsMax">): boolean {
	const found = rasterOf(head);
	return found !== null && found.width * found.height <= limits.messagePicturePixelsMax;
}

/**
 * The picture as it is shown; null when it cannot be read as one. Of a moving picture, where it begins. A hostile one takes the
 * memory of its pixels, so there should be one at a time.
 */
export async function shownAs(
	file: Buffer,
	limits: Pick<Limits, "messagePicturePixelsMax" | "thumbnailPixelsMax">,
): Promise<Shown | null> {
	const side = limits.thumbnailPixelsMax;
	const options = { limitInputPixels: limits.messagePicturePixelsMax, sequentialRead: true, failOn: "error" } as const;
	try {
		const { autoOrient } = await sharp(file, options).metadata();
		const thumbnail = await sharp(file, options)
			.timeout({ seconds: SECONDS_MAX })
			.autoOrient()
			.resize({ width: side, height: side, fit: "inside", withoutEnlargement: true })
			.webp({ quality: 80 })
			.toBuffer();
		return { width: autoOrient.width, height: autoOrient.height, thumbnail };
	} catch {
		return null; // libvips says only that it is broken or too much: then it is a file like any other
	}
}
