import { createWriteStream } from "node:fs";
import { mkdir, readdir, rename, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Entry } from "./entry.ts";
import { Refused } from "./refused.ts";

interface PutBounds {
	readonly bytesMax: number;
	readonly entriesMax: number;
}

/**
 * Writes entries into an empty folder: nothing twice, nothing beyond the bounds, whatever their headers say. A folder that
 * an entry only stands in counts as one.
 * @throws Refused
 */
export async function putEntries(
	root: string,
	entries: AsyncIterable<Entry> | Iterable<Entry>,
	{ bytesMax, entriesMax }: PutBounds,
): Promise<void> {
	let [bytes, count] = [0, 0];
	const folders = new Set<string>();
	const bounded = async function* (entry: Entry): AsyncGenerator<Uint8Array> {
		for await (const piece of entry.read()) {
			bytes += piece.length;
			if (bytes > bytesMax) throw new Refused("too_large");
			yield piece;
		}
	};
	for await (const entry of entries) {
		const name = entry.parts.join("/");
		count += 1 + newFolders(entry.parts, folders);
		if (count > entriesMax) throw new Refused("too_many_files");
		if (bytes + entry.bytes > bytesMax) throw new Refused("too_large");
		try {
			const path = join(root, ...entry.parts);
			await mkdir(entry.isFolder ? path : join(root, ...entry.parts.slice(0, -1)), { recursive: true });
			if (entry.isFolder) continue;
			const mode = entry.isExecutable ? 0o755 : 0o644;
			await pipeline(Readable.from(bounded(entry)), createWriteStream(path, { flags: "wx", mode }));
		} catch (error) {
			const code = error instanceof Error && "code" in error ? error.code : undefined;
			if (code === "EEXIST" || code === "ENOTDIR" || code === "EISDIR") throw new Refused("twice", name);
			if (code === "ENAMETOOLONG") throw new Refused("bad_name", name);
			if (code === "EFBIG" || code === "ENOSPC") throw new Refused("too_large", name);
			throw error;
		}
	}
}

/** How many folders an entry stands in that were not there. */
function newFolders(parts: readonly string[], folders: Set<string>): number {
	let made = 0;
	for (let depth = parts.length - 1; depth > 0; depth--) {
		const folder = parts.slice(0, depth).join("/");
		if (folders.has(folder)) return made;
		folders.add(folder);
		made++;
	}
	return made;
}

/** An archive of one folder is that folder's content: its entries move up by one. */
export async function moveUp(root: string): Promise<void> {
	const [only, ...others] = await readdir(root, { withFileTypes: true });
	if (only === undefined || others.length > 0 || !only.isDirectory()) return;
	const aside = join(root, `.moving-${crypto.randomUUID()}`);
	await rename(join(root, only.name), aside);
	for (const name of await readdir(aside)) await rename(join(aside, name), join(root, name));
	await rmdir(aside);
}
