import { constants } from "node:fs";
import { lstat, mkdir, open, readdir, realpath } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { runCommand } from "./command.ts";
import {
	ENTRIES_MAX,
	type Entry,
	FILE_BYTES_MAX,
	insidePath,
	MATCHES_MAX,
	type Match,
	matchLines,
	outside,
	type Workspace,
	WorkspaceError,
} from "./workspace.ts";

const FILES_SEARCHED_MAX = 2_000;
const DEPTH_MAX = 12;
const SKIPPED = new Set([".git", "node_modules"]);

/** The workspace in a real folder. Links that lead out of it are refused, and programs run in it. */
export function folderWorkspace(root: string): Workspace {
	/** Where the path really is. The check is against mistakes; against malice there is the sandbox around this process. */
	async function locate(path: string): Promise<string> {
		const wanted = join(root, insidePath(path, root));
		const home = await realpath(root);
		let known = wanted;
		for (;;) {
			const real = await realpath(known).catch(() => undefined);
			if (real === undefined) {
				if ((await lstat(known).catch(() => undefined))?.isSymbolicLink()) throw outside(path);
				known = dirname(known);
			} else if (real !== home && !real.startsWith(home + sep)) throw outside(path);
			else return join(real, relative(known, wanted));
		}
	}

	/** `shown` is the folder as seen from the workspace: through a link it is not where it really is. */
	async function* walk(folder: string, shown: string, depth: number): AsyncGenerator<Entry> {
		const entries = await readdir(folder, { withFileTypes: true });
		for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
			const at = join(folder, entry.name);
			const path = join(shown, entry.name);
			if (entry.isDirectory()) {
				yield { path, isFolder: true, bytes: 0 };
				if (depth < DEPTH_MAX && !SKIPPED.has(entry.name)) yield* walk(at, path, depth + 1);
			} else if (entry.isFile()) yield { path, isFolder: false, bytes: (await lstat(at)).size };
		}
	}

	return {
		running: { run: (command, options) => runCommand(command, { cwd: root, ...options }) },
		absolute: (path) => join(root, insidePath(path, root)),
		async list(path) {
			const folder = await locate(path);
			const found: Entry[] = [];
			await said(path, async () => {
				for await (const entry of walk(folder, insidePath(path, root), 0)) if (found.push(entry) >= ENTRIES_MAX) break;
			});
			return found;
		},
		async read(path) {
			const at = await locate(path);
			return said(path, () => readText(at, path));
		},
		async write(path, text) {
			const at = await locate(path);
			if (at === (await realpath(root))) throw new WorkspaceError("A file needs a name.");
			await said(path, async () => {
				await mkdir(dirname(at), { recursive: true });
				const flags =
					constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW | constants.O_NONBLOCK;
				const file = await open(at, flags, 0o644);
				try {
					await file.writeFile(text);
				} finally {
					await file.close();
				}
			});
		},
		async search(text, path) {
			const start = await locate(path);
			const shown = insidePath(path, root);
			const found: Match[] = [];
			const look = async (file: string, name: string) => {
				const held = await readText(file, name).catch(() => ""); // binary, huge or vanished: nothing to find
				found.push(...matchLines(name, held, text.toLowerCase(), MATCHES_MAX - found.length));
			};
			await said(path, async () => {
				if ((await lstat(start)).isFile()) return look(start, shown);
				let searched = 0;
				for await (const entry of walk(start, shown, 0)) {
					if (entry.isFolder) continue;
					await look(join(root, entry.path), entry.path);
					if (found.length >= MATCHES_MAX || ++searched >= FILES_SEARCHED_MAX) break;
				}
			});
			return found;
		},
	};
}

async function readText(at: string, path: string): Promise<string> {
	// Not blocking: a named pipe in the workspace must not hold the agent for ever.
	const file = await open(at, constants.O_RDONLY | constants.O_NONBLOCK);
	try {
		const info = await file.stat();
		if (info.isDirectory()) throw new WorkspaceError(`${path} is a folder. Ask me to list it.`);
		if (!info.isFile()) throw new WorkspaceError(`${path} is not a file.`);
		if (info.size > FILE_BYTES_MAX) throw new WorkspaceError(`${path} has ${info.size} bytes, more than I read.`);
		const bytes = await file.readFile();
		if (bytes.includes(0)) throw new WorkspaceError(`${path} is not a text file.`);
		return bytes.toString("utf8");
	} finally {
		await file.close();
	}
}

/** The file system's refusals as sentences. */
async function said<T>(path: string, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (error instanceof WorkspaceError) throw error;
		const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
		if (code === "ENOENT") throw new WorkspaceError(`There is no ${path === "." ? "workspace folder" : path}.`);
		if (code === "EISDIR") throw new WorkspaceError(`${path} is a folder.`);
		if (code === "ENOTDIR" || code === "EEXIST") throw new WorkspaceError(`A part of ${path} is a file, not a folder.`);
		throw new WorkspaceError(`The system refused ${path}: ${code}.`);
	}
}
