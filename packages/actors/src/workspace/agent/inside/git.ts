/**
 * Part of `main.ts`: git, made to run nothing but itself. An agent can plant hooks, filters, monitors, pagers and external
 * diffs in a repository's configuration and attributes, so ours is read instead: each look makes a git folder of its own, with
 * a fixed configuration, over the files and objects that are there.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Refusal } from "./place.ts";

export const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
const GIT_MS = 20_000;

const CONFIG = `[core]
	repositoryformatversion = 0
	bare = false
	fsmonitor = false
	hooksPath = /dev/null
	untrackedCache = false
	attributesFile = /dev/null
	excludesFile = /dev/null
	quotePath = false
	autocrlf = false
	safecrlf = false
	commitGraph = false
[gc]
	auto = 0
[maintenance]
	auto = false
[diff]
	renameLimit = 400
`;

/** Not asked for by anybody, and larger than everything else. */
const EXCLUDES = "node_modules/\n.venv/\n__pycache__/\n";

/** Files are compared as they are, whatever the workspace's attributes say. */
const PLAIN = "* -text !eol !working-tree-encoding !filter !ident !diff !merge\n";
/** A commit keeps the line ends that the workspace asks for. */
const AS_ASKED = "* !filter !diff !merge\n";

export interface GitFolder {
	readonly run: (args: readonly string[], more?: RunOptions) => Buffer;
	/** False where git says no by its exit code. */
	readonly asks: (args: readonly string[], more?: RunOptions) => boolean;
	readonly path: string;
}

export interface RunOptions {
	readonly input?: Buffer | string;
	readonly index?: string;
	readonly environment?: Readonly<Record<string, string>>;
	readonly bytesMax?: number;
}

interface GitFolderOptions {
	readonly root: string;
	/** Where objects are kept. */
	readonly objects: string;
	/** Objects of somebody else that are read too. */
	readonly alsoRead?: string | undefined;
	readonly isForCommit?: boolean;
	/** What the workspace's own repository is told to ignore. */
	readonly excludes?: string;
	readonly format?: string;
}

/** Makes a git folder for one look, and removes it afterwards. */
export function withGit<Result>(options: GitFolderOptions, work: (git: GitFolder) => Result): Result {
	const path = mkdtempSync(join(tmpdir(), "bullpen-git-"));
	try {
		for (const name of ["objects", "refs", "info"]) mkdirSync(join(path, name));
		writeFileSync(join(path, "HEAD"), "ref: refs/heads/none\n");
		writeFileSync(join(path, "config"), CONFIG + formatOf(options.format));
		writeFileSync(join(path, "info", "exclude"), EXCLUDES + (options.excludes ?? ""));
		writeFileSync(join(path, "info", "attributes"), options.isForCommit ? AS_ASKED : PLAIN);
		const environment = {
			GIT_DIR: path,
			GIT_WORK_TREE: options.root,
			GIT_OBJECT_DIRECTORY: options.objects,
			...(options.alsoRead === undefined ? {} : { GIT_ALTERNATE_OBJECT_DIRECTORIES: options.alsoRead }),
		};
		const call = (args: readonly string[], more: RunOptions = {}) =>
			gitCall(options.root, args, {
				...more,
				environment: {
					...environment,
					GIT_INDEX_FILE: more.index ?? join(path, "index"),
					...more.environment,
				},
			});
		return work({
			path,
			run: (args, more) => answered(call(args, more)),
			asks: (args, more) => call(args, more).status === 0,
		});
	} finally {
		rmSync(path, { recursive: true, force: true });
	}
}

const formatOf = (format: string | undefined): string =>
	format === "sha256" ? "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = sha256\n" : "";

/** The workspace's own repository, for what names nothing that could be run: its refs. */
export function repositoryGit(root: string, args: readonly string[], more: RunOptions = {}) {
	const settings = ["core.hooksPath=/dev/null", "core.fsmonitor=false", "core.untrackedCache=false", "gc.auto=0"];
	return gitCall(root, ["--git-dir", join(root, ".git"), ...settings.flatMap((one) => ["-c", one]), ...args], more);
}

/** Words that git prints; undefined where it refuses. */
export function words(call: ReturnType<typeof gitCall>): string | undefined {
	return call.status === 0 ? call.stdout.toString("utf8").trim() : undefined;
}

function gitCall(root: string, args: readonly string[], { input, environment, bytesMax }: RunOptions) {
	const result = spawnSync("git", ["--no-pager", "--no-replace-objects", "--literal-pathspecs", ...args], {
		cwd: root,
		input: input ?? "",
		env: { ...CLEAN, ...environment },
		timeout: GIT_MS,
		killSignal: "SIGKILL",
		maxBuffer: bytesMax ?? OUTPUT_BYTES_MAX,
		stdio: ["pipe", "pipe", "pipe"],
	});
	if (result.error !== undefined && "code" in result.error) {
		if (result.error.code === "ENOENT") throw new Refusal("sandbox_unavailable", NO_GIT, { missing: "git" });
		if (result.error.code === "ENOBUFS") throw new Refusal("bad_input", "There is too much of it.");
		if (result.error.code === "ETIMEDOUT") throw new Refusal("busy", "Git did not answer in time.");
		throw result.error;
	}
	return result;
}

const NO_GIT = "Git is not installed on this server, so changes cannot be told.";

/** Nothing of the environment, the user's or the system's configuration. */
const CLEAN = {
	PATH: "/usr/local/bin:/usr/bin:/bin",
	HOME: "/nonexistent",
	LC_ALL: "C.UTF-8",
	GIT_ATTR_NOSYSTEM: "1",
	GIT_CONFIG_GLOBAL: "/dev/null",
	GIT_CONFIG_NOSYSTEM: "1",
	GIT_CONFIG_SYSTEM: "/dev/null",
	GIT_NO_LAZY_FETCH: "1",
	GIT_OPTIONAL_LOCKS: "0",
	GIT_PAGER: "cat",
	GIT_TERMINAL_PROMPT: "0",
	GIT_ALLOW_PROTOCOL: "none",
};

const SAID_CHARS_MAX = 300;

function answered({ status, stdout, stderr }: ReturnType<typeof gitCall>): Buffer {
	if (status === 0) return stdout;
	const said = stderr.toString("utf8").trim().split("\n").at(-1) ?? "";
	throw new Refusal("busy", `Git could not look at the files: ${said.slice(0, SAID_CHARS_MAX)}`, { program: "git" });
}

/** The parts of what git prints with `-z`. */
export const parts = (output: Buffer): string[] => output.toString("utf8").split("\0").slice(0, -1);
