import { createHash } from "node:crypto";
import { type FileHandle, open, rm } from "node:fs/promises";
import { peopleOf } from "@bullpen/domain/archived-messages";
import { mentionsIn } from "@bullpen/domain/mention";
import type { Message } from "@bullpen/domain/message";
import { addToHash, canonicalMessage, digestPrefix, hashText } from "@bullpen/domain/room-hash";

const CHUNK = 1024 * 1024;

/** Where a message's newest line is in the file. */
interface Place {
	readonly start: number;
	readonly bytes: number;
	readonly prefix: bigint;
	readonly fileIds: readonly string[];
}

/**
 * Messages on their way into an archive. They come in the order of versions, those that changed meanwhile once more, and
 * leave in the order of ids: a file has their lines, and memory where each one's newest line is.
 */
export class Spool {
	readonly #file: FileHandle;
	readonly #path: string;
	readonly #places = new Map<number, Place>();
	readonly #people = new Set<string>();
	#size = 0;

	private constructor(file: FileHandle, path: string) {
		this.#file = file;
		this.#path = path;
	}

	static async open(path: string): Promise<Spool> {
		return new Spool(await open(path, "wx+", 0o600), path);
	}

	async close(): Promise<void> {
		await this.#file.close();
		await rm(this.#path, { force: true });
	}

	get count(): number {
		return this.#places.size;
	}

	/** Everybody whom a line names, also one that was replaced since. */
	get people(): ReadonlySet<string> {
		return this.#people;
	}

	/** @throws whatever `spend` throws, before anything of these is kept */
	async add(messages: readonly Message[], spend: (bytes: number) => Promise<void>): Promise<void> {
		const lines = messages.map((message) => Buffer.from(`${JSON.stringify(message)}\n`));
		await spend(lines.reduce((sum, { length }) => sum + length, 0));
		let start = this.#size;
		for (const [at, message] of messages.entries()) {
			const bytes = lines[at]?.length ?? 0;
			const prefix = digestPrefix(createHash("sha256").update(canonicalMessage(message)).digest());
			const fileIds = (message.attachments ?? []).map(({ id }) => id);
			this.#places.set(message.id, { start, bytes, prefix, fileIds });
			for (const userId of peopleOf(message)) this.#people.add(userId);
			for (const userId of mentionsIn(message.text).userIds) this.#people.add(userId);
			start += bytes;
		}
		await this.#file.appendFile(Buffer.concat(lines));
		this.#size = start;
	}

	/** Forgets messages that the room has pruned meanwhile. What is left, and what it comes to. */
	settle(floorSeq: number): { bytes: number; hash: string; fileIds: string[] } {
		let bytes = 0;
		let sum = 0n;
		const fileIds: string[] = [];
		for (const [id, place] of this.#places) {
			if (id < floorSeq) {
				this.#places.delete(id);
				continue;
			}
			bytes += place.bytes;
			sum = addToHash(sum, place.prefix);
			fileIds.push(...place.fileIds);
		}
		return { bytes, hash: hashText(sum), fileIds };
	}

	/** The lines in the order of ids. Neighbours are read together. */
	async *lines(): AsyncGenerator<Buffer> {
		const ids = [...this.#places.keys()].sort((one, other) => one - other);
		let run = { start: 0, bytes: 0 };
		for (const id of ids) {
			const { start = 0, bytes = 0 } = this.#places.get(id) ?? {};
			if (start === run.start + run.bytes && run.bytes + bytes <= CHUNK)
				run = { start: run.start, bytes: run.bytes + bytes };
			else {
				if (run.bytes > 0) yield await this.#read(run);
				run = { start, bytes };
			}
		}
		if (run.bytes > 0) yield await this.#read(run);
	}

	async #read({ start, bytes }: { readonly start: number; readonly bytes: number }): Promise<Buffer> {
		const { buffer, bytesRead } = await this.#file.read(Buffer.allocUnsafe(bytes), 0, bytes, start);
		if (bytesRead < bytes) throw new Error("a spool became shorter while it was read");
		return buffer;
	}
}
