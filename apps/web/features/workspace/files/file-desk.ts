import { ConnectionLost } from "@bullpen/client/refusal";
import type { OpenedFile, WorkspaceTree } from "@bullpen/client/workspace-tree";
import { folderOfPath } from "@bullpen/domain/file-path";
import type { FileEntry, FilesChanged } from "@bullpen/domain/files";
import { Problem } from "@bullpen/domain/problem";
import { wordsFor } from "../../../live/words.ts";
import { fileWords } from "./file-words.ts";

export interface Folder {
	readonly entries: readonly FileEntry[];
	readonly omitted: number;
	/** Why it could not be read, in words. */
	readonly problem: string | null;
	readonly isLoaded: boolean;
}

/** What somebody else left where we were about to write. */
export interface Collision {
	/** Null where the file is gone. */
	readonly theirs: OpenedFile | null;
}

export interface DeskFile {
	readonly path: string;
	/** Null while it is fetched for the first time. */
	readonly opened: OpenedFile | null;
	/** What we wrote and did not save yet. */
	readonly draft: string | null;
	readonly isSaving: boolean;
	readonly problem: string | null;
	readonly collision: Collision | null;
}

export interface DeskShown {
	readonly folders: ReadonlyMap<string, Folder>;
	readonly expanded: ReadonlySet<string>;
	readonly file: DeskFile | null;
}

const EMPTY: Folder = { entries: [], omitted: 0, problem: null, isLoaded: false };
/** Folders that are kept up to date at once; what is folded is read again when it is opened. */
const WATCHED_MAX = 30;

/**
 * What one page has open of a workspace's files: it outlives the panel, so that nothing typed is lost when that is closed.
 * Edits are kept apart from the file: what the agent does meanwhile is shown beside them, never written over.
 */
export class FileDesk {
	readonly #tree: WorkspaceTree;
	readonly #listeners = new Set<() => void>();
	#shown: DeskShown = { folders: new Map(), expanded: new Set(), file: null };

	constructor(tree: WorkspaceTree) {
		this.#tree = tree;
		tree.onChanged((changed) => this.#refresh(changed));
	}

	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => void this.#listeners.delete(listener);
	};
	readonly getSnapshot = (): DeskShown => this.#shown;

	/** Reads a folder that is shown. */
	async load(path: string): Promise<void> {
		const before = this.#shown.folders.get(path) ?? EMPTY;
		try {
			const { entries, omitted } = await this.#tree.list(path);
			this.#setFolder(path, { entries, omitted, problem: null, isLoaded: true });
		} catch (error) {
			if (error instanceof Problem && error.code === "not_found" && path !== "") return this.#forget(path);
			// A lost connection is told elsewhere, and everything is read again after it.
			if (error instanceof ConnectionLost && before.isLoaded) return;
			this.#setFolder(path, { ...before, problem: fileWords(error) });
		}
	}

	toggle(path: string): void {
		const expanded = new Set(this.#shown.expanded);
		if (!expanded.delete(path)) {
			expanded.add(path);
			void this.load(path);
		}
		this.#show({ expanded });
	}

	async open(path: string): Promise<void> {
		if (this.#shown.file?.path === path) return;
		this.#show({ file: { path, opened: null, draft: null, isSaving: false, problem: null, collision: null } });
		await this.#read(path);
	}

	close(): void {
		this.#show({ file: null });
	}

	async retry(): Promise<void> {
		const { file } = this.#shown;
		if (file === null) return;
		this.#setFile(file.path, { problem: null });
		await this.#read(file.path);
	}

	edit(text: string): void {
		const { file } = this.#shown;
		if (file?.opened?.text === undefined) return;
		this.#setFile(file.path, { draft: text === file.opened?.text ? null : text, problem: null });
	}

	/** Drops what was typed. */
	revert(): void {
		const { file } = this.#shown;
		if (file !== null) this.#setFile(file.path, { draft: null, problem: null, collision: null });
	}

	async save(): Promise<void> {
		const { file } = this.#shown;
		if (file === null || file.draft === null || file.isSaving || file.opened === null) return;
		await this.#write(file.path, file.draft, file.opened.version);
	}

	/** Ours in the place of what somebody else left. */
	async keepOurs(): Promise<void> {
		const { file } = this.#shown;
		if (file?.collision === null || file?.collision === undefined || file.isSaving) return;
		const ours = file.draft ?? file.opened?.text;
		if (typeof ours === "string") await this.#write(file.path, ours, file.collision.theirs?.version ?? null);
	}

	takeTheirs(): void {
		const { file } = this.#shown;
		if (file?.collision === null || file?.collision === undefined) return;
		const { theirs } = file.collision;
		if (theirs === null) this.close();
		else this.#setFile(file.path, { opened: theirs, draft: null, collision: null, problem: null });
	}

	/** The file we have open has another name now. */
	renamed(from: string, to: string): void {
		const { file } = this.#shown;
		if (file === null || (file.path !== from && !file.path.startsWith(`${from}/`))) return;
		this.#show({ file: { ...file, path: to + file.path.slice(from.length) } });
	}

	removed(path: string): void {
		const { file } = this.#shown;
		if (file !== null && (file.path === path || file.path.startsWith(`${path}/`))) this.close();
		this.#forget(path);
	}

	async #write(path: string, text: string, version: string | null): Promise<void> {
		this.#setFile(path, { isSaving: true, problem: null });
		try {
			const now = await this.#tree.save(path, text, version);
			const typed = this.#shown.file?.path === path ? this.#shown.file.draft : null;
			const opened = { version: now, bytes: new TextEncoder().encode(text).length, text };
			// Somebody may have typed on while it was saved.
			this.#setFile(path, { opened, draft: typed === text ? null : typed, isSaving: false, collision: null });
		} catch (error) {
			if (error instanceof Problem && error.code === "file_changed") await this.#collide(path);
			else this.#setFile(path, { isSaving: false, problem: fileWords(error) });
		}
	}

	async #collide(path: string): Promise<void> {
		try {
			const theirs = await this.#tree.open(path);
			this.#setFile(path, { isSaving: false, collision: { theirs } });
		} catch (error) {
			const isGone = error instanceof Problem && error.code === "not_found";
			if (isGone) this.#setFile(path, { isSaving: false, collision: { theirs: null } });
			else this.#setFile(path, { isSaving: false, problem: wordsFor(error) });
		}
	}

	/** Looks whether a file is another one than we know. */
	async #read(path: string): Promise<void> {
		const known = this.#shown.file?.opened?.version;
		try {
			const found = await this.#tree.open(path, known);
			const file = this.#shown.file;
			if (file?.path !== path || found === null || file.isSaving) return;
			if (file.draft === null || file.draft === found.text) {
				this.#setFile(path, { opened: found, draft: null, collision: null, problem: null });
			} else {
				this.#setFile(path, { collision: { theirs: found } });
			}
		} catch (error) {
			const file = this.#shown.file;
			if (file?.path !== path) return;
			const isGone = error instanceof Problem && error.code === "not_found";
			if (isGone && file.draft !== null) this.#setFile(path, { collision: { theirs: null } });
			else if (!(error instanceof ConnectionLost && file.opened !== null)) {
				this.#setFile(path, { problem: isGone ? "This file is not there any more." : fileWords(error) });
			}
		}
	}

	#refresh({ paths, isAll }: FilesChanged): void {
		const { folders, expanded, file } = this.#shown;
		const changed = new Set(paths.map(folderOfPath));
		const isShown = (path: string) => path === "" || expanded.has(path);
		const stale = [...folders.keys()].filter((path) => isShown(path) && (isAll || changed.has(path)));
		for (const path of stale.slice(0, WATCHED_MAX)) void this.load(path);
		if (file !== null && !file.isSaving && (isAll || paths.includes(file.path))) void this.#read(file.path);
	}

	#forget(path: string): void {
		const folders = new Map(this.#shown.folders);
		const expanded = new Set(this.#shown.expanded);
		folders.delete(path);
		expanded.delete(path);
		this.#show({ folders, expanded });
	}

	#setFolder(path: string, folder: Folder): void {
		this.#show({ folders: new Map(this.#shown.folders).set(path, folder) });
	}

	#setFile(path: string, patch: Partial<DeskFile>): void {
		const { file } = this.#shown;
		if (file?.path === path) this.#show({ file: { ...file, ...patch } });
	}

	#show(patch: Partial<DeskShown>): void {
		this.#shown = { ...this.#shown, ...patch };
		for (const listener of this.#listeners) listener();
	}
}

const desks = new WeakMap<WorkspaceTree, FileDesk>();

/** The one desk of a workspace on this page. */
export function deskOf(tree: WorkspaceTree): FileDesk {
	const known = desks.get(tree);
	if (known !== undefined) return known;
	const desk = new FileDesk(tree);
	desks.set(tree, desk);
	return desk;
}
