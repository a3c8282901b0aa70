import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { LIMITS } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { type AgentHost, type AgentHostOptions, createAgentHost, type TerminalWish } from "./agent-host.ts";
import { confinement } from "./confinement.ts";
import { agentMigrations } from "./migrations.ts";

const root = mkdtempSync(join(tmpdir(), "bullpen-files-"));
const possible = await confinement(root, LIMITS);
const hosts: AgentHost[] = [];
const ada = { name: "Ada", email: "ada@bullpen.invalid" };
let n = 0;

afterEach(async () => {
	for (const host of hosts.splice(0)) await host.stop();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function open(more: Partial<AgentHostOptions> = {}) {
	const workspaceId = `w-${++n}`;
	const database = new DatabaseSync(":memory:");
	for (const statement of agentMigrations) database.exec(statement);
	const host = createAgentHost({
		workspaceId,
		agent: "demo",
		dataDir: root,
		limits: LIMITS,
		now: Date.now,
		db: { execute: async (sql, ...args) => database.prepare(sql).all(...(args as SQLInputValue[])) },
		onEvent: () => undefined,
		onPermission: ({ requestId }) => void host.answerPermission(requestId, "allow_once"),
		onState: () => undefined,
		...more,
	});
	hosts.push(host);
	return { host, files: host.files, folder: join(root, "workspaces", workspaceId, "files") };
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const refusal = async (work: Promise<unknown>): Promise<string> =>
	work.then(
		() => "done",
		(error: unknown) => (error instanceof Problem ? error.code : String(error)),
	);
const text = async ({ host }: { host: AgentHost }, path: string): Promise<string> => {
	const found = await host.files.read({ path });
	return found.type === "content" ? Buffer.from(found.data, "base64").toString() : "";
};

/** What holds wherever the files are: each promise on a real sandbox, and on the simulated tree. */
const contract = (more: Partial<AgentHostOptions>): void => {
	test("people and the agent work on the same files, and see each other's changes", async () => {
		const site = open(more);
		expect(await site.files.list("")).toEqual({ path: "", entries: [], omitted: 0 });
		const made = await site.files.write({ path: "src/a.txt", version: null, data: base64("hello\n") });
		expect(site.host.state).toBe("off");
		await site.host.prompt("edit src/a.txt replace hello with goodbye");
		expect(await text(site, "src/a.txt")).toBe("goodbye\n");
		const { version } = made as { version: string };
		expect(await refusal(site.files.write({ path: "src/a.txt", version, data: base64("mine") }))).toBe("file_changed");
		expect(await text(site, "src/a.txt")).toBe("goodbye\n");
		const seen = await site.files.read({ path: "src/a.txt" });
		expect(await site.files.read({ path: "src/a.txt", known: seen.version })).toEqual({
			type: "same",
			version: seen.version,
		});
		await site.files.write({ path: "src/a.txt", version: seen.version, data: base64("mine\n") });
		await site.files.rename("src/a.txt", "src/b.txt");
		expect((await site.files.list("src")).entries).toMatchObject([{ name: "b.txt", type: "file", bytes: 5 }]);
		expect(await refusal(site.files.rename("gone", "b"))).toBe("not_found");
		expect((await site.files.changes()).files).toEqual([{ path: "src/b.txt", status: "added", added: 1, removed: 0 }]);
		expect(await site.files.diff("src/b.txt")).toEqual({ type: "text", oldText: null, newText: "mine\n" });
		await site.files.remove("src/b.txt");
		expect(await refusal(site.files.read({ path: "src/b.txt" }))).toBe("not_found");
	});
};

describe.skipIf(possible.kind === "virtual")("in a real sandbox (where this machine can confine)", () => {
	// An agent with a way to models: whoever only looks at files has none.
	contract({ models: { providers: async () => [], open: () => Promise.reject(new TypeError("not for files")) } });

	test("what is looked at while the agent starts, works and stops is always answered", async () => {
		const { host, files, folder } = open();
		await files.list("");
		writeFileSync(join(folder, "a.txt"), "1\n");
		const turn = host.prompt("write b.txt with 2");
		const looks = await Promise.all(Array.from({ length: 6 }, () => files.list("")));
		expect(looks.every(({ entries }) => entries.some(({ name }) => name === "a.txt"))).toBe(true);
		await turn;
		await host.stop();
		expect((await files.list("")).entries.map(({ name }) => name)).toEqual(["a.txt", "b.txt"]);
		expect(host.state).toBe("off");
	});

	test("[WS21] what waited for its turn starts nothing once there is nothing to start, and no folder comes back", async () => {
		let isGone = false;
		const mayStart = () => {
			if (isGone) throw new Problem("not_found", "There is nothing here.");
		};
		const { host, files, folder } = open({ mayStart, limits: { ...LIMITS, fileCallsAtOnce: 1 } });
		await files.list("");
		const waiting = [files.list(""), files.paths(), files.write({ path: "a.txt", version: null, data: "" })];
		isGone = true;
		await host.stop();
		await Promise.allSettled(waiting);
		rmSync(folder, { recursive: true, force: true });
		for (const call of [files.list(""), files.paths(), host.terminal({} as TerminalWish), host.prompt("list")]) {
			expect(await refusal(call)).toBe("not_found");
		}
		expect(existsSync(folder)).toBe(false);
		expect(host.state).toBe("off");
	});

	test("[CHG1] a path that is too long or too deep for us is counted, and the others are told", async () => {
		const { files, folder } = open();
		await files.list("");
		const deep = join(folder, ...Array.from({ length: 70 }, () => "d"));
		const long = join(folder, ...Array.from({ length: 6 }, () => "l".repeat(200)));
		for (const path of [deep, long]) {
			mkdirSync(path, { recursive: true });
			writeFileSync(join(path, "f"), "x");
		}
		await files.write({ path: "seen.txt", version: null, data: base64("seen\n") });
		const { files: changed, omitted } = await files.changes();
		expect(changed.map(({ path }) => path)).toEqual(["seen.txt"]);
		expect(omitted).toBe(2);
		expect((await files.paths()).paths).toEqual(["seen.txt"]);
	});

	test("large files come and go in parts, whole", async () => {
		const { files, folder } = open();
		const whole = Buffer.alloc(LIMITS.fileChunkBytesMax * 2 + 1_000, "0123456789\u0000ab");
		for (let offset = 0; offset < whole.length; offset += LIMITS.fileChunkBytesMax) {
			const part = whole.subarray(offset, offset + LIMITS.fileChunkBytesMax);
			const upload = { id: "u", offset, isLast: offset + part.length === whole.length };
			await files.write({ path: "big.bin", version: null, data: part.toString("base64"), upload });
		}
		expect(readFileSync(join(folder, "big.bin")).equals(whole)).toBe(true);
		const parts: Buffer[] = [];
		let version: string | undefined;
		for (let isLast = false, offset = 0; !isLast; ) {
			const part = await files.read({ path: "big.bin", offset, ...(version && { version }) });
			if (part.type !== "content") throw new Error("no content");
			parts.push(Buffer.from(part.data, "base64"));
			({ version, isLast } = part);
			offset += LIMITS.fileChunkBytesMax;
		}
		expect(Buffer.concat(parts).equals(whole)).toBe(true);
	});

	test("[FIL1] nothing of the host and nothing of the server is seen, whatever a link says", async () => {
		const { files, folder } = open();
		await files.write({ path: "a.txt", version: null, data: base64("1\n") });
		symlinkSync("/proc/self/environ", join(folder, "environ"));
		symlinkSync("/etc/passwd", join(folder, "passwd"));
		symlinkSync(root, join(folder, "far"));
		symlinkSync("/proc/1", join(folder, "first"));
		for (const path of ["environ", "passwd", "far/secret", "first/environ"]) {
			expect(await refusal(files.read({ path }))).toMatch(/bad_input|not_found/);
		}
		expect((await files.changes()).files.map(({ path }) => path)).toEqual([
			"a.txt",
			"environ",
			"far",
			"first",
			"passwd",
		]);
	});

	test("[CHG1] [CHG2] a person commits what is there; the start stays where it was", async () => {
		const { host, files } = open();
		await files.write({ path: "a.txt", version: null, data: base64("1\n") });
		await files.recordStart();
		await host.prompt("write b.txt with 2");
		const { commit } = await files.commit("Add b", ada);
		expect(commit).toMatch(/^[0-9a-f]{40}$/);
		const { files: changed, repository } = await files.changes();
		expect(changed).toEqual([{ path: "b.txt", status: "added", added: 1, removed: 0 }]);
		expect(repository).toEqual({ type: "ready", branch: "main", uncommitted: 0 });
		const patch = await files.patch();
		expect(Buffer.from(patch.data, "base64").toString()).toContain("+++ b/b.txt");
	});
});

describe("on the simulated tree", () => {
	const confined = async () => ({ kind: "virtual", reason: "bubblewrap is not installed.", fix: "" }) as const;
	contract({ confinement: confined });

	test("what needs a program says that nothing runs here", async () => {
		const { files } = open({ confinement: confined });
		for (const work of [files.commit("x", ada), files.patch()]) expect(await refusal(work)).toBe("sandbox_unavailable");
		const nul = files.write({ path: "a", version: null, data: base64("a\0b") });
		expect(await refusal(nul)).toBe("bad_input");
	});

	test("is refused where simulations are not allowed", async () => {
		const { files } = open({ confinement: confined, allowVirtual: false });
		expect(await refusal(files.list(""))).toBe("sandbox_unavailable");
	});
});
