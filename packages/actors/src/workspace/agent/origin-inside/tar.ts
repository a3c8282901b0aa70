import { Bytes } from "./bytes.ts";
import { type Entry, partsOf } from "./entry.ts";
import { Refused } from "./refused.ts";

const BLOCK = 512;
const EXTENSION_BYTES_MAX = 64 * 1024;

/** What stands before an entry and changes it. */
interface Extension {
	readonly path?: string;
	readonly size?: number;
}

/**
 * The entries of a tar archive (POSIX.1-2017 pax, and GNU's long names). An entry is to be read before the next one is
 * asked for, or it is skipped.
 * @throws Refused
 */
export async function* tarEntries(source: AsyncIterable<Uint8Array>): AsyncGenerator<Entry> {
	const bytes = new Bytes(source);
	let extension: Extension = {};
	for (let index = 0; ; index++) {
		const header = await bytes.take(BLOCK);
		if (header === undefined || header.every((byte) => byte === 0)) return;
		if (!isSummedUp(header)) throw new Refused(index === 0 ? "unknown_format" : "damaged", "A header is not one.");
		const type = String.fromCharCode(header[156] ?? 0);
		const size = extension.size ?? numberAt(header, 124, 12);
		const rest = (BLOCK - (size % BLOCK)) % BLOCK;
		if (type === "x" || type === "L" || type === "g" || type === "K") {
			if (size > EXTENSION_BYTES_MAX) throw new Refused("damaged", "A name is too long.");
			const body = (await bytes.take(size)) ?? Buffer.alloc(0);
			await bytes.take(rest);
			if (type === "x") extension = { ...extension, ...paxOf(body) };
			if (type === "L") extension = { ...extension, path: textOf(body) };
			continue;
		}
		const name = extension.path ?? nameOf(header);
		extension = {};
		const isFolder = type === "5";
		if (!isFolder && type !== "0" && type !== "\0" && type !== "7") throw new Refused("link", name);
		const parts = partsOf(name);
		let isRead = isFolder;
		if (parts !== undefined) {
			const read = async function* (): AsyncGenerator<Uint8Array> {
				isRead = true;
				yield* bytes.pieces(size);
			};
			const isExecutable = (numberAt(header, 100, 8) & 0o111) !== 0;
			yield { parts, isFolder: isFolder || name.endsWith("/"), isExecutable, bytes: isFolder ? 0 : size, read };
		}
		if (!isRead) for await (const _ of bytes.pieces(size));
		if (!isFolder || size > 0) await bytes.take(rest);
	}
}

/** The sum of a header's bytes, its own field as spaces. */
function isSummedUp(header: Buffer): boolean {
	const said = /^ *([0-7]+)[\0 ]*$/.exec(header.subarray(148, 156).toString("latin1"))?.[1];
	let sum = 0;
	for (let at = 0; at < BLOCK; at++) sum += at >= 148 && at < 156 ? 0x20 : (header[at] ?? 0);
	return said !== undefined && sum === Number.parseInt(said, 8);
}

/** Octal text, or GNU's base 256. @throws Refused `damaged` */
function numberAt(header: Buffer, from: number, length: number): number {
	const field = header.subarray(from, from + length);
	if ((field[0] ?? 0) & 0x80) {
		const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, (field[0] ?? 0) & 0x7f);
		if (Number.isSafeInteger(value)) return value;
		throw new Refused("damaged", "A size is none.");
	}
	const text = field
		.toString("latin1")
		.replace(/[\0 ]+$/, "")
		.trim();
	if (!/^[0-7]*$/.test(text)) throw new Refused("damaged", "A number is none.");
	return text === "" ? 0 : Number.parseInt(text, 8);
}

function nameOf(header: Buffer): string {
	const name = textOf(header.subarray(0, 100));
	const isPosix = header.subarray(257, 263).toString("latin1") === "ustar\0";
	const prefix = isPosix ? textOf(header.subarray(345, 500)) : "";
	return prefix === "" ? name : `${prefix}/${name}`;
}

/** `length key=value\n`, again and again. @throws Refused `damaged` */
function paxOf(body: Buffer): Extension {
	const found: { path?: string; size?: number } = {};
	for (let at = 0; at < body.length; ) {
		const space = body.indexOf(0x20, at);
		const length = Number(body.subarray(at, Math.max(at, space)).toString("latin1"));
		if (space < 0 || !Number.isInteger(length) || length < 5 || at + length > body.length) {
			throw new Refused("damaged", "A long name is none.");
		}
		const record = body.subarray(space + 1, at + length - 1).toString("utf8");
		const equals = record.indexOf("=");
		const [key, value] = [record.slice(0, equals), record.slice(equals + 1)];
		if (key === "path") found.path = value;
		if (key === "size") found.size = sizeOf(value);
		if (key.startsWith("GNU.sparse")) throw new Refused("link", found.path ?? "");
		at += length;
	}
	return found;
}

function sizeOf(text: string): number {
	const size = Number(text);
	if (/^\d+$/.test(text) && Number.isSafeInteger(size)) return size;
	throw new Refused("damaged", "A size is none.");
}

/** Up to its first zero. */
function textOf(field: Buffer): string {
	const end = field.indexOf(0);
	return field.subarray(0, end < 0 ? field.length : end).toString("utf8");
}
