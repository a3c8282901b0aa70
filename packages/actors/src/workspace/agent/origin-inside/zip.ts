import { createReadStream, fstatSync, readSync } from "node:fs";
import { crc32, createInflateRaw } from "node:zlib";
import { type Entry, partsOf } from "./entry.ts";
import { Refused } from "./refused.ts";

const END_BYTES = 22;
const COMMENT_BYTES_MAX = 0xffff;
const HEADER_BYTES = 46;
const DIRECTORY_BYTES_MAX = 64 * 1024 * 1024;

/** What its directory says of an entry (PKWARE APPNOTE 6.3.10, 4.3.12). */
interface Listed {
	readonly name: string;
	readonly mode: number;
	readonly method: number;
	readonly crc: number;
	readonly packed: number;
	readonly bytes: number;
	readonly at: number;
}

/** The entries of a zip archive in an open file. @throws Refused */
export function* zipEntries(file: number, entriesMax: number): Generator<Entry> {
	const { size } = fstatSync(file);
	const listed = [...directoryOf(file, size, entriesMax)];
	if (listed.reduce((sum, { packed }) => sum + packed, 0) > size) throw new Refused("damaged", "Its entries overlap.");
	for (const one of listed) {
		// What a Mac puts beside files, for itself.
		if (one.name.startsWith("__MACOSX/")) continue;
		const kind = one.mode & 0o170000;
		if (kind !== 0 && kind !== 0o100000 && kind !== 0o040000) throw new Refused("link", one.name);
		const parts = partsOf(one.name);
		if (parts === undefined) continue;
		const isFolder = one.name.endsWith("/") || kind === 0o040000;
		yield {
			parts,
			isFolder,
			isExecutable: (one.mode & 0o111) !== 0,
			bytes: one.bytes,
			read: () => contentOf(file, size, one),
		};
	}
}

/** @throws Refused */
function* directoryOf(file: number, size: number, entriesMax: number): Generator<Listed> {
	const tail = bytesAt(
		file,
		Math.max(0, size - END_BYTES - COMMENT_BYTES_MAX),
		Math.min(size, END_BYTES + COMMENT_BYTES_MAX),
	);
	let end = tail.length - END_BYTES;
	while (
		end >= 0 &&
		!(tail.readUInt32LE(end) === 0x06054b50 && tail.readUInt16LE(end + 20) === tail.length - end - END_BYTES)
	) {
		end--;
	}
	if (end < 0) throw new Refused("damaged", "It has no directory.");
	const [count, length, from] = [tail.readUInt16LE(end + 10), tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
	if (count === 0xffff || length === 0xffff_ffff || from === 0xffff_ffff) throw new Refused("too_large");
	if (count > entriesMax) throw new Refused("too_many_files");
	if (length > DIRECTORY_BYTES_MAX || from + length > size) throw new Refused("damaged", "Its directory is none.");
	const directory = bytesAt(file, from, length);
	for (let at = 0, index = 0; index < count; index++) {
		if (at + HEADER_BYTES > directory.length || directory.readUInt32LE(at) !== 0x02014b50) {
			throw new Refused("damaged", "Its directory is none.");
		}
		const flags = directory.readUInt16LE(at + 8);
		const [nameBytes, extra, comment] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field));
		const nameEnd = at + HEADER_BYTES + (nameBytes ?? 0);
		const raw = directory.subarray(at + HEADER_BYTES, nameEnd);
		if (nameEnd > directory.length) throw new Refused("damaged", "A name is too long.");
		const name = textOf(raw).replaceAll("\\", "/");
		if ((flags & 1) !== 0) throw new Refused("encrypted", name);
		const isUnix = directory.readUInt8(at + 5) === 3;
		yield {
			name,
			mode: isUnix ? directory.readUInt32LE(at + 38) >>> 16 : 0,
			method: directory.readUInt16LE(at + 10),
			crc: directory.readUInt32LE(at + 16),
			packed: directory.readUInt32LE(at + 20),
			bytes: directory.readUInt32LE(at + 24),
			at: directory.readUInt32LE(at + 42),
		};
		at = nameEnd + (extra ?? 0) + (comment ?? 0);
	}
}

/** @throws Refused `damaged` when it is not what the directory says */
async function* contentOf(
	file: number,
	size: number,
	{ name, at, packed, method, bytes, crc }: Listed,
): AsyncGenerator<Uint8Array> {
	const header = bytesAt(file, at, 30);
	if (header.length < 30 || header.readUInt32LE(0) !== 0x04034b50) throw new Refused("damaged", name);
	const start = at + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
	if (start + packed > size) throw new Refused("damaged", name);
	if (method !== 0 && method !== 8) throw new Refused("unknown_format", name);
	let [seen, sum] = [0, 0];
	for await (const piece of unpacked(file, { start, packed, isDeflated: method === 8 })) {
		seen += piece.length;
		if (seen > bytes) throw new Refused("damaged", name);
		sum = crc32(piece, sum);
		yield piece;
	}
	if (seen !== bytes || sum !== crc) throw new Refused("damaged", name);
}

async function* unpacked(
	file: number,
	{ start, packed, isDeflated }: { start: number; packed: number; isDeflated: boolean },
): AsyncGenerator<Uint8Array> {
	if (packed === 0) return;
	const raw = createReadStream("", { fd: file, autoClose: false, start, end: start + packed - 1 });
	if (!isDeflated) {
		yield* raw as AsyncIterable<Buffer>; // without an encoding, a stream of a file is of buffers
		return;
	}
	const inflate = createInflateRaw();
	raw.on("error", (error) => inflate.destroy(error)).pipe(inflate);
	try {
		yield* inflate as AsyncIterable<Buffer>;
	} catch {
		throw new Refused("damaged", "It cannot be unpacked.");
	}
}

function bytesAt(file: number, from: number, length: number): Buffer {
	const bytes = Buffer.alloc(length);
	let read = 0;
	while (read < length) {
		const more = readSync(file, bytes, read, length - read, from + read);
		if (more === 0) break;
		read += more;
	}
	return bytes.subarray(0, read);
}

/** UTF-8 where it is that, as it is with everything made today. */
function textOf(raw: Buffer): string {
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(raw);
	} catch {
		return raw.toString("latin1");
	}
}
