import type { FileHandle } from "node:fs/promises";
import { Problem } from "@bullpen/domain/problem";
import type { TarEntry } from "./ustar.ts";

const NEWLINE = 0x0a;

/**
 * The lines of a file in an archive, one after the other: never more in memory than a line and what was just read.
 * @throws Problem `bad_input` with `line` for one that is too long, empty, or not UTF-8
 */
export async function* linesOf(file: FileHandle, entry: TarEntry, bytesMax: number): AsyncGenerator<string> {
	let line = 0;
	let kept: Uint8Array[] = [];
	let bytes = 0;
	const ended = (): string => {
		line += 1;
		const text = decoded(Buffer.concat(kept), entry.name, line);
		kept = [];
		bytes = 0;
		return text;
	};
	for await (const chunk of bytesOf(file, entry)) {
		for (let from = 0; from < chunk.length; ) {
			const end = chunk.indexOf(NEWLINE, from);
			const piece = chunk.subarray(from, end < 0 ? chunk.length : end);
			bytes += piece.length;
			if (bytes > bytesMax) throw refused(`It is longer than ${bytesMax} bytes.`, entry.name, line + 1);
			kept.push(piece);
			if (end < 0) break;
			yield ended();
			from = end + 1;
		}
	}
	if (bytes > 0) yield ended();
}

/** @throws Problem `bad_input` */
export async function textOf(file: FileHandle, entry: TarEntry, bytesMax: number): Promise<string> {
	if (entry.bytes > bytesMax)
		throw new Problem("bad_input", `${entry.name} is too large.`, { file: entry.name, bytesMax });
	const chunks: Uint8Array[] = [];
	for await (const chunk of bytesOf(file, entry)) chunks.push(chunk);
	return decoded(Buffer.concat(chunks), entry.name, 1);
}

/** The bytes of a file in an archive, as a stream that leaves the archive open. */
export async function* bytesOf(file: FileHandle, { start, bytes }: TarEntry): AsyncGenerator<Buffer> {
	for (let at = 0; at < bytes; ) {
		const buffer = Buffer.allocUnsafe(Math.min(CHUNK, bytes - at));
		const { bytesRead } = await file.read(buffer, 0, buffer.length, start + at);
		if (bytesRead === 0) throw new Error("an archive became shorter while it was read");
		at += bytesRead;
		yield buffer.subarray(0, bytesRead);
	}
}

const CHUNK = 256 * 1024;

function decoded(bytes: Uint8Array, file: string, line: number): string {
	if (bytes.length === 0) throw refused("It is empty.", file, line);
	try {
		return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		throw refused("It is not UTF-8.", file, line);
	}
}

const refused = (sentence: string, file: string, line: number): Problem =>
	new Problem("bad_input", `${file}, line ${line}: ${sentence}`, { file, line });
