import fc from "fast-check";
import { expect, test } from "vitest";
import { PICTURE_BYTES_MAX, pictureOf } from "./raster.ts";

const base64 = (...parts: (string | number[])[]): string =>
	Buffer.concat(
		parts.map((part) => Buffer.from(typeof part === "string" ? Buffer.from(part, "latin1") : part)),
	).toString("base64");
const png = (width: number, height: number, size = 64) => {
	const file = Buffer.alloc(size);
	file.write("\x89PNG\r\n\x1a\n", 0, "latin1");
	file.write("IHDR", 12, "latin1");
	file.writeUInt32BE(width, 16);
	file.writeUInt32BE(height, 20);
	return file.toString("base64");
};

test("[TR27] a picture is what its bytes say, whatever the agent calls it", () => {
	expect(pictureOf(png(640, 480))).toMatchObject({ mimeType: "image/png", width: 640, height: 480, bytes: 64 });
	expect(pictureOf(base64("GIF89a", [2, 0, 3, 0], "rest..rest"))).toMatchObject({
		mimeType: "image/gif",
		width: 2,
		height: 3,
	});
	const vp8x = base64("RIFF....WEBPVP8X", [10, 0, 0, 0, 0, 0, 0, 0], [9, 0, 0], [4, 0, 0]);
	expect(pictureOf(vp8x)).toMatchObject({ mimeType: "image/webp", width: 10, height: 5 });
	const jpeg = base64([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc0, 0, 11, 8, 0, 20, 0, 30, 1, 1, 1, 0]);
	expect(pictureOf(jpeg)).toMatchObject({ mimeType: "image/jpeg", width: 30, height: 20 });
});

test("[TR27] markup, broken base64, giants in bytes or in pixels, and empty ones are none", () => {
	expect(pictureOf(base64("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"))).toBeNull();
	expect(pictureOf("not base64!")).toBeNull();
	expect(pictureOf("")).toBeNull();
	expect(pictureOf(png(0, 10))).toBeNull();
	expect(pictureOf(png(30_000, 30_000))).toBeNull();
	expect(pictureOf(png(10, 10, PICTURE_BYTES_MAX + 1))).toBeNull();
	expect(pictureOf(png(10, 10, PICTURE_BYTES_MAX))).not.toBeNull();
});

test("[TR14] no bytes whatever make it throw", () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 64 }), fc.constantFrom("", "RIFF....WEBP", "GIF89a"), (bytes, head) => {
			const found = pictureOf(base64(head, [...bytes]));
			if (found !== null) expect(found.width * found.height).toBeGreaterThan(0);
		}),
	);
});
