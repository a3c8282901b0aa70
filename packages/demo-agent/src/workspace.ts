/** A folder of text files the agent works in. Paths are relative to it; both fulfilments refuse to leave it. */
export interface Workspace {
	/** Files and folders below `path`, sorted, at most `ENTRIES_MAX`. */
	list(path: string): Promise<readonly Entry[]>;
	/** @throws WorkspaceError when it is missing, no text, or above `FILE_BYTES_MAX` */
	read(path: string): Promise<string>;
	/** Makes folders as needed. */
	write(path: string, text: string): Promise<void>;
	/** Lines that contain `text`, any case, at most `MATCHES_MAX`. */
	search(text: string, path: string): Promise<readonly Match[]>;
	/** Where programs may run, runs one; else says why not. */
	readonly running: { readonly run: Run } | { readonly refusal: string };
	/** The path as an editor shows it. */
	absolute(path: string): string;
}

export interface Entry {
	readonly path: string;
	readonly isFolder: boolean;
	readonly bytes: number;
}

export interface Match {
	readonly path: string;
	readonly line: number;
	readonly text: string;
}

/** `onOutput` gets decoded pieces of both streams in the order they came. Aborting kills the whole process group. */
export type Run = (
	command: string,
	options: { readonly signal: AbortSignal; onOutput(text: string): void },
) => Promise<{ readonly exitCode: number | null; readonly signal: string | null }>;

export const FILE_BYTES_MAX = 256 * 1024;
export const ENTRIES_MAX = 500;
export const MATCHES_MAX = 100;

/** Something the person asked for cannot be done; the message is the sentence to say. */
export class WorkspaceError extends Error {
	override readonly name = "WorkspaceError";
}

/**
 * The path in one canonical form: relative, `/` between names, no `.` or `..`. Empty for the folder itself.
 * @throws WorkspaceError for a path that leaves the workspace or cannot be one
 */
export function insidePath(path: string, root: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those are refused
	if (/[\u0000-\u001f]/.test(path) || path.length > 1_000) throw new WorkspaceError("That is not a usable path.");
	const relative = path === root ? "" : path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
	if (relative.startsWith("/") || relative.startsWith("~")) throw outside(path);
	const names: string[] = [];
	for (const name of relative.split(/[/\\]/)) {
		if (name === "" || name === ".") continue;
		if (name !== "..") names.push(name);
		else if (names.pop() === undefined) throw outside(path);
	}
	return names.join("/");
}

export function outside(path: string): WorkspaceError {
	return new WorkspaceError(`${path} is outside the workspace. I only work inside it.`);
}

/** The lines of one file that contain `needle` (already lower case). */
export function matchLines(path: string, text: string, needle: string, max: number): Match[] {
	const found: Match[] = [];
	const lines = text.split("\n");
	for (let i = 0; i < lines.length && found.length < max; i++) {
		const line = lines[i] ?? "";
		if (line.toLowerCase().includes(needle)) found.push({ path, line: i + 1, text: line.slice(0, 200) });
	}
	return found;
}
