import type { ChangeList, Committed, FileDiff } from "@bullpen/domain/changes";
import type { FileContent, FileList, FilesChanged } from "@bullpen/domain/files";
import { LIMITS } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import { fromBase64, toBase64 } from "./base64.ts";
import type { Line } from "./line.ts";

/** A file as somebody opened it. */
export interface OpenedFile {
	readonly version: string;
	readonly bytes: number;
	/** Null for what is no text, or too large to be edited. */
	readonly text: string | null;
}

interface Transfer {
	/** 0 to 1. */
	readonly onProgress?: (done: number) => void;
	readonly signal?: AbortSignal;
}

const CHUNK = LIMITS.fileChunkBytesMax;

/** The files of a workspace, read and changed by way of its actor. */
export class WorkspaceTree {
	readonly #line: Line<"workspace">;
	readonly #listeners = new Set<(changed: FilesChanged) => void>();

	constructor(line: Line<"workspace">) {
		this.#line = line;
	}

	/** Calls back when what was read is old: at once for our own changes, soon for others'. */
	onChanged(listener: (changed: FilesChanged) => void): () => void {
		this.#listeners.add(listener);
		return () => void this.#listeners.delete(listener);
	}

	/** For the store: somebody said so, or it may have been missed. */
	heard(changed: FilesChanged): void {
		for (const listener of this.#listeners) listener(changed);
	}

	/** Starts the sandbox if it does not run. @throws Problem `not_found` `sandbox_unavailable` */
	list(path: string): Promise<FileList> {
		return this.#line.call("listFiles", { path });
	}

	/** Null when it still is the version that is known. @throws Problem `not_found` `bad_input` `file_changed` */
	async open(path: string, known?: string): Promise<OpenedFile | null> {
		const first = await this.#line.call("readFile", { path, ...(known !== undefined && { known }) });
		if (first.type === "same") return null;
		const { version, bytes, isText } = first;
		if (!isText) return { version, bytes, text: null };
		return { version, bytes, text: await (await this.#rest(path, first, {})).text() };
	}

	/** All of a file, whatever is in it. */
	async download(path: string, transfer: Transfer = {}): Promise<Blob> {
		const first = await this.#line.call("readFile", { path });
		if (first.type === "same") throw new Problem("file_changed", "This file changed meanwhile.");
		return this.#rest(path, first, transfer);
	}

	async #rest(
		path: string,
		first: Extract<FileContent, { type: "content" }>,
		{ onProgress, signal }: Transfer,
	): Promise<Blob> {
		const parts = [fromBase64(first.data)];
		const { version, bytes } = first;
		let { isLast } = first;
		for (let offset = parts[0]?.length ?? 0; !isLast; ) {
			signal?.throwIfAborted();
			onProgress?.(offset / bytes);
			const next = await this.#line.call("readFile", { path, offset, version });
			if (next.type === "same") break;
			const part = fromBase64(next.data);
			parts.push(part);
			offset += part.length;
			isLast = next.isLast || part.length === 0;
		}
		return new Blob(parts);
	}

	/**
	 * Puts a text in the place of the version that was opened, or for null makes a file. @returns its version
	 * @throws Problem `file_changed` with the version that is there
	 */
	async save(path: string, text: string, version: string | null): Promise<string> {
		return this.upload(path, new Blob([text]), version);
	}

	/** The same for any file. @throws Problem `file_changed` `bad_input` */
	async upload(
		path: string,
		file: Blob,
		version: string | null,
		{ onProgress, signal }: Transfer = {},
	): Promise<string> {
		const bytesMax = LIMITS.fileUploadBytesMax;
		if (file.size > bytesMax) {
			throw new Problem("bad_input", "This file is too large.", { bytes: file.size, bytesMax });
		}
		const id = `u-${crypto.randomUUID()}`;
		for (let offset = 0; ; offset += CHUNK) {
			signal?.throwIfAborted();
			const part = new Uint8Array(await file.slice(offset, offset + CHUNK).arrayBuffer());
			const isLast = offset + part.length >= file.size;
			const upload = file.size > CHUNK ? { upload: { id, offset, isLast } } : {};
			const written = await this.#line.call("writeFile", { path, version, data: toBase64(part), ...upload });
			onProgress?.(file.size === 0 ? 1 : (offset + part.length) / file.size);
			if (written.type === "written") return written.version;
			if (isLast) throw new Problem("unconfirmed", "The file was not told to be complete.");
		}
	}

	/** @throws Problem `name_taken` */
	async createFolder(path: string): Promise<void> {
		await this.#line.call("createFolder", { path });
	}

	/** @throws Problem `name_taken` `not_found` */
	async rename(path: string, to: string): Promise<void> {
		await this.#line.call("renameFile", { path, to });
	}

	/** A folder with everything in it. @throws Problem `not_found` `file_changed` */
	async remove(path: string, version?: string): Promise<void> {
		await this.#line.call("deleteFile", { path, ...(version !== undefined && { version }) });
	}

	/** Everything that is not as it was when the workspace began. */
	changes(): Promise<ChangeList> {
		return this.#line.call("listChanges");
	}

	diff(path: string, from?: string): Promise<FileDiff> {
		return this.#line.call("diff", { path, ...(from !== undefined && { from }) });
	}

	/** All changes, for `git apply`. @throws Problem `sandbox_unavailable` where nothing runs */
	async patch({ onProgress, signal }: Transfer = {}): Promise<Blob> {
		const parts: Uint8Array<ArrayBuffer>[] = [];
		let patchId: string | undefined;
		for (let offset = 0; ; ) {
			signal?.throwIfAborted();
			const part = await this.#line.call("getPatch", patchId === undefined ? {} : { patchId, offset });
			const data = fromBase64(part.data);
			parts.push(data);
			({ patchId } = part);
			offset += data.length;
			onProgress?.(part.bytes === 0 ? 1 : offset / part.bytes);
			if (part.isLast || data.length === 0) return new Blob(parts);
		}
	}

	/** Everything that is not committed yet, in our name. @throws Problem `bad_input` with `reason` · `busy` */
	commit(message: string): Promise<Committed> {
		return this.#line.call("commit", { message });
	}
}
