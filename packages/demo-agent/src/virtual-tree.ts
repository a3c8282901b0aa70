import {
	ENTRIES_MAX,
	type Entry,
	FILE_BYTES_MAX,
	insidePath,
	MATCHES_MAX,
	type Match,
	matchLines,
	type Workspace,
	WorkspaceError,
} from "./workspace.ts";

export interface VirtualTreeOptions {
	/** The files by path. Others may change them too; this does only through `keep`. */
	readonly files: Map<string, string>;
	/** Keeps one written file; the tree changes only after it resolved. */
	keep(path: string, text: string): Promise<void>;
	/** Said when something should be run. */
	readonly refusal: string;
}

const FILES_MAX = 500;
const TREE_CHARS_MAX = 8 * 1024 * 1024;
const ROOT = "/workspace";

/** A workspace that exists only in memory: files can be written and read, nothing can ever run. */
export function virtualTree({ files, keep, refusal }: VirtualTreeOptions): Workspace {
	function fileAt(path: string): string {
		const text = files.get(insidePath(path, ROOT));
		if (text === undefined) throw new WorkspaceError(`There is no file ${path}.`);
		return text;
	}

	function below(path: string): [string, string][] {
		const folder = insidePath(path, ROOT);
		const found = [...files].filter(([name]) => folder === "" || name === folder || name.startsWith(`${folder}/`));
		if (folder !== "" && found.length === 0) throw new WorkspaceError(`There is no folder ${path}.`);
		return found.sort(([a], [b]) => (a < b ? -1 : 1));
	}

	return {
		running: { refusal },
		absolute: (path) => `${ROOT}/${insidePath(path, ROOT)}`,
		async list(path) {
			const entries = new Map<string, Entry>();
			for (const [name, text] of below(path)) {
				for (let at = name.indexOf("/"); at >= 0; at = name.indexOf("/", at + 1)) {
					const folder = name.slice(0, at);
					entries.set(folder, { path: folder, isFolder: true, bytes: 0 });
				}
				entries.set(name, { path: name, isFolder: false, bytes: new TextEncoder().encode(text).length });
			}
			return [...entries.values()].slice(0, ENTRIES_MAX);
		},
		async read(path) {
			return fileAt(path);
		},
		async write(path, text) {
			const name = insidePath(path, ROOT);
			if (name === "") throw new WorkspaceError("A file needs a name.");
			if (text.length > FILE_BYTES_MAX) throw new WorkspaceError(`A file may have ${FILE_BYTES_MAX} bytes here.`);
			for (const other of files.keys()) {
				if (other.startsWith(`${name}/`)) throw new WorkspaceError(`${path} is a folder.`);
				if (name.startsWith(`${other}/`)) throw new WorkspaceError(`${other} is a file, so it cannot hold ${path}.`);
			}
			let chars = text.length;
			for (const [other, held] of files) if (other !== name) chars += held.length;
			if (chars > TREE_CHARS_MAX || (files.size >= FILES_MAX && !files.has(name))) {
				throw new WorkspaceError("The demo workspace is full.");
			}
			await keep(name, text);
			files.set(name, text);
		},
		async search(text, path) {
			const found: Match[] = [];
			for (const [name, held] of below(path)) {
				found.push(...matchLines(name, held, text.toLowerCase(), MATCHES_MAX - found.length));
				if (found.length >= MATCHES_MAX) break;
			}
			return found;
		},
	};
}
