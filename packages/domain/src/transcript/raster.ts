import type { ToolContent } from "./item.ts";

type Image = Extract<ToolContent, { type: "image" }>;
/** A picture of an agent with its file, as base64. */
export type Picture = Image & { readonly data: string };

/** A larger file would not fit one answer; more pixels would cost the page that shows it too much memory. */
export const PICTURE_BYTES_MAX = 600 * 1024;
const SIDE_MAX = 16_384;
const PIXELS_MAX = 40_000_000;

/**
 * A picture that an agent sent as base64, or null when it is not one of the raster formats, is broken, or is too large. What
 * the agent says of its type is not believed. Sources: PNG 3rd edition §11.2.1, GIF89a §18, WebP container (RFC 9649),
 * JPEG ITU-T T.81 annex B.
 */
export const pictureOf = (base64: string): Picture | null => {
	if (base64.length > Math.ceil((PICTURE_BYTES_MAX * 4) / 3) + 4) return null;
	const file = bytesOf(base64);
	if (file === null || file.length > PICTURE_BYTES_MAX) return null;
	const found = rasterOf(file);
	if (found === null || found.width * found.height > PIXELS_MAX) return null;
	return { type: "image", ...found, bytes: file.length, data: base64 };
};

/** What the first bytes of a picture in one of these formats say of it; null when they are none, or say too much. */
export const rasterOf = (file: Uint8Array): Found | null => {
	const found = png(file) ?? gif(file) ?? webp(file) ?? jpeg(file);
	if (found === null) return null;
	const { width, height } = found;
	return width < 1 || height < 1 || width > SIDE_MAX || height > SIDE_MAX ? null : found;
};

type Found = Pick<Image, "mimeType" | "width" | "height">;

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const SEXTETS: ReadonlyMap<number, number> = new Map(
	[...ALPHABET].map((char, value): [number, number] => [char.charCodeAt(0), value]),
);
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

const bytesOf = (base64: string): Uint8Array | null => {
	if (base64.length % 4 !== 0 || !BASE64.test(base64)) return null;
	const bytes = new Uint8Array((base64.length / 4) * 3 - (base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0));
	let buffer = 0;
	let bits = 0;
	let at = 0;
	for (let index = 0; index < base64.length && at < bytes.length; index++) {
		buffer = ((buffer << 6) | (SEXTETS.get(base64.charCodeAt(index)) ?? 0)) & 0xffff;
		bits += 6;
		if (bits < 8) continue;
		bits -= 8;
		bytes[at++] = (buffer >> bits) & 0xff;
	}
	return bytes;
};

const at = (file: Uint8Array, offset: number): number => file[offset] ?? 0;
const ascii = (file: Uint8Array, offset: number, length: number): string =>
	String.fromCharCode(...file.subarray(offset, offset + length));
const big16 = (file: Uint8Array, offset: number): number => at(file, offset) * 0x100 + at(file, offset + 1);
const big32 = (file: Uint8Array, offset: number): number => big16(file, offset) * 0x1_0000 + big16(file, offset + 2);
const little16 = (file: Uint8Array, offset: number): number => at(file, offset) + at(file, offset + 1) * 0x100;
const little24 = (file: Uint8Array, offset: number): number => little16(file, offset) + at(file, offset + 2) * 0x1_0000;

const png = (file: Uint8Array): Found | null =>
	ascii(file, 0, 8) === "\x89PNG\r\n\x1a\n" && ascii(file, 12, 4) === "IHDR"
		? { mimeType: "image/png", width: big32(file, 16), height: big32(file, 20) }
		: null;

const gif = (file: Uint8Array): Found | null =>
	/^GIF8[79]a$/.test(ascii(file, 0, 6))
		? { mimeType: "image/gif", width: little16(file, 6), height: little16(file, 8) }
		: null;

const webp = (file: Uint8Array): Found | null => {
	if (ascii(file, 0, 4) !== "RIFF" || ascii(file, 8, 4) !== "WEBP") return null;
	const mimeType = "image/webp";
	switch (ascii(file, 12, 4)) {
		case "VP8 ":
			return { mimeType, width: little16(file, 26) & 0x3fff, height: little16(file, 28) & 0x3fff };
		case "VP8L": {
			const packed = little24(file, 21) + at(file, 24) * 0x100_0000;
			return { mimeType, width: (packed & 0x3fff) + 1, height: (Math.floor(packed / 0x4000) & 0x3fff) + 1 };
		}
		case "VP8X":
			return { mimeType, width: little24(file, 24) + 1, height: little24(file, 27) + 1 };
		default:
			return null;
	}
};

/** The first frame header among the segments; a file that hides it behind none is not drawn. */
const jpeg = (file: Uint8Array): Found | null => {
	if (big16(file, 0) !== 0xffd8) return null;
	let offset = 2;
	while (offset + 9 <= file.length) {
		if (at(file, offset) !== 0xff) return null;
		const marker = at(file, offset + 1);
		if (marker === 0xff) offset += 1;
		else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
			return { mimeType: "image/jpeg", width: big16(file, offset + 7), height: big16(file, offset + 5) };
		} else offset += 2 + Math.max(2, big16(file, offset + 2));
	}
	return null;
};
