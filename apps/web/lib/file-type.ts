/**
 * What a file is by its first bytes, as far as anybody needs to know who does not open it. Whatever could do something in a
 * page (HTML, SVG, scripts) is plain text here. Sources: the formats' own signatures, as in the WHATWG MIME Sniffing standard.
 */
export function mimeTypeOf(head: Uint8Array): string {
	const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, LOOKED_AT)).toString("latin1");
	const found = SIGNATURES.find(([, ...parts]) => parts.every(([at, bytes]) => start.startsWith(bytes, at)));
	return found?.[0] ?? (isText(head) ? "text/plain" : "application/octet-stream");
}

const LOOKED_AT = 4096;

/** Bytes as Latin-1, and where each part of them stands. The first that fits is it. */
const SIGNATURES: readonly (readonly [mimeType: string, ...(readonly [at: number, bytes: string])[]])[] = [
	["image/png", [0, "\x89PNG\r\n\x1a\n"]],
	["image/gif", [0, "GIF87a"]],
	["image/gif", [0, "GIF89a"]],
	["image/jpeg", [0, "\xff\xd8\xff"]],
	["image/webp", [0, "RIFF"], [8, "WEBPVP8"]],
	["image/avif", [4, "ftypavif"]],
	["image/heic", [4, "ftyphei"]],
	["image/heic", [4, "ftypmif1"]],
	["image/tiff", [0, "II*\0"]],
	["image/tiff", [0, "MM\0*"]],
	["application/pdf", [0, "%PDF-"]],
	["application/zip", [0, "PK\x03\x04"]],
	["application/zip", [0, "PK\x05\x06"]],
	["application/gzip", [0, "\x1f\x8b\x08"]],
	["application/x-7z-compressed", [0, "7z\xbc\xaf\x27\x1c"]],
	["application/zstd", [0, "\x28\xb5\x2f\xfd"]],
	["audio/mp4", [4, "ftypM4A"]],
	["video/quicktime", [4, "ftypqt"]],
	["video/mp4", [4, "ftyp"]],
	["video/webm", [0, "\x1a\x45\xdf\xa3"]],
	["audio/mpeg", [0, "ID3"]],
	["audio/mpeg", [0, "\xff\xfb"]],
	["audio/ogg", [0, "OggS"]],
	["audio/flac", [0, "fLaC"]],
	["audio/wav", [0, "RIFF"], [8, "WAVE"]],
];

/** Valid UTF-8 without control characters but white space and escape. The last character may be cut. */
function isText(head: Uint8Array): boolean {
	if (head.some((byte) => byte === 0x7f || (byte < 0x20 && byte !== 0x1b && (byte < 0x09 || byte > 0x0d))))
		return false;
	try {
		new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
		return true;
	} catch {
		return false; // not UTF-8
	}
}
