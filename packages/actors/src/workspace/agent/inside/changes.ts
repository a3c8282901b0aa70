/** Part of `main.ts`: what changed since the workspace began. */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { EMPTY_TREE, type GitFolder, parts, withGit } from "./git.ts";
import { at, bytesAt, codeOf, Refusal, statOf, withFile } from "./place.ts";
import { keep } from "./put.ts";
import { repositoryOf } from "./repository.ts";
import { type Snapshot, type SnapshotBounds, snapshot } from "./snapshot.ts";
import { isUtf8 } from "./tree.ts";

export interface ChangeBounds extends SnapshotBounds {
	readonly changedMax: number;
	readonly diffBytes: number;
	readonly patchBytes: number;
	readonly chunkBytes: number;
}

interface Look {
	readonly root: string;
	/** Where what is remembered of the files is kept: outside of them. */
	readonly state: string;
	readonly bounds: ChangeBounds;
}

/** The files as they are, among the objects that are kept beside them. */
function withSnapshot<Result>({ root, state, bounds }: Look, work: (git: GitFolder, now: Snapshot) => Result): Result {
	const objects = join(state, "objects");
	mkdirSync(objects, { recursive: true, mode: 0o700 });
	const index = join(state, "index");
	return withGit({ root, objects }, (git) => {
		try {
			return work(git, snapshot(git, { root, index, hasTracked: false }, bounds));
		} catch (error) {
			if (!(error instanceof Refusal) || error.details.program !== "git" || !existsSync(index)) throw error;
			// Whatever is wrong with what is remembered: it can be had again from the files.
			rmSync(index, { force: true });
			rmSync(`${index}.lock`, { force: true });
			return work(git, snapshot(git, { root, index, hasTracked: false }, bounds));
		}
	});
}

/** Remembers the files as they are as those of the start. */
export const recordStart = (look: Look): object => withSnapshot(look, (_, { tree }) => ({ base: tree }));

export function listChanges(look: Look, base: string): object {
	return withSnapshot(look, (git, now) => {
		refuseLost(git, base);
		const range = ["-r", "-z", "-M", "--no-ext-diff", "--no-textconv", base, now.tree];
		const counts = countsOf(parts(git.run(["diff-tree", "--numstat", ...range])));
		const files = statusesOf(parts(git.run(["diff-tree", "--name-status", ...range]))).map((file) => ({
			...file,
			...(counts.get(file.path) ?? { added: null, removed: null }),
		}));
		const sum = (of: "added" | "removed") => files.reduce((total, file) => total + (file[of] ?? 0), 0);
		return {
			files: files.slice(0, look.bounds.changedMax),
			omitted: Math.max(0, files.length - look.bounds.changedMax),
			added: sum("added"),
			removed: sum("removed"),
			repository: repositoryOf(look),
			nested: now.nested,
			uncounted: now.uncounted,
		};
	});
}

function refuseLost(git: GitFolder, base: string): void {
	if (base === EMPTY_TREE || git.asks(["cat-file", "-e", `${base}^{tree}`])) return;
	throw new Refusal("not_found", "What the files were at the start is not kept any more.");
}

interface Count {
	added: number | null;
	removed: number | null;
}

/** `1\t2\tpath`, or for a renamed file `1\t2\t`, `from` and `to`. */
function countsOf(lines: readonly string[]): Map<string, Count> {
	const counts = new Map<string, Count>();
	for (let i = 0; i < lines.length; i++) {
		const [added = "-", removed = "-", ...path] = lines[i]?.split("\t") ?? [];
		let name = path.join("\t");
		if (name === "") {
			name = lines[i + 2] ?? "";
			i += 2;
		}
		counts.set(name, {
			added: added === "-" ? null : Number(added),
			removed: removed === "-" ? null : Number(removed),
		});
	}
	return counts;
}

const STATUSES: Readonly<Record<string, string>> = { A: "added", C: "added", D: "deleted", R: "renamed" };

function statusesOf(lines: readonly string[]): { path: string; from?: string; status: string }[] {
	const found = [];
	for (let i = 0; i < lines.length; ) {
		const letter = lines[i]?.[0] ?? "";
		const status = STATUSES[letter] ?? "modified";
		const first = lines[i + 1] ?? "";
		if (letter === "R" || letter === "C") {
			found.push({ path: lines[i + 2] ?? "", ...(letter === "R" && { from: first }), status });
			i += 3;
		} else {
			found.push({ path: first, status });
			i += 2;
		}
	}
	return found;
}

interface Side {
	readonly bytes: number;
	readonly data: Buffer | undefined;
}

/** A file at the start and now. */
export function diff({ root, state, bounds }: Look, base: string, path: string, from = path): object {
	const objects = join(state, "objects");
	mkdirSync(objects, { recursive: true, mode: 0o700 });
	const before = withGit({ root, objects }, (git) => {
		refuseLost(git, base);
		return oldSide(git, base, from, bounds.diffBytes);
	});
	const after = newSide(root, path, bounds.diffBytes);
	if (before === null && after === null) throw new Refusal("not_found", "This file is not there, and was not.");
	const sizes = { oldBytes: before?.bytes ?? null, newBytes: after?.bytes ?? null };
	if ((before && before.data === undefined) || (after && after.data === undefined)) return { type: "large", ...sizes };
	const [oldData, newData] = [before?.data, after?.data];
	if ((oldData && !isUtf8(oldData)) || (newData && !isUtf8(newData))) return { type: "binary", ...sizes };
	const shown = {
		type: "text",
		oldText: oldData === undefined ? null : oldData.toString("utf8"),
		newText: newData === undefined ? null : newData.toString("utf8"),
	};
	// Control characters take six bytes each as JSON.
	return JSON.stringify(shown).length > 3 * bounds.diffBytes ? { type: "large", ...sizes } : shown;
}

function oldSide(git: GitFolder, base: string, path: string, bytesMax: number): Side | null {
	const [line] = parts(git.run(["ls-tree", "-z", "-l", base, "--", path]));
	const [, type = "", id = "", size = ""] = /^\S+ (\S+) (\S+)\s+(\S+)\t/.exec(line ?? "") ?? [];
	if (type !== "blob") return null;
	const bytes = Number(size);
	if (bytes > bytesMax) return { bytes, data: undefined };
	return { bytes, data: git.run(["cat-file", "blob", id]) };
}

function newSide(root: string, path: string, bytesMax: number): Side | null {
	try {
		return at(root, path, (place) => {
			if (statOf(place.path)?.isFile() !== true) return null;
			return withFile(place.path, (fd, { size }) => {
				const bytes = Number(size);
				return { bytes, data: bytes > bytesMax ? undefined : bytesAt(fd, 0, bytes) };
			});
		});
	} catch (error) {
		if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR" || codeOf(error) === "ELOOP") return null;
		throw error;
	}
}

/** All of it as one patch, which is kept while its parts are fetched. */
export function patchPart(look: Look, base: string, patchId: string | undefined, offset: number): object {
	const folder = join(look.state, "patches");
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const id = patchId ?? makePatch(look, base, folder);
	if (!/^[0-9a-f]{40,64}$/.test(id)) throw new Refusal("bad_input", "There is no such patch.");
	return withFile(join(folder, id), (fd, { size }) => {
		const bytes = Number(size);
		const data = bytesAt(fd, offset, look.bounds.chunkBytes);
		return { patchId: id, bytes, offset, data: data.toString("base64"), isLast: offset + data.length >= bytes };
	});
}

function makePatch(look: Look, base: string, folder: string): string {
	return withSnapshot(look, (git, now) => {
		refuseLost(git, base);
		const range = ["-r", "-p", "-M", "--binary", "--full-index", "--no-ext-diff", "--no-textconv", base, now.tree];
		const patch = git.run(["diff-tree", ...range], { bytesMax: look.bounds.patchBytes });
		rmSync(folder, { recursive: true, force: true });
		mkdirSync(folder, { mode: 0o700 });
		keep(join(folder, now.tree), patch);
		return now.tree;
	});
}
