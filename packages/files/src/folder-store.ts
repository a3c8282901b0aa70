import { constants, createWriteStream } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Blob, BlobName, BlobStore } from "./blob-store.ts";

/** Blobs as files of a folder that is this server's alone. */
export class FolderStore implements BlobStore {
	readonly #folder: string;

	constructor(folder: string) {
		this.#folder = folder;
	}

	async put(name: BlobName, bytes: Readable): Promise<void> {
		const path = join(this.#folder, name);
		const beside = `${path}.part`;
		try {
			await mkdir(dirname(path), { recursive: true, mode: 0o700 });
			await pipeline(bytes, createWriteStream(beside, { mode: 0o600, flush: true }));
			await rename(beside, path);
		} finally {
			await rm(beside, { force: true });
		}
	}

	async open(name: BlobName): Promise<Blob | undefined> {
		const file = await open(join(this.#folder, name), constants.O_RDONLY | constants.O_NOFOLLOW).catch(ifAbsent);
		if (file === undefined) return undefined;
		try {
			const { size: bytes } = await file.stat();
			return { bytes, stream: file.createReadStream() };
		} catch (error) {
			await file.close();
			throw error;
		}
	}

	async remove(name: BlobName): Promise<void> {
		const path = join(this.#folder, name);
		await rm(`${path}.part`, { force: true }); // a process died while it was put
		await rm(path, { force: true });
	}
}

function ifAbsent(error: NodeJS.ErrnoException): undefined {
	if (error.code !== "ENOENT") throw error;
}
