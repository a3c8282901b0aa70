import type { WorkspaceTree } from "@bullpen/client/workspace-tree";
import { pathIn } from "@bullpen/domain/file-path";
import { Problem } from "@bullpen/domain/problem";
import { fileWords } from "./file-words.ts";

export interface Upload {
	readonly id: number;
	readonly path: string;
	/** 0 to 1. */
	readonly done: number;
	readonly problem: string | null;
	/** Something with this name is there: it is replaced only when somebody says so. */
	readonly canReplace: boolean;
}

const FILES_MAX = 100;

/** Files on their way into one workspace, one after the other; they go on while the panel is closed. */
export class Uploads {
	readonly #tree: WorkspaceTree;
	readonly #listeners = new Set<() => void>();
	readonly #files = new Map<number, { file: Blob; abort: AbortController }>();
	#shown: readonly Upload[] = [];
	#turn: Promise<void> = Promise.resolve();
	#lastId = 0;

	constructor(tree: WorkspaceTree) {
		this.#tree = tree;
	}

	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => void this.#listeners.delete(listener);
	};
	readonly getSnapshot = (): readonly Upload[] => this.#shown;

	add(folder: string, files: readonly File[]): void {
		for (const file of files.slice(0, FILES_MAX)) {
			const id = ++this.#lastId;
			this.#files.set(id, { file, abort: new AbortController() });
			const path = pathIn(folder, file.name);
			this.#show([...this.#shown, { id, path, done: 0, problem: null, canReplace: false }]);
			this.#turn = this.#turn.then(() => this.#send(id, path));
		}
	}

	/** Over what is there, whatever it is by now. */
	replace(id: number): void {
		const upload = this.#shown.find((one) => one.id === id);
		if (upload === undefined) return;
		this.#patch(id, { problem: null, canReplace: false });
		this.#turn = this.#turn.then(async () => {
			try {
				const there = await this.#tree.open(upload.path);
				await this.#send(id, upload.path, there?.version ?? null);
			} catch (error) {
				this.#patch(id, { problem: fileWords(error) });
			}
		});
	}

	remove(id: number): void {
		this.#files.get(id)?.abort.abort();
		this.#files.delete(id);
		this.#show(this.#shown.filter((one) => one.id !== id));
	}

	async #send(id: number, path: string, version: string | null = null): Promise<void> {
		const kept = this.#files.get(id);
		if (kept === undefined) return;
		try {
			const onProgress = (done: number) => this.#patch(id, { done });
			await this.#tree.upload(path, kept.file, version, { signal: kept.abort.signal, onProgress });
			this.remove(id);
		} catch (error) {
			if (!this.#files.has(id)) return;
			const isThere = error instanceof Problem && error.code === "file_changed";
			this.#patch(id, { problem: isThere ? "It is there already." : fileWords(error), canReplace: isThere });
		}
	}

	#patch(id: number, patch: Partial<Upload>): void {
		this.#show(this.#shown.map((one) => (one.id === id ? { ...one, ...patch } : one)));
	}

	#show(shown: readonly Upload[]): void {
		this.#shown = shown;
		for (const listener of this.#listeners) listener();
	}
}

const kept = new WeakMap<WorkspaceTree, Uploads>();

/** The uploads of a workspace on this page. */
export function uploadsOf(tree: WorkspaceTree): Uploads {
	const known = kept.get(tree);
	if (known !== undefined) return known;
	const uploads = new Uploads(tree);
	kept.set(tree, uploads);
	return uploads;
}
