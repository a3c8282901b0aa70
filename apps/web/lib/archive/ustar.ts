import type { FileHandle } from "node:fs/promises";
import { Problem } from "@bullpen/domain/problem";

/** A file in an archive: where its bytes are. */
export interface TarEntry {
	readonly name: string;
	readonly start: number;
	readonly bytes: number;
}

const BLOCK = 512;
/** The largest size that eleven octal digits can say. */
const BYTES_MAX = 8 ** 11 - 1;
const NAME_BYTES = 100;

/**
 * Where the fields of a header begin, and how long they are (POSIX.1-2001, pax: "ustar Interchange Format"). Only plain files
 * with short names are written and read: no folders, links, devices, long names, sparse files or pax records.
 */
const FIELD = {
	name: [0, NAME_BYTES],
	mode: [100, 8],
	uid: [108, 8],
	gid: [116, 8],
	size: [124, 12],
	mtime: [136, 12],
	checksum: [148, 8],
	type: [156, 1],
	link: [157, 100],
	magic: [257, 6],
	version: [263, 2],
	prefix: [345, 155],
} as const;

/** `at`: unix ms. */
export function tarHeader(name: string, bytes: number, at: number): Buffer {
	if (Buffer.byteLength(name) > NAME_BYTES || bytes > BYTES_MAX) throw new Error(`${name} does not fit a tar file`);
	const header = Buffer.alloc(BLOCK);
	const put = ([start, length]: readonly [number, number], text: string): void => {
		header.write(text, start, length, "utf8");
	};
	const octal = (value: number, [, length]: readonly [number, number]): string =>
		value.toString(8).padStart(length - 1, "0");
	put(FIELD.name, name);
	put(FIELD.mode, octal(0o600, FIELD.mode));
	put(FIELD.uid, octal(0, FIELD.uid));
	put(FIELD.gid, octal(0, FIELD.gid));
	put(FIELD.size, octal(bytes, FIELD.size));
	put(FIELD.mtime, octal(Math.floor(at / 1000), FIELD.mtime));
	put(FIELD.type, "0");
	put(FIELD.magic, "ustar\0");
	put(FIELD.version, "00");
	put(FIELD.checksum, `${checksumOf(header).toString(8).padStart(6, "0")}\0 `);
	return header;
}

/** What stands between a file's last byte and the next header. */
export const tarPadding = (bytes: number): Buffer => Buffer.alloc((BLOCK - (bytes % BLOCK)) % BLOCK);
export const TAR_END = Buffer.alloc(2 * BLOCK);

/**
 * The files in an archive, in their order, without reading them.
 * @throws Problem `bad_input` for whatever is no plain file under a name that may be there, that is there twice, or not whole
 */
export async function* tarEntries(file: FileHandle, mayBeThere: (name: string) => boolean): AsyncGenerator<TarEntry> {
	const { size } = await file.stat();
	const seen = new Set<string>();
	const header = Buffer.alloc(BLOCK);
	for (let at = 0; ; ) {
		const { bytesRead } = await file.read(header, 0, BLOCK, at);
		if (bytesRead < BLOCK) throw refused("It breaks off.");
		if (header.every((byte) => byte === 0)) return;
		const entry = entryIn(header, at + BLOCK);
		if (!mayBeThere(entry.name)) throw refused("It has something in it that no export has.", { name: entry.name });
		if (seen.has(entry.name)) throw refused("It has a file twice.", { name: entry.name });
		if (entry.start + entry.bytes > size) throw refused("It breaks off.", { name: entry.name });
		seen.add(entry.name);
		yield entry;
		at = entry.start + entry.bytes + tarPadding(entry.bytes).length;
	}
}

function entryIn(header: Buffer, start: number): TarEntry {
	const text = ([from, length]: readonly [number, number]): string =>
		header.toString("latin1", from, from + length).replace(/\0.*$/s, "");
	const octal = (field: readonly [number, number]): number => {
		const digits = text(field).trim();
		return /^[0-7]{1,11}$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
	};
	const isTar = text(FIELD.magic).startsWith("ustar") && octal(FIELD.checksum) === checksumOf(header);
	if (!isTar) throw refused("It is not a tar file, or it is damaged.");
	const name = text(FIELD.name);
	const type = text(FIELD.type);
	const isPlain = (type === "0" || type === "") && text(FIELD.link) === "" && text(FIELD.prefix) === "";
	if (!isPlain) throw refused("It has something else in it than plain files.", { name: shown(name) });
	const bytes = octal(FIELD.size);
	if (Number.isNaN(bytes)) throw refused("A file in it has no size.", { name: shown(name) });
	return { name: shown(name), start, bytes };
}

/** The sum of its bytes, those of the sum itself as spaces. */
function checksumOf(header: Buffer): number {
	const [start, length] = FIELD.checksum;
	return header.reduce((sum, byte, at) => sum + (at >= start && at < start + length ? 0x20 : byte), 0);
}

/** Nothing that a terminal would take for a command. */
const shown = (name: string): string => name.replace(/[^\x20-\x7e]/g, "?");

const refused = (sentence: string, details: { name?: string } = {}): Problem =>
	new Problem("bad_input", `This is not an archive of a room. ${sentence}`, details);
