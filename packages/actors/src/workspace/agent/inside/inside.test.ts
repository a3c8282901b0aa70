import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
	chmodSync,
	existsSync,
	linkSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	truncateSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIMITS } from "@bullpen/domain/limits";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { insideBounds } from "./bounds.ts";
import { EMPTY_TREE } from "./git.ts";
import { outcomeOf } from "./outcome.ts";

let root: string;
let files: string;
let outside: string;
beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), "bullpen-inside-"));
	files = join(root, "files");
	outside = join(root, "outside");
	mkdirSync(files);
	mkdirSync(outside);
	writeFileSync(join(outside, "secret.txt"), "secret");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** What is looked at field by field, of all answers. */
interface Answer {
	entries: { name: string; type: string; target?: string }[];
	omitted: number;
	type: string;
	data: string;
	bytes: number;
	isText: boolean;
	version: string;
	base: string;
	files: { path: string; from?: string; status: string; added: number | null; removed: number | null }[];
	nested: string[];
	uncounted: number;
	added: number;
	removed: number;
	repository: { type: string; reason?: string };
	patchId: string;
	oldText: string | null;
	commit: string;
}

interface Outcome {
	answer?: Answer;
	refusal?: { code: string; sentence: string; details: Record<string, unknown> };
}

/** What the program answers in a sandbox, on folders of ours. */
function run(request: object, data = ""): Outcome {
	const asked = JSON.parse(JSON.stringify({ bounds: insideBounds(LIMITS), base: EMPTY_TREE, ...request }));
	return outcomeOf(asked, data, { root: files, state: join(root, "state") });
}
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const write = (path: string, version: string | null, text: string, more: object = {}): Outcome =>
	run({ do: "write", path, version, ...more }, base64(text));
const read = (path: string, more: object = {}): Outcome => run({ do: "read", path, ...more });
const text = (outcome: Outcome): string => Buffer.from(outcome.answer!.data, "base64").toString();
const put = (path: string, content: string): void => {
	mkdirSync(join(files, path, ".."), { recursive: true });
	writeFileSync(join(files, path), content);
};

describe("files", () => {
	test("a folder tells what is in it, folders first, links as what they say", () => {
		put("b.txt", "12345");
		put("a/inner.txt", "");
		put(".env", "");
		symlinkSync(outside, join(files, "far"));
		execFileSync("mkfifo", [join(files, "pipe")]);
		const { entries, omitted } = run({ do: "list", path: "" }).answer!;
		expect(entries.map(({ name, type, bytes }: Record<string, unknown>) => [name, type, bytes])).toEqual([
			["a", "folder", 0],
			[".env", "file", 0],
			["b.txt", "file", 5],
			["far", "link", 0],
			["pipe", "other", 0],
		]);
		expect(entries[3]?.target).toBe(outside);
		expect(omitted).toBe(0);
	});

	test("a folder with too much in it is told as far as it goes", () => {
		for (let i = 0; i < 30; i++) put(`${i}`, "");
		const bounds = { ...insideBounds(LIMITS), listMax: 10 };
		expect(run({ do: "list", path: "", bounds }).answer).toMatchObject({ entries: { length: 10 }, omitted: 20 });
	});

	test("a file is read whole, in parts, or not at all where it is known", () => {
		put("a.txt", "héllo");
		const whole = read("a.txt");
		expect(whole.answer).toMatchObject({
			type: "content",
			version: hash("héllo"),
			bytes: 6,
			isText: true,
			isLast: true,
		});
		expect(text(whole)).toBe("héllo");
		expect(read("a.txt", { known: hash("héllo") }).answer).toEqual({ type: "same", version: hash("héllo") });
		expect(text(read("a.txt", { offset: 3, version: hash("héllo") }))).toBe("llo");
		put("a.txt", "other");
		expect(read("a.txt", { offset: 3, version: hash("héllo") }).refusal).toMatchObject({
			code: "file_changed",
			details: { version: hash("other"), bytes: 5 },
		});
	});

	test("what is no text, or too large, says so; a vast file is not read", () => {
		put("a.bin", "a\0b");
		writeFileSync(join(files, "latin"), Buffer.from([0xff, 0x41]));
		put("large.txt", "x".repeat(LIMITS.fileTextBytesMax + 1));
		put("vast", "");
		truncateSync(join(files, "vast"), 20 * 1024 * 1024 * 1024);
		expect(read("a.bin").answer!.isText).toBe(false);
		expect(read("latin").answer!.isText).toBe(false);
		expect(read("large.txt").answer).toMatchObject({ isText: false, isLast: false });
		expect(read("vast").refusal).toMatchObject({
			code: "bad_input",
			details: { bytesMax: LIMITS.fileDownloadBytesMax },
		});
	});

	test("[FIL1] pipes, devices and links are never opened", () => {
		execFileSync("mkfifo", [join(files, "pipe")]);
		symlinkSync("/dev/zero", join(files, "zero"));
		symlinkSync(join(outside, "secret.txt"), join(files, "link.txt"));
		symlinkSync(outside, join(files, "far"));
		for (const path of ["pipe", "zero", "link.txt"]) expect(read(path).refusal?.code).toBe("bad_input");
		expect(read("far/secret.txt").refusal?.code).toMatch(/bad_input|not_found/);
		expect(run({ do: "list", path: "far" }).refusal?.code).toMatch(/bad_input|not_found/);
	});

	test.each([
		"../outside/secret.txt",
		"a/../../outside/secret.txt",
		"/etc/passwd",
		"./a",
		"a//b",
		"a\0b",
		".git/config",
	])("[FIL1] %j is refused inside too, whatever the host let through", (path) => {
		put("a/x", "");
		mkdirSync(join(files, ".git"));
		writeFileSync(join(files, ".git", "config"), "secret");
		expect(read(path).refusal?.code).toBe("bad_input");
		expect(write(path, null, "x").refusal?.code).toBe("bad_input");
		expect(run({ do: "rename", path: "a/x", to: path }).refusal?.code).toBe("bad_input");
	});

	test("[FIL3] a file is written where its writer saw what is there", () => {
		expect(write("a/b/new.txt", null, "one").answer).toEqual({ type: "written", version: hash("one"), bytes: 3 });
		chmodSync(join(files, "a/b/new.txt"), 0o755);
		expect(write("a/b/new.txt", hash("one"), "two").answer!.version).toBe(hash("two"));
		expect(readFileSync(join(files, "a/b/new.txt"), "utf8")).toBe("two");
		expect(statSync(join(files, "a/b/new.txt")).mode & 0o777).toBe(0o755);
		expect(readdirSync(join(files, "a/b"))).toEqual(["new.txt"]);
	});

	test("[FIL3] and refused, with what is there, where somebody changed, made or removed it meanwhile", () => {
		put("a.txt", "the agent's");
		const refused = write("a.txt", hash("mine"), "mine, edited").refusal;
		expect(refused).toMatchObject({ code: "file_changed", details: { version: hash("the agent's"), bytes: 11 } });
		expect(write("a.txt", null, "mine").refusal).toMatchObject({ details: { version: hash("the agent's") } });
		const gone = write("gone.txt", hash("mine"), "mine").refusal;
		expect(gone).toMatchObject({ code: "file_changed", details: {} });
		expect(readFileSync(join(files, "a.txt"), "utf8")).toBe("the agent's");
		expect(readdirSync(files)).toEqual(["a.txt"]);
	});

	test("[FIL1] writing goes through no link, and replaces none", () => {
		symlinkSync(join(outside, "secret.txt"), join(files, "link.txt"));
		symlinkSync(outside, join(files, "far"));
		linkSync(join(outside, "secret.txt"), join(files, "hard.txt"));
		expect(write("link.txt", null, "x").refusal?.code).toBe("name_taken");
		expect(write("far/new.txt", null, "x").refusal?.code).toMatch(/bad_input|not_found/);
		// A hard link is a file of the workspace: it gets another one in its place, and the first stays as it was.
		expect(write("hard.txt", hash("secret"), "x").answer!.type).toBe("written");
		expect(readFileSync(join(outside, "secret.txt"), "utf8")).toBe("secret");
		expect(readdirSync(outside)).toEqual(["secret.txt"]);
	});

	test("a large file comes in parts, and is there when it is whole", () => {
		const upload = (offset: number, isLast: boolean, content: string) =>
			write("big.txt", null, content, { upload: { id: "u1", offset, isLast } });
		expect(upload(0, false, "hello ").answer).toEqual({ type: "staged", bytes: 6 });
		expect(upload(0, false, "hello ").answer).toEqual({ type: "staged", bytes: 6 });
		expect(existsSync(join(files, "big.txt"))).toBe(false);
		expect(upload(9, false, "gap").refusal?.code).toBe("bad_input");
		expect(upload(6, true, "world").answer).toMatchObject({ type: "written", bytes: 11 });
		expect(readFileSync(join(files, "big.txt"), "utf8")).toBe("hello world");
		expect(readdirSync(join(root, "state/uploads"))).toEqual([]);
		const bounds = { ...insideBounds(LIMITS), uploadBytes: 10 };
		const vast = { path: "b", version: null, upload: { id: "u2", offset: 0, isLast: false }, bounds };
		expect(run({ do: "write", ...vast }, base64("x".repeat(11))).refusal?.code).toBe("bad_input");
	});

	test("[FIL4] renaming, making and removing replace and follow nothing", () => {
		put("a.txt", "a");
		put("b.txt", "b");
		put("dir/x.txt", "x");
		symlinkSync(outside, join(files, "dir/far"));
		expect(run({ do: "rename", path: "a.txt", to: "b.txt" }).refusal?.code).toBe("name_taken");
		expect(run({ do: "rename", path: "a.txt", to: "new/c.txt" }).answer).toEqual({ ok: true });
		expect(run({ do: "rename", path: "dir", to: "dir/in" }).refusal?.code).toBe("bad_input");
		expect(run({ do: "rename", path: "dir", to: "moved" }).answer).toEqual({ ok: true });
		expect(run({ do: "createFolder", path: "moved" }).refusal?.code).toBe("name_taken");
		expect(run({ do: "createFolder", path: "one/two" }).answer).toEqual({ ok: true });
		expect(run({ do: "delete", path: "b.txt", version: hash("seen") }).refusal?.code).toBe("file_changed");
		expect(run({ do: "delete", path: "b.txt", version: hash("b") }).answer).toEqual({ ok: true });
		expect(run({ do: "delete", path: "moved" }).answer).toEqual({ ok: true });
		expect(run({ do: "delete", path: "moved" }).refusal?.code).toBe("not_found");
		expect(readdirSync(files).sort()).toEqual(["new", "one"]);
		expect(readFileSync(join(outside, "secret.txt"), "utf8")).toBe("secret");
	});
});

const git = (...args: string[]): string =>
	execFileSync("git", ["-C", files, "-c", "user.name=Agent", "-c", "user.email=agent@example.test", ...args], {
		encoding: "utf8",
		env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null" },
	}).trim();
const hasGit = spawnSync("git", ["--version"]).status === 0;
const who = { name: "Ada", email: "ada@bullpen.invalid" };

describe.skipIf(!hasGit)("changes (where git is installed)", () => {
	const changes = (base = EMPTY_TREE) => run({ do: "listChanges", base }).answer!;

	test("[CHG1] every file is told that is not as it was at the start, whatever was committed since", () => {
		put("kept.txt", "1\n");
		put("gone.txt", "x\n");
		put("edited.txt", "1\n2\n");
		put("moved.txt", "the same\nwords\nas\nbefore\n");
		const { base } = run({ do: "recordStart" }).answer!;
		rmSync(join(files, "gone.txt"));
		put("edited.txt", "1\n3\n4\n");
		put("new/deep.txt", "a\nb\n");
		execFileSync("mv", [join(files, "moved.txt"), join(files, "new/here.txt")]);
		git("init", "-q");
		git("add", "-A");
		git("commit", "-qm", "by the agent");
		put("later.bin", "a\0b");
		const { files: found, added, removed, repository } = changes(base);
		expect(found).toEqual([
			{ path: "edited.txt", status: "modified", added: 2, removed: 1 },
			{ path: "gone.txt", status: "deleted", added: 0, removed: 1 },
			{ path: "later.bin", status: "added", added: null, removed: null },
			{ path: "new/deep.txt", status: "added", added: 2, removed: 0 },
			{ path: "new/here.txt", from: "moved.txt", status: "renamed", added: 0, removed: 0 },
		]);
		expect([added, removed]).toEqual([4, 2]);
		expect(repository).toEqual({ type: "ready", branch: expect.any(String), uncommitted: 1 });
		const diff = (path: string, from?: string) => run({ do: "diff", base, path, from }).answer!;
		expect(diff("edited.txt")).toEqual({ type: "text", oldText: "1\n2\n", newText: "1\n3\n4\n" });
		expect(diff("gone.txt")).toEqual({ type: "text", oldText: "x\n", newText: null });
		expect(diff("new/deep.txt")).toEqual({ type: "text", oldText: null, newText: "a\nb\n" });
		expect(diff("new/here.txt", "moved.txt").oldText).toBe("the same\nwords\nas\nbefore\n");
		expect(diff("later.bin")).toEqual({ type: "binary", oldBytes: null, newBytes: 3 });
	});

	test("[CHG1] the patch makes the files of now from those of the start", () => {
		put("a.txt", "1\n");
		const { base } = run({ do: "recordStart" }).answer!;
		put("a.txt", "2\n");
		put("b.bin", "a\0b");
		const part = run({ do: "patch", base }).answer!;
		put("a.txt", "3\n");
		expect(run({ do: "patch", base, patchId: part.patchId, offset: 5 }).answer).toMatchObject({
			bytes: part.bytes,
			offset: 5,
			isLast: true,
		});
		rmSync(join(files, "b.bin"));
		put("a.txt", "1\n");
		execFileSync("git", ["apply", "-"], { cwd: files, input: Buffer.from(part.data, "base64") });
		expect(readFileSync(join(files, "a.txt"), "utf8")).toBe("2\n");
		expect(readFileSync(join(files, "b.bin"), "utf8")).toBe("a\0b");
		expect(run({ do: "patch", base, patchId: "../../outside/secret.txt" }).refusal?.code).toBe("bad_input");
	});

	test("[CHG2] a commit is its author's, with everything but what is ignored; the next one has only what is new", () => {
		put("a.txt", "1\n");
		put("secret.env", "x");
		put(".gitignore", "*.env\n");
		expect(changes().repository).toEqual({ type: "none" });
		const made = run({ do: "commit", message: "First\n\nWith a body.", ...who }).answer!;
		expect(made).toEqual({ commit: git("rev-parse", "HEAD"), files: 2 });
		expect(git("log", "-1", "--format=%an <%ae>|%cn|%B")).toBe("Ada <ada@bullpen.invalid>|Ada|First\n\nWith a body.");
		expect(git("ls-tree", "-r", "--name-only", "HEAD")).toBe(".gitignore\na.txt");
		expect(git("status", "--porcelain")).toBe("");
		expect(changes().repository).toEqual({ type: "ready", branch: "main", uncommitted: 0 });
		expect(run({ do: "commit", message: "Nothing", ...who }).refusal).toMatchObject({ details: { reason: "nothing" } });
		put("a.txt", "2\n");
		rmSync(join(files, ".gitignore"));
		rmSync(join(files, "secret.env"));
		expect(run({ do: "commit", message: "Second", ...who }).answer).toMatchObject({ files: 2 });
		expect(git("log", "--format=%s")).toBe("Second\nFirst");
		expect(git("fsck", "--strict")).toBe("");
	});

	test("a commit waits for whoever works with git, and is refused during a merge", () => {
		put("a.txt", "1\n");
		git("init", "-q");
		writeFileSync(join(files, ".git/index.lock"), "");
		expect(run({ do: "commit", message: "x", ...who }).refusal?.code).toBe("busy");
		expect(existsSync(join(files, ".git/index.lock"))).toBe(true);
		rmSync(join(files, ".git/index.lock"));
		writeFileSync(join(files, ".git/MERGE_HEAD"), "");
		expect(run({ do: "commit", message: "x", ...who }).refusal?.details).toMatchObject({ reason: expect.any(String) });
		expect(changes().repository).toMatchObject({ type: "unusable" });
	});

	test("[CHG2] what changed within the second of the last look, in as many bytes, is committed", async () => {
		const second = () => Math.floor(Date.now() / 1000);
		const isNew = async (after: number) => expect.poll(second, { interval: 5, timeout: 2_000 }).toBeGreaterThan(after);
		git("init", "-q");
		let begun: number;
		do {
			await isNew(second());
			begun = second();
			put("a.txt", "1\n");
			git("add", "-A");
			git("commit", "-qm", "start", "--allow-empty");
			put("a.txt", "2\n");
		} while (second() !== begun); // a file system tells whole seconds apart, whatever git looks at
		await isNew(begun);
		expect(run({ do: "commit", message: "x", ...who }).answer).toMatchObject({ files: 1 });
	});

	test("[CHG3] hooks, filters, monitors, external diffs, pagers and includes of the workspace are never run", () => {
		const trap = join(root, "sprung");
		const script = join(root, "trap.sh");
		writeFileSync(script, `#!/bin/sh\ntouch ${trap}\ncat\n`, { mode: 0o755 });
		put("a.txt", "1\n");
		git("init", "-q");
		git("add", "-A");
		git("commit", "-qm", "start");
		for (const name of ["pre-commit", "post-commit", "reference-transaction", "post-index-change", "commit-msg"]) {
			writeFileSync(join(files, ".git/hooks", name), `#!/bin/sh\ntouch ${trap}\n`, { mode: 0o755 });
		}
		writeFileSync(join(files, "more.config"), `[core]\n\thooksPath = ${join(files, ".git/hooks")}\n`);
		for (const [name, value] of [
			["core.fsmonitor", script],
			["core.pager", script],
			["core.editor", script],
			["core.sshCommand", script],
			["core.hooksPath", ".git/hooks"],
			["core.alternateRefsCommand", script],
			["diff.external", script],
			["diff.trap.textconv", script],
			["diff.trap.command", script],
			["filter.trap.clean", script],
			["filter.trap.smudge", script],
			["filter.trap.process", script],
			["merge.trap.driver", script],
			["gpg.program", script],
			["commit.gpgSign", "true"],
			["credential.helper", script],
			["include.path", "../more.config"],
			["gc.auto", "1"],
			["maintenance.auto", "true"],
		] as const) {
			git("config", name, value);
		}
		put(".gitattributes", "*.txt diff=trap merge=trap working-tree-encoding=UTF-16 ident\n");
		put("a.txt", "2\n");
		rmSync(trap, { force: true });
		expect(changes().files.map(({ path }: { path: string }) => path)).toEqual([
			".gitattributes",
			"a.txt",
			"more.config",
		]);
		expect(run({ do: "diff", path: "a.txt" }).answer).toMatchObject({ newText: "2\n" });
		expect(run({ do: "patch" }).answer!.bytes).toBeGreaterThan(0);
		put(".gitattributes", "");
		expect(run({ do: "commit", message: "x", ...who }).answer).toMatchObject({ files: 3 });
		expect(existsSync(trap)).toBe(false);
	});

	test("[CHG3] a file that needs a filter is not committed without it", () => {
		put("a.bin", "1\n");
		put(".gitattributes", "*.bin filter=lfs\n");
		git("init", "-q");
		expect(run({ do: "commit", message: "x", ...who }).refusal?.details).toMatchObject({
			reason: "a.bin needs a filter (lfs), which is not run here.",
		});
	});

	test("[CHG3] a repository that leads elsewhere is not followed", () => {
		put("a.txt", "1\n");
		execFileSync("git", ["init", "-q", join(outside, "repo")]);
		symlinkSync(join(outside, "repo/.git"), join(files, ".git"));
		expect(changes().repository).toMatchObject({ type: "unusable" });
		expect(run({ do: "commit", message: "x", ...who }).refusal?.code).toBe("bad_input");
		rmSync(join(files, ".git"));
		writeFileSync(join(files, ".git"), `gitdir: ${join(outside, "repo/.git")}\n`);
		expect(run({ do: "commit", message: "x", ...who }).refusal?.code).toBe("bad_input");
		expect(spawnSync("git", ["-C", join(outside, "repo"), "rev-parse", "HEAD"]).status).not.toBe(0);
	});

	test("what cannot be compared is told: repositories inside, large files, pipes; links are compared as links", () => {
		put("inner/a.txt", "1\n");
		execFileSync("git", ["init", "-q", join(files, "inner")]);
		put("large.bin", "x".repeat(200));
		execFileSync("mkfifo", [join(files, "pipe")]);
		symlinkSync(outside, join(files, "far"));
		const bounds = { ...insideBounds(LIMITS), fileBytesMax: 100 };
		const answer = run({ do: "listChanges", bounds }).answer!;
		expect(answer.files.map(({ path }: { path: string }) => path)).toEqual(["far"]);
		expect(answer.nested).toEqual(["inner"]);
		expect(answer.uncounted).toBeGreaterThanOrEqual(1);
	});

	test("what is remembered of the files may be damaged: it is made again", () => {
		put("a.txt", "1\n");
		changes();
		writeFileSync(join(root, "state/index"), "broken");
		expect(changes().files).toHaveLength(1);
		expect(run({ do: "listChanges", base: "1".repeat(40) }).refusal?.code).toBe("not_found");
	});
});
