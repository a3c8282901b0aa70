import { execFileSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { createServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { LIMITS } from "@bullpen/domain/limits";
import { gitAddress } from "@bullpen/domain/origin-rules";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type BringInOptions, bringIn, NotBroughtIn, type Wanted } from "./bring-in.ts";
import { confinement } from "./confinement.ts";
import { eraseFiles } from "./erase.ts";
import { agentMigrations } from "./migrations.ts";

const dataDir = mkdtempSync(join(tmpdir(), "bullpen-origin-"));
const possible = await confinement(dataDir, LIMITS);
const hasGit = ["git", "openssl"].every((name) => existsSync(`/usr/bin/${name}`));
const TOKEN = "ghp_5ecretCanary";
const source = join(dataDir, "source");

afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

let made = 0;
let id = "";
let database: DatabaseSync;
let progress: number[];
beforeEach(() => {
	id = `w-${++made}`;
	progress = [];
	database = new DatabaseSync(":memory:");
	for (const statement of agentMigrations) database.exec(statement);
});

const optionsWith = (more: Partial<BringInOptions> = {}): BringInOptions => ({
	workspaceId: id,
	dataDir,
	db: { execute: async (sql, ...args) => database.prepare(sql).all(...(args as SQLInputValue[])) },
	limits: LIMITS,
	signal: new AbortController().signal,
	onDone: (done) => progress.push(done),
	...more,
});
const folder = (): string => join(dataDir, "workspaces", id);
const file = (name: string): string => readFileSync(join(folder(), "files", name), "utf8");
const failure = async (wanted: Wanted, more: Partial<BringInOptions> = {}): Promise<NotBroughtIn> => {
	const error: unknown = await bringIn(wanted, optionsWith(more)).then(
		() => undefined,
		(reason: unknown) => reason,
	);
	if (error instanceof NotBroughtIn) return error;
	throw error ?? new Error("it was brought in");
};

describe.skipIf(possible.kind === "virtual")("in a real sandbox (where this machine has one)", () => {
	describe("an archive", () => {
		const archive = (name: string): Wanted => ({ kind: "archive", path: join(dataDir, name) });
		beforeAll(() => {
			mkdirSync(join(source, "repo"), { recursive: true });
			writeFileSync(join(source, "repo", "a.txt"), "one");
			execFileSync("tar", ["-C", source, "-czf", join(dataDir, "good.tar.gz"), "repo"]);
			symlinkSync("/etc/passwd", join(source, "repo", "zz-link"));
			execFileSync("tar", ["-C", source, "-czf", join(dataDir, "link.tar.gz"), "repo"]);
			rmSync(join(source, "repo", "zz-link"));
			writeFileSync(join(dataDir, "words.txt"), "no archive at all");
		});

		test("[ORI3] fills the workspace at once, and nothing is left beside it; erased, nothing is left at all", async () => {
			await bringIn(archive("good.tar.gz"), optionsWith());
			expect(file("a.txt")).toBe("one");
			expect(existsSync(join(folder(), "incoming"))).toBe(false);
			expect(await failure(archive("good.tar.gz"))).toMatchObject({ problem: "not_empty" });
			expect(file("a.txt")).toBe("one");
			const { db } = optionsWith();
			await eraseFiles({ workspaceId: id, dataDir, db, limits: LIMITS });
			expect(existsSync(folder())).toBe(false);
			await eraseFiles({ workspaceId: id, dataDir, db, limits: LIMITS });
		});

		test("[ORI4] what is refused leaves nothing, and may be tried again", async () => {
			expect(await failure(archive("link.tar.gz"))).toMatchObject({ problem: "link", detail: "repo/zz-link" });
			expect(existsSync(join(folder(), "incoming"))).toBe(false);
			expect(await failure(archive("words.txt"))).toMatchObject({ problem: "unknown_format" });
			expect(await failure(archive("nothing"))).toMatchObject({ problem: "upload_gone" });
			const small = { limits: { ...LIMITS, originBytesMax: 2 } };
			expect(await failure(archive("good.tar.gz"), small)).toMatchObject({ problem: "too_large" });
			await bringIn(archive("good.tar.gz"), optionsWith());
			expect(file("a.txt")).toBe("one");
		});

		test("[ORI5] given up, it ends and leaves nothing", async () => {
			expect(await failure(archive("good.tar.gz"), { signal: AbortSignal.abort() })).toMatchObject({
				problem: "cancelled",
			});
			expect(readdirSync(folder())).not.toContain("incoming");
		});
	});

	describe.skipIf(!hasGit)("a repository (where git and openssl are)", () => {
		let port: number;
		let heard: { url: string; authorization: string | undefined }[] = [];
		const certificates = join(dataDir, "cert.pem");
		const key = join(dataDir, "key.pem");
		let stop: () => void;
		const git = (...args: string[]): void =>
			void execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", "-C", join(source, "work"), ...args], {
				stdio: "ignore",
			});

		beforeAll(async () => {
			const subject = ["-subj", "/CN=git.example.org", "-addext", "subjectAltName=DNS:git.example.org"];
			execFileSync(
				"openssl",
				[
					"req",
					"-x509",
					"-newkey",
					"rsa:2048",
					"-nodes",
					"-keyout",
					key,
					"-out",
					certificates,
					"-days",
					"2",
					...subject,
				],
				{ stdio: "ignore" },
			);
			mkdirSync(join(source, "work", ".githooks"), { recursive: true });
			git("init", "-q", "-b", "main");
			writeFileSync(join(source, "work", "a.txt"), "one");
			writeFileSync(join(source, "work", ".gitattributes"), "*.txt filter=evil\n");
			writeFileSync(
				join(source, "work", ".gitmodules"),
				'[submodule "x"]\n\tpath = x\n\turl = https://git.example.org/other.git\n',
			);
			git("add", "-A");
			git("commit", "-q", "-m", "first");
			git("branch", "side/one");
			execFileSync("git", ["clone", "-q", "--bare", join(source, "work"), join(source, "open.git")]);
			execFileSync("git", ["-C", join(source, "open.git"), "update-server-info"]);
			const server = createServer({ key: readFileSync(key), cert: readFileSync(certificates) }, (request, response) => {
				const url = new URL(request.url ?? "/", "https://x").pathname;
				heard.push({ url, authorization: request.headers.authorization });
				const isShut = url.startsWith("/shut.git");
				if (isShut && request.headers.authorization === undefined) {
					response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
					return;
				}
				const path = join(source, isShut ? url.replace("shut", "open") : url);
				if (!existsSync(path) || path.endsWith("/")) response.writeHead(404).end();
				else response.end(readFileSync(path));
			});
			await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
			port = (server.address() as AddressInfo).port;
			stop = () => server.close();
		});
		afterAll(() => stop());
		beforeEach(() => {
			heard = [];
		});

		const way = (addresses = ["93.184.216.34"]): NonNullable<BringInOptions["way"]> => ({
			resolve: async () => addresses,
			dial: () => connect(port, "127.0.0.1"),
			certificates,
		});
		const repository = (name: string, more: Partial<Extract<Wanted, { kind: "git" }>> = {}): Wanted => ({
			kind: "git",
			address: gitAddress(`https://git.example.org/${name}`),
			...more,
		});

		test("[ORI3] is cloned without its hooks, filters and submodules", async () => {
			await bringIn(repository("open.git", { branch: "side/one" }), optionsWith({ way: way() }));
			expect(file("a.txt")).toBe("one");
			expect(file(".git/HEAD")).toBe("ref: refs/heads/side/one\n");
			expect(existsSync(join(folder(), "files", ".git", "hooks"))).toBe(false);
			expect(heard.some(({ url }) => url.includes("other.git"))).toBe(false);
			expect(file(".git/config")).toContain("https://git.example.org/open.git");
		});

		test("[ORI6] a token opens it, and is nowhere in the workspace afterwards", async () => {
			expect(await failure(repository("shut.git"), { way: way() })).toMatchObject({ problem: "needs_token" });
			await bringIn(repository("shut.git", { token: TOKEN }), optionsWith({ way: way() }));
			expect(file("a.txt")).toBe("one");
			const basic = Buffer.from(`oauth2:${TOKEN}`).toString("base64");
			expect(heard.at(-1)?.authorization).toBe(`Basic ${basic}`);
			const found = execFileSync("sh", ["-c", `grep -rlaE "${TOKEN}|${basic}" "${dataDir}" || true`], {
				encoding: "utf8",
			})
				.trim()
				.split("\n");
			expect(found).toEqual([""]);
		});

		test("[ORI7] a private address, another branch and nothing at all are refused in words of their own", async () => {
			const inside = await failure(repository("open.git"), { way: way(["10.0.0.7"]) });
			expect([inside.problem, heard]).toEqual(["private_address", []]);
			expect(await failure(repository("open.git", { branch: "none" }), { way: way() })).toMatchObject({
				problem: "no_branch",
			});
			expect(await failure(repository("none.git"), { way: way() })).toMatchObject({ problem: "no_repository" });
			expect(existsSync(join(folder(), "incoming"))).toBe(false);
		});
	});
});
