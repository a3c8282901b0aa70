import { createHash } from "node:crypto";
import type { ChangeList, Committed, FileDiff, PatchPart } from "@bullpen/domain/changes";
import { folderOfPath } from "@bullpen/domain/file-path";
import type { FileContent, FileEntry, FileList, FileWritten } from "@bullpen/domain/files";
import type { Limits } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import type { ReadFile, WorkspaceFiles, WriteFile } from "./files.ts";
import type { KnownPaths } from "./sandbox-files.ts";
import type { VirtualTreeStore } from "./virtual-tree-store.ts";

const FILES_MAX = 500;
const FILE_BYTES_MAX = 256 * 1024;
const TREE_CHARS_MAX = 8 * 1024 * 1024;

/** The same for files that exist in memory only: text, no folder without a file in it, and no git, since nothing runs. */
export class VirtualFiles implements WorkspaceFiles {
	readonly #store: VirtualTreeStore;
	readonly #limits: Limits;

	constructor(store: VirtualTreeStore, limits: Limits) {
		this.#store = store;
		this.#limits = limits;
	}

	async list(path: string): Promise<FileList> {
		const files = await this.#store.files();
		const start = path === "" ? "" : `${path}/`;
		const entries = new Map<string, FileEntry>();
		for (const [name, text] of files) {
			if (!name.startsWith(start)) continue;
			const [first = "", ...rest] = name.slice(start.length).split("/");
			const isFolder = rest.length > 0;
			const bytes = isFolder ? 0 : Buffer.byteLength(text);
			entries.set(first, { name: first, type: isFolder ? "folder" : "file", bytes, modifiedAt: 0 });
		}
		if (entries.size === 0 && path !== "") throw gone();
		const sorted = [...entries.values()].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
		const { filesListMax } = this.#limits;
		return { path, entries: sorted.slice(0, filesListMax), omitted: Math.max(0, sorted.length - filesListMax) };
	}

	async paths(): Promise<KnownPaths> {
		const paths = [...(await this.#store.files()).keys()].sort();
		const { pathsMax } = this.#limits;
		return { paths: paths.slice(0, pathsMax), isPartial: paths.length > pathsMax };
	}

	async read({ path, offset = 0, version: wanted, known }: ReadFile): Promise<FileContent> {
		const text = (await this.#store.files()).get(path);
		if (text === undefined) throw gone();
		const version = versionOf(text);
		const whole = Buffer.from(text);
		if (known === version) return { type: "same", version };
		if (wanted !== undefined && wanted !== version) throw changed(text);
		const data = whole.subarray(offset, offset + this.#limits.fileChunkBytesMax);
		return {
			type: "content",
			version,
			bytes: whole.length,
			isText: true,
			offset,
			data: data.toString("base64"),
			isLast: offset + data.length >= whole.length,
		};
	}

	async write({ path, version, upload, data }: WriteFile): Promise<FileWritten> {
		const files = await this.#store.files();
		if (upload && (upload.offset > 0 || !upload.isLast)) throw tooLarge();
		const bytes = Buffer.from(data, "base64");
		const text = bytes.toString("utf8");
		if (text.includes("\0") || !Buffer.from(text).equals(bytes)) throw onlyText();
		this.#refuseUnlessRoom(files, path, text);
		const before = files.get(path);
		if ((before === undefined ? null : versionOf(before)) !== version) throw changed(before);
		await this.#store.keep(path, text);
		return { type: "written", version: versionOf(text), bytes: bytes.length };
	}

	async createFolder(): Promise<void> {
		throw new Problem("bad_input", "Here a folder is made with the first file in it.", { reason: "virtual" });
	}

	async rename(path: string, to: string): Promise<void> {
		const files = await this.#store.files();
		const moved = below(files, path);
		if (moved.length === 0) throw gone();
		if (to === path || to.startsWith(`${path}/`)) throw new Problem("bad_input", "A folder is not moved into itself.");
		if (below(files, to).length > 0) throw new Problem("name_taken", "Something with this name is here already.");
		this.#refuseUnlessFolder(files, to);
		for (const [name, text] of moved) {
			await this.#store.keep(to + name.slice(path.length), text);
			await this.#store.remove(name);
		}
	}

	async remove(path: string, version?: string): Promise<void> {
		const files = await this.#store.files();
		const text = files.get(path);
		if (text !== undefined && version !== undefined && versionOf(text) !== version) throw changed(text);
		const found = below(files, path);
		if (found.length === 0) throw gone();
		for (const [name] of found) await this.#store.remove(name);
	}

	/** It began empty, so everything is new. */
	async changes(): Promise<ChangeList> {
		const files = [...(await this.#store.files())].sort(([a], [b]) => (a < b ? -1 : 1));
		const told = files.map(([path, text]) => ({
			path,
			status: "added" as const,
			added: text === "" ? 0 : text.replace(/\n$/, "").split("\n").length,
			removed: 0,
		}));
		const { changedFilesMax } = this.#limits;
		return {
			files: told.slice(0, changedFilesMax),
			omitted: Math.max(0, told.length - changedFilesMax),
			added: told.reduce((sum, { added }) => sum + added, 0),
			removed: 0,
			repository: { type: "unusable", reason: NO_GIT },
			nested: [],
			uncounted: 0,
		};
	}

	async diff(path: string): Promise<FileDiff> {
		const text = (await this.#store.files()).get(path);
		if (text === undefined) throw gone();
		const newBytes = Buffer.byteLength(text);
		if (newBytes > this.#limits.diffBytesMax) return { type: "large", oldBytes: null, newBytes };
		return { type: "text", oldText: null, newText: text };
	}

	async patch(): Promise<PatchPart> {
		throw new Problem("sandbox_unavailable", NO_GIT, { reason: NO_GIT });
	}

	async commit(): Promise<Committed> {
		throw new Problem("sandbox_unavailable", NO_GIT, { reason: NO_GIT });
	}

	async recordStart(): Promise<void> {}

	#refuseUnlessRoom(files: ReadonlyMap<string, string>, path: string, text: string): void {
		if (text.length > FILE_BYTES_MAX) throw tooLarge();
		if (!files.has(path) && below(files, path).length > 0) throw new Problem("name_taken", "This is a folder.");
		this.#refuseUnlessFolder(files, path);
		let chars = text.length;
		for (const [name, held] of files) if (name !== path) chars += held.length;
		if (chars > TREE_CHARS_MAX || (files.size >= FILES_MAX && !files.has(path))) {
			throw new Problem("busy", "There is no room left in this workspace.");
		}
	}

	#refuseUnlessFolder(files: ReadonlyMap<string, string>, path: string): void {
		for (let folder = folderOfPath(path); folder !== ""; folder = folderOfPath(folder)) {
			if (files.has(folder)) throw new Problem("name_taken", `${folder} is a file.`);
		}
	}
}

const NO_GIT = "Nothing is run in this workspace, so there is no git.";
const rank = ({ type }: FileEntry): number => (type === "folder" ? 0 : 1);
const versionOf = (text: string): string => createHash("sha256").update(text).digest("hex");
const below = (files: ReadonlyMap<string, string>, path: string): [string, string][] =>
	[...files].filter(([name]) => name === path || name.startsWith(`${path}/`));

const gone = (): Problem => new Problem("not_found", "This is not there any more.");
const onlyText = (): Problem => new Problem("bad_input", "Only text can be kept here.", { reason: "virtual" });
const tooLarge = (): Problem => new Problem("bad_input", "This file is too large.", { bytesMax: FILE_BYTES_MAX });
const changed = (text: string | undefined): Problem =>
	new Problem(
		"file_changed",
		"Somebody changed this file meanwhile.",
		text === undefined ? {} : { version: versionOf(text), bytes: Buffer.byteLength(text) },
	);
