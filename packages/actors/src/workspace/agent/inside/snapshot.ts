/** Part of `main.ts`: the files as they are, as one of git's trees. */
import { existsSync } from "node:fs";
import { type GitFolder, parts } from "./git.ts";
import { at, statOf } from "./place.ts";

export interface SnapshotBounds {
	readonly filesMax: number;
	readonly fileBytesMax: number;
	readonly nestedMax: number;
}

export interface Snapshot {
	readonly tree: string;
	/** Repositories inside this one: never looked into. */
	readonly nested: string[];
	readonly uncounted: number;
}

/**
 * Brings an index of ours up to the files, and makes a tree of it. `hasTracked`: the index is a repository's, whose files stay
 * in it although git is told to ignore them.
 */
export function snapshot(
	git: GitFolder,
	{ root, index, hasTracked }: { root: string; index: string; hasTracked: boolean },
	bounds: SnapshotBounds,
): Snapshot {
	const known = existsSync(index) ? trackedIn(git, index) : new Map<string, string>();
	const tracked = hasTracked ? [...known].flatMap(([path, mode]) => (mode === LINKED ? [] : [path])) : [];
	const others = parts(git.run(["ls-files", "-z", "--others", "--exclude-standard"], hasTracked ? { index } : {}));
	const nested = others.filter((path) => path.endsWith("/"));
	const wanted = [...tracked, ...others.filter((path) => !path.endsWith("/"))];
	const kept = wanted.slice(0, bounds.filesMax).filter((path) => isKept(root, path, bounds.fileBytesMax));
	const here = new Set(kept);
	// A large file that a repository tracks stays what it was there.
	const gone = [...known].filter(
		([path, mode]) => !here.has(path) && mode !== LINKED && !(hasTracked && isThere(root, path)),
	);
	const zeros = `0 ${"0".repeat(40)}\t`;
	if (gone.length > 0) {
		const lines = gone.map(([path]) => `${zeros}${path}\0`).join("");
		git.run(["update-index", "-z", "--index-info"], { index, input: lines });
	}
	const lines = kept.map((path) => `${path}\0`).join("");
	git.run(["update-index", "-z", "--add", "--remove", "--replace", "--stdin"], { index, input: lines });
	return {
		tree: git.run(["write-tree"], { index }).toString("utf8").trim(),
		nested: nested.slice(0, bounds.nestedMax).map((path) => path.slice(0, -1)),
		uncounted: wanted.filter((path) => !here.has(path) && isThere(root, path)).length,
	};
}

/** The mode of another repository inside a tree. */
const LINKED = "160000";

function trackedIn(git: GitFolder, index: string): Map<string, string> {
	const found = new Map<string, string>();
	for (const line of parts(git.run(["ls-files", "-z", "--stage"], { index }))) {
		const tab = line.indexOf("\t");
		found.set(line.slice(tab + 1), line.slice(0, 6));
	}
	return found;
}

function isKept(root: string, path: string, bytesMax: number): boolean {
	const stat = look(root, path);
	if (stat === undefined) return false;
	return stat.isSymbolicLink() || (stat.isFile() && Number(stat.size) <= bytesMax && (stat.mode & 0o400n) !== 0n);
}

const isThere = (root: string, path: string): boolean => look(root, path) !== undefined;

/** Undefined where nothing is, or where links lead to it. */
function look(root: string, path: string) {
	try {
		return at(root, path, (place) => statOf(place.path));
	} catch {
		return undefined; // its folder is gone, or a link by now
	}
}
