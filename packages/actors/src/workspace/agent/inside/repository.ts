/** Part of `main.ts`: the workspace's own repository, where it has one. */
import { closeSync, constants, openSync, renameSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GitFolder, parts, repositoryGit, withGit, words } from "./git.ts";
import { bytesAt, codeOf, Refusal, statOf, withFile } from "./place.ts";
import { keep } from "./put.ts";
import { type Snapshot, type SnapshotBounds, snapshot } from "./snapshot.ts";

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
const INDEX_BYTES_MAX = 64 * 1024 * 1024;
const EXCLUDE_BYTES_MAX = 64 * 1024;

interface Look {
	readonly root: string;
	readonly state: string;
	readonly bounds: SnapshotBounds;
}

export function repositoryOf(look: Look): object {
	if (statOf(join(look.root, ".git")) === undefined) return { type: "none" };
	const reason = obstacle(look.root);
	if (reason !== undefined) return { type: "unusable", reason };
	const branch = words(repositoryGit(look.root, ["symbolic-ref", "-q", "--short", "HEAD"]));
	const objects = join(look.state, "objects");
	try {
		return withCopy(look, { objects, alsoRead: join(look.root, ".git", "objects") }, (git, now) => ({
			type: "ready",
			...(branch === undefined || branch === "" ? {} : { branch: branch.slice(0, 200) }),
			uncommitted: changedPaths(git, headTree(look.root), now.tree).length,
		}));
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		return { type: "unusable", reason: error.message };
	}
}

/** Why nothing can be committed here, if so. */
function obstacle(root: string): string | undefined {
	const folder = join(root, ".git");
	const isPlain = (name: string) => statOf(join(folder, name))?.isDirectory() === true;
	if (statOf(folder)?.isDirectory() !== true || !isPlain("objects") || !isPlain("refs")) {
		return "Its repository is kept in another place.";
	}
	const under = ["MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply"];
	if (under.some((name) => statOf(join(folder, name)) !== undefined)) return "A merge or rebase is under way.";
	const format = words(repositoryGit(root, ["rev-parse", "--show-object-format"]));
	return format === undefined ? "Git does not understand its repository." : undefined;
}

const headTree = (root: string): string | undefined =>
	words(repositoryGit(root, ["rev-parse", "-q", "--verify", "HEAD^{tree}"]));

/** A copy of the repository's index, brought up to the files. */
function withCopy<Result>(
	{ root, bounds }: Look,
	where: { objects: string; alsoRead?: string },
	work: (git: GitFolder, now: Snapshot, index: string) => Result,
): Result {
	const format = words(repositoryGit(root, ["rev-parse", "--show-object-format"])) ?? "sha1";
	const excludes = textOf(join(root, ".git", "info", "exclude"));
	const index = join(tmpdir(), `bullpen-index-${process.pid}`);
	return withGit({ root, ...where, isForCommit: true, excludes, format }, (git) => {
		try {
			copyIndex(root, git, index);
			return work(git, snapshot(git, { root, index, hasTracked: true }, bounds), index);
		} finally {
			rmSync(index, { force: true });
		}
	});
}

/** The index says what is tracked. One that cannot be read here is made again from the last commit. */
function copyIndex(root: string, git: GitFolder, index: string): void {
	const path = join(root, ".git", "index");
	const stat = statOf(path);
	if (stat?.isFile() && Number(stat.size) <= INDEX_BYTES_MAX) {
		copy(path, index);
		if (git.asks(["ls-files", "-z", "--stage"], { index })) return;
		rmSync(index, { force: true });
	}
	const head = headTree(root);
	if (head !== undefined) git.run(["read-tree", head], { index });
}

/**
 * With its time: git takes a file for unchanged whose size and seconds are those of the index, unless the index was written
 * in that second, too. A younger copy would hide what was changed right after.
 */
function copy(from: string, to: string): void {
	withFile(from, (fd, { size, atime, mtime }) => {
		keep(to, bytesAt(fd, 0, Number(size)));
		utimesSync(to, atime, mtime);
	});
}

function textOf(path: string): string {
	if (statOf(path)?.isFile() !== true) return "";
	return withFile(path, (fd) => `${bytesAt(fd, 0, EXCLUDE_BYTES_MAX).toString("utf8")}\n`);
}

function changedPaths(git: GitFolder, head: string | undefined, tree: string): string[] {
	if (head === undefined) return parts(git.run(["ls-tree", "-r", "-z", "--name-only", tree]));
	return parts(git.run(["diff-tree", "-r", "-z", "--name-only", "--no-ext-diff", head, tree]));
}

interface Commit {
	readonly message: string;
	readonly name: string;
	readonly email: string;
}

/** Commits what is there, in somebody's name. Nothing that the repository names is run. */
export function commit(look: Look, { message, name, email }: Commit): object {
	const { root } = look;
	const folder = join(root, ".git");
	if (statOf(folder) === undefined) makeRepository(root);
	const reason = obstacle(root);
	if (reason !== undefined) throw new Refusal("bad_input", reason, { reason });
	const lock = join(folder, "index.lock");
	lockIndex(lock);
	try {
		return withCopy(look, { objects: join(folder, "objects") }, (git, { tree }, index) => {
			const head = words(repositoryGit(root, ["rev-parse", "-q", "--verify", "HEAD^{commit}"]));
			const paths = changedPaths(git, head === undefined ? undefined : headTree(root), tree);
			if (paths.length === 0) throw new Refusal("bad_input", "There is nothing to commit.", { reason: "nothing" });
			refuseFiltered(git, paths);
			const who = {
				GIT_AUTHOR_NAME: name,
				GIT_AUTHOR_EMAIL: email,
				GIT_COMMITTER_NAME: name,
				GIT_COMMITTER_EMAIL: email,
			};
			const parent = head === undefined ? [] : ["-p", head];
			const made = git.run(["commit-tree", tree, ...parent, "-F", "-"], { input: message, environment: who });
			const id = made.toString("utf8").trim();
			const subject = message.split("\n")[0] ?? "";
			const before = head ?? "0".repeat(id.length);
			const moved = repositoryGit(root, ["update-ref", "-m", `commit: ${subject}`, "HEAD", id, before], {
				environment: who,
			});
			if (words(moved) === undefined) throw new Refusal("busy", "The branch has moved meanwhile.");
			copy(index, lock);
			renameSync(lock, join(folder, "index"));
			return { commit: id, files: paths.length };
		});
	} finally {
		rmSync(lock, { force: true });
	}
}

/** An empty template: no hook of the system's gets into it. */
function makeRepository(root: string): void {
	const made = repositoryGit(root, ["init", "-q", "--template=", "--initial-branch=main"]);
	if (words(made) === undefined) throw new Refusal("busy", "No repository could be made here.");
}

/** As git does: whoever else works on the index has to wait. */
function lockIndex(lock: string): void {
	try {
		closeSync(openSync(lock, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600));
	} catch (error) {
		if (codeOf(error) !== "EEXIST") throw error;
		throw new Refusal("busy", "Somebody else works with git here. Try again in a moment.");
	}
}

/** A filter is a program that makes the bytes to be kept (git-lfs): without it the wrong ones would be. */
function refuseFiltered(git: GitFolder, paths: readonly string[]): void {
	const input = paths.map((path) => `${path}\0`).join("");
	rmSync(join(git.path, "info", "attributes"), { force: true });
	const found = parts(git.run(["check-attr", "-z", "--stdin", "filter"], { input }));
	const at = found.findIndex((value, i) => i % 3 === 2 && !["unspecified", "unset"].includes(value));
	if (at < 0) return;
	const path = (found[at - 2] ?? "").slice(0, 200);
	const reason = `${path} needs a filter (${(found[at] ?? "").slice(0, 50)}), which is not run here.`;
	throw new Refusal("bad_input", reason, { reason });
}
