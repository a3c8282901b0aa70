/** Pixels of a side: enough for the largest place a picture is shown, twice as fine. */
const SIDE = 256;

/** A picture of any size as a small square one, drawn afresh: nothing but its pixels is sent. Null when it is none. */
export async function smallPicture(file: File): Promise<Blob | null> {
	const bitmap = await createImageBitmap(file).catch(() => null); // not a picture this browser can read
	if (bitmap === null) return null;
	const side = Math.min(bitmap.width, bitmap.height);
	const canvas = new OffscreenCanvas(SIDE, SIDE);
	const [x, y] = [(bitmap.width - side) / 2, (bitmap.height - side) / 2];
	canvas.getContext("2d")?.drawImage(bitmap, x, y, side, side, 0, 0, SIDE, SIDE);
	bitmap.close();
	return canvas.convertToBlob({ type: "image/webp", quality: 0.9 });
}
