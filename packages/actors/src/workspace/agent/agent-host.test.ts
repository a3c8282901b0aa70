import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { LIMITS } from "@bullpen/domain/limits";
import type { AgentState } from "@bullpen/domain/workspace";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { outputOf, type Update, updatesOf, wordsOf } from "../../../test/agents/updates.ts";
import {
	AgentBroken,
	type AgentHost,
	type AgentHostOptions,
	createAgentHost,
	type PermissionRequest,
	type SessionEvent,
} from "./agent-host.ts";
import { confinement } from "./confinement.ts";
import { agentMigrations } from "./migrations.ts";
import { settle } from "./place.ts";

const root = mkdtempSync(join(tmpdir(), "bullpen-agent-"));
const limits = { ...LIMITS, agentCancelMs: 500, agentFlushEveryMs: 20 };
const possible = await confinement(root, limits);
const unhandled: unknown[] = [];
process.on("unhandledRejection", (reason) => unhandled.push(reason));

let sites: Site[];
let n = 0;
beforeEach(() => {
	sites = [];
});
afterEach(async () => {
	for (const site of sites) await site.close();
	expect(unhandled).toEqual([]);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A workspace and whoever watches it. The database outlives its hosts, as the actor's does. */
class Site {
	readonly id: string;
	readonly dataDir: string;
	readonly database = new DatabaseSync(":memory:");
	readonly events: SessionEvent[] = [];
	readonly states: AgentState[] = [];
	readonly problems: (string | undefined)[] = [];
	readonly requests: PermissionRequest[] = [];
	readonly hosts: AgentHost[] = [];
	answer: string | undefined = "allow_once";

	constructor(dataDir = root) {
		this.dataDir = dataDir;
		this.id = `w-${++n}`;
		sites.push(this);
		for (const statement of agentMigrations) this.database.exec(statement);
	}

	host(options: Partial<AgentHostOptions> = {}): AgentHost {
		const host = createAgentHost({
			workspaceId: this.id,
			agent: "demo",
			dataDir: this.dataDir,
			limits,
			now: Date.now,
			db: { execute: async (sql, ...args) => this.database.prepare(sql).all(...(args as SQLInputValue[])) },
			onEvent: (event) => this.events.push(event),
			onPermission: (request) => {
				this.requests.push(request);
				if (this.answer !== undefined) void host.answerPermission(request.requestId, this.answer);
			},
			onState: (state, problem) => {
				this.states.push(state);
				if (state === "broken") this.problems.push(problem);
			},
			...options,
		});
		this.hosts.push(host);
		return host;
	}

	get folder(): string {
		return join(this.dataDir, "workspaces", this.id);
	}

	file(name: string): string {
		return readFileSync(join(this.folder, "files", name), "utf8");
	}

	/** Everything told of tool calls after they were made. */
	get toolUpdates(): Update[] {
		return updatesOf(this.events, "tool_call_update");
	}

	said(): string {
		return wordsOf(this.events);
	}

	/** The processes of this workspace's sandbox, as the host sees them. */
	processes(): { pid: number; command: string }[] {
		return processes().filter(({ command, environment }) => `${command} ${environment}`.includes(this.folder));
	}

	async close(): Promise<void> {
		for (const host of this.hosts) await host.stop();
		this.database.close();
	}
}

function processes(): { pid: number; parent: number; command: string; environment: string }[] {
	return readdirSync("/proc")
		.filter((name) => /^\d+$/.test(name))
		.map((name) => {
			const read = (file: string) => {
				try {
					return readFileSync(`/proc/${name}/${file}`, "utf8").replaceAll("\0", " ");
				} catch {
					return "";
				}
			};
			const parent = Number(/PPid:\s*(\d+)/.exec(read("status"))?.[1]);
			return { pid: Number(name), parent, command: read("cmdline"), environment: "" };
		});
}

/** The processes below one, itself left out. */
function below(pid: number): { pid: number; command: string }[] {
	const all = processes();
	const children = all.filter(({ parent }) => parent === pid);
	return children.flatMap((child) => [child, ...below(child.pid)]);
}

function sandboxOf(site: Site): { pid: number; command: string }[] {
	return site.processes().flatMap((process) => [process, ...below(process.pid)]);
}

async function until(check: () => unknown): Promise<void> {
	await vi.waitFor(() => expect(check()).toBeTruthy(), { timeout: 20_000, interval: 25 });
}

test("the machine is proven to confine, or the reason and the fix are given", () => {
	if (possible.kind === "confined") return;
	expect(possible.reason).toMatch(/\.$/);
	expect(possible.fix).not.toBe("");
});

describe.skipIf(possible.kind === "virtual")("in a real sandbox (where this machine can confine)", () => {
	test("a prompt brings files and mentions others; what is listed is what the sandbox sees", async () => {
		const site = new Site();
		const host = site.host();
		await host.prompt("write src/a.txt with one");
		await host.prompt("what is in @src/a.txt?", [{ type: "text", name: "plan.md", text: "the teapot plan" }]);
		expect(site.said()).toContain("You gave me src/a.txt, plan.md.");
		await host.prompt("read @src/a.txt");
		expect(site.said()).toContain("src/a.txt has 1 line");
		expect(JSON.stringify(site.events)).not.toContain("the teapot plan");
		expect(await host.files.paths()).toEqual({ paths: ["src/a.txt"], isPartial: false });
	});

	test("writes, edits and runs with permission, and every event comes before the turn is over", async () => {
		const site = new Site();
		const host = site.host();
		expect(host.info).toEqual({ sandboxId: null, sandboxKind: "confined" });
		const outcome = await host.prompt(
			"create hello.js with `console.log('hello')` then edit it replace hello with goodbye and run it",
		);
		expect(outcome).toEqual({ stopReason: "end_turn" });
		expect(site.file("hello.js")).toBe("console.log('goodbye')\n");
		expect(outputOf(site.toolUpdates.at(-1))).toBe("goodbye\n");
		expect(site.said()).toMatch(/It ran without an error/);
		expect(site.requests.map((request) => request.title)).toEqual(["Write hello.js", "Edit hello.js", "node hello.js"]);
		expect(site.requests[2]).toMatchObject({ toolCallId: expect.any(String), detail: '{"command":"node hello.js"}' });
		expect(site.events.at(-1)?.payload).toMatchObject({ result: { stopReason: "end_turn" } });
		expect(site.events.map((event) => event.eventIndex)).toEqual(site.events.map((_, i) => i + 1));
		expect(site.states).toEqual([
			...["starting", "idle", "running"],
			...Array(3).fill(["waiting_permission", "running"]).flat(),
			"idle",
		]);
		expect(host.info).toEqual({
			sandboxId: expect.stringMatching(/^confined\/[0-9a-f]{8}$/),
			sandboxKind: "confined",
			facts: { limits: expect.any(Object), proof: expect.any(Object) },
		});
		const stored = site.database.prepare("SELECT count(*) AS n FROM agent_events").get();
		expect(stored?.n).toBe(site.events.length);
	});

	test("a denied request changes nothing", async () => {
		const site = new Site();
		site.answer = "reject_once";
		expect(await site.host().prompt("write a.txt with hi")).toEqual({ stopReason: "end_turn" });
		expect(() => site.file("a.txt")).toThrow("ENOENT");
	});

	test("cancel during a command ends it and all it started, and the next prompt works", async () => {
		const site = new Site();
		const host = site.host({ limits: { ...limits, agentCancelMs: LIMITS.agentCancelMs } }); // it is asked, not killed
		const turn = host.prompt("run `sleep 1000 & echo started; wait`");
		await until(() => JSON.stringify(site.toolUpdates).includes("started"));
		expect(sandboxOf(site).some(({ command }) => command.startsWith("sleep 1000"))).toBe(true);
		await host.cancel();
		expect(await turn).toEqual({ stopReason: "cancelled" });
		expect(sandboxOf(site).some(({ command }) => command.startsWith("sleep 1000"))).toBe(false);
		const sandbox = host.info.sandboxId;
		expect(await host.prompt("list")).toEqual({ stopReason: "end_turn" });
		expect(host.info.sandboxId).toBe(sandbox);
	});

	test("cancel while it waits for permission ends the turn; a late answer does nothing", async () => {
		const site = new Site();
		site.answer = undefined;
		const host = site.host();
		const turn = host.prompt("write a.txt with hi");
		await until(() => site.requests.length > 0);
		await host.cancel();
		expect(await turn).toEqual({ stopReason: "cancelled" });
		await host.answerPermission(site.requests[0]!.requestId, "allow_once");
		expect(host.state).toBe("idle");
		expect(() => site.file("a.txt")).toThrow("ENOENT");
	});

	test("an agent that does not hear the cancel is killed in bounded time, and the next one remembers", async () => {
		const site = new Site();
		const host = site.host();
		const turn = host.prompt("run `echo frozen; sleep 1000`");
		await until(() => JSON.stringify(site.toolUpdates).includes("frozen"));
		process.kill(agentPid(site), "SIGSTOP");
		const started = performance.now();
		await host.cancel();
		expect(await turn).toEqual({ stopReason: "cancelled" });
		expect(performance.now() - started).toBeLessThan(3_000);
		expect(host.state).toBe("off");
		await host.prompt("what did I ask before?");
		expect(site.said()).toContain("1. run `echo frozen; sleep 1000`");
	});

	test.each([
		["the agent", (site: Site) => agentPid(site)],
		["the server", (site: Site) => pidOf(site, "/opt/bullpen/sandbox-agent server")],
		["the whole sandbox", (site: Site) => site.processes()[0]!.pid],
	])("%s killed during a turn: the prompt fails at once with a sentence, and the next one works", async (_, pid) => {
		const site = new Site();
		const host = site.host();
		const turn = host.prompt("run `echo up; sleep 1000`");
		const failed = expect(turn).rejects.toThrow(AgentBroken);
		await until(() => JSON.stringify(site.toolUpdates).includes("up"));
		const started = performance.now();
		process.kill(pid(site), "SIGKILL");
		await failed;
		expect(performance.now() - started).toBeLessThan(3_000);
		expect(site.states.at(-1)).toBe("broken");
		expect(site.problems[0]).toMatch(
			/^(The agent|The sandbox) ended unexpectedly|^The connection to the sandbox was lost/,
		);
		site.events.length = 0;
		await host.prompt("what did I ask before?");
		expect(site.said()).toContain("1. run `echo up; sleep 1000`");
		expect(sandboxOf(site).some(({ command }) => command.startsWith("sleep 1000"))).toBe(false);
	});

	test("killed while idle: says broken by itself, and the next prompt works", async () => {
		const site = new Site();
		const host = site.host();
		await host.start();
		process.kill(agentPid(site), "SIGKILL");
		await until(() => host.state === "broken");
		expect(await host.prompt("list")).toEqual({ stopReason: "end_turn" });
	});

	test("stop leaves no process, during a turn too, and is done twice as well as once", async () => {
		const site = new Site();
		const host = site.host();
		const turn = host.prompt("run `(setsid sleep 1000 >/dev/null 2>&1 &) ; sleep 1000 & echo up; wait`");
		const failed = expect(turn).rejects.toThrow("The agent was stopped.");
		await until(() => JSON.stringify(site.toolUpdates).includes("up"));
		const pids = sandboxOf(site).map(({ pid }) => pid);
		expect(pids.length).toBeGreaterThan(5);
		await Promise.all([host.stop(), host.stop()]);
		await failed;
		await until(() => !pids.some(isRunning));
		expect(host.state).toBe("off");
		await host.stop();
		expect(site.states.filter((state) => state === "off")).toHaveLength(1);
	});

	test("stop while it starts leaves no process", async () => {
		const site = new Site();
		const host = site.host();
		const starting = expect(host.start()).rejects.toThrow("The agent was stopped.");
		await until(() => site.processes().length > 0);
		await host.stop();
		await starting;
		expect(site.processes()).toEqual([]);
		expect(host.state).toBe("off");
	});

	test("[W3] [W6] after a stop the files are there, and the agent knows what was said, unseen in the events", async () => {
		const site = new Site();
		const first = site.host();
		await first.prompt("write a.txt with hi");
		await first.stop();
		const before = site.events.length;
		const second = site.host();
		await second.prompt("history\nread a.txt");
		const later = site.events.slice(before);
		expect(site.said()).toContain("1. write a.txt with hi");
		expect(later.filter((event) => JSON.stringify(event).includes("user_message_chunk"))).toEqual([]);
		const prompts = later.filter((event) => JSON.stringify(event.payload).includes('"session/prompt"'));
		expect(prompts).toHaveLength(1);
		expect(prompts[0]?.payload).toMatchObject({ params: { prompt: [{ type: "text", text: "history\nread a.txt" }] } });
		expect(later[0]?.eventIndex).toBe((site.events[before - 1]?.eventIndex ?? 0) + 1);
	});

	test("a new host kills the old holder first", async () => {
		const site = new Site();
		const old = site.host();
		await old.start();
		const [holder] = site.processes();
		const fresh = site.host();
		await fresh.prompt("write a.txt with hi");
		expect(site.processes().map(({ pid }) => pid)).not.toContain(holder?.pid);
		expect(old.state).toBe("broken");
		expect(fresh.state).toBe("idle");
	});

	test("a turn that outlives its limit is ended", async () => {
		const site = new Site();
		const host = site.host({ limits: { ...limits, turnMs: 700 } });
		await expect(host.prompt("run sleep 1000")).rejects.toThrow("The turn took too long and was ended.");
		await until(() => site.processes().length === 0);
	});

	test("a turn may take longer than any other call", async () => {
		const site = new Site();
		const host = site.host({ limits: { ...limits, agentStartMs: 1_500 } });
		expect(await host.prompt("run `sleep 2; echo slept`")).toEqual({ stopReason: "end_turn" });
		expect(site.said()).toContain("It ran without an error.");
	});

	test("a host killed with SIGKILL takes its sandbox with it", async () => {
		const site = new Site();
		const child = hostProcess(site);
		await until(() => sandboxOf(site).some(({ command }) => command.startsWith("sleep 1000")));
		const pids = sandboxOf(site).map(({ pid }) => pid);
		child.kill("SIGKILL");
		await until(() => !pids.some(isRunning));
		expect(await site.host().prompt("list")).toEqual({ stopReason: "end_turn" });
	});

	test.runIf(process.getuid?.() === 0)("without root it confines by a user namespace", async () => {
		const dataDir = join(root, "plain");
		mkdirSync(dataDir);
		chownSync(dataDir, 12_345, 12_345);
		chmodSync(root, 0o755);
		const site = new Site(dataDir);
		const child = hostProcess(site, 12_345);
		await until(() => sandboxOf(site).some(({ command }) => command.startsWith("sleep 1000")));
		const owner = execFileSync("stat", ["-c", "%u", join(site.folder, "files", "a.txt")], { encoding: "utf8" });
		expect(Number(owner)).toBe(12_345);
		expect(site.file("a.txt")).toMatch(/^1000\n/);
		const pids = sandboxOf(site).map(({ pid }) => pid);
		child.kill("SIGKILL");
		await until(() => !pids.some(isRunning));
	});

	test("a data folder with a long name works", async () => {
		const site = new Site(join(root, "long".repeat(40)));
		expect(await site.host().prompt("list")).toEqual({ stopReason: "end_turn" });
	});

	test("files on another machine are never replaced by an empty folder", async () => {
		const site = new Site();
		site.database.exec("INSERT INTO agent_place VALUES (1, 'confined', 'elsewhere', 'tower')");
		const host = site.host();
		await expect(host.prompt("list")).rejects.toThrow("The files of this workspace are on tower.");
		expect(host.state).toBe("broken");
		expect(site.processes()).toEqual([]);
	});

	test("an agent nobody knows is refused", async () => {
		const site = new Site();
		await expect(site.host({ agent: "nobody" }).prompt("hi")).rejects.toThrow("There is no agent called nobody.");
	});

	test.runIf(process.getuid?.() === 0)("as root every workspace has a user of its own", async () => {
		const ids = await Promise.all(
			[new Site(), new Site()].map(async (site) => {
				await site.host().prompt("write a.txt with hi");
				return Number(execFileSync("stat", ["-c", "%u", join(site.folder, "files", "a.txt")], { encoding: "utf8" }));
			}),
		);
		expect(new Set(ids).size).toBe(2);
		for (const id of ids) expect(id).toBeGreaterThan(1_900_000_000);
	});
});

describe("on the virtual tree (where no sandbox is possible)", () => {
	const reason = "bubblewrap is not installed.";
	const fix = "Run: apt-get install -y bubblewrap";
	const confined = async () => ({ kind: "virtual", reason, fix }) as const;

	test("writes, edits and reads, with permission and the same events; the files stay", async () => {
		const site = new Site();
		const host = site.host({ confinement: confined });
		expect(await host.prompt("create a.txt with hello then edit it replace hello with goodbye")).toEqual({
			stopReason: "end_turn",
		});
		expect(site.requests).toHaveLength(2);
		expect(host.info).toEqual({
			sandboxId: "virtual/0",
			sandboxKind: "virtual",
			sandboxNote: `Nothing can be run in this workspace, and its files are only simulated: ${reason} ${fix}`,
		});
		expect(site.events.at(0)?.payload).toMatchObject({ method: "session/prompt" });
		expect(site.events.at(-1)?.payload).toMatchObject({ result: { stopReason: "end_turn" } });
		expect(site.events.map((event) => event.eventIndex)).toEqual(site.events.map((_, i) => i + 1));
		expect(site.states).toEqual([
			...["starting", "idle", "running"],
			...["waiting_permission", "running", "waiting_permission", "running", "idle"],
		]);
		await host.stop();
		await site.host({ confinement: confined }).prompt("read a.txt and history");
		expect(site.said()).toMatch(/```\ngoodbye\n```[\s\S]*1\. create a\.txt/);
		expect(site.events.map((event) => event.eventIndex)).toEqual(site.events.map((_, i) => i + 1));
		expect(site.processes()).toEqual([]);
	});

	test("runs nothing, and says why and what to do", async () => {
		const site = new Site();
		await site.host({ confinement: confined }).prompt("run touch /tmp/never");
		expect(site.said()).toContain(`I cannot run anything here: ${reason} ${fix}`);
		expect(site.requests).toEqual([]);
	});

	test("cancel while it waits for permission ends the turn", async () => {
		const site = new Site();
		site.answer = undefined;
		const host = site.host({ confinement: confined });
		const turn = host.prompt("write a.txt with hi");
		await until(() => site.requests.length > 0);
		await host.cancel();
		expect(await turn).toEqual({ stopReason: "cancelled" });
		await host.answerPermission(site.requests[0]!.requestId, "allow_once");
		await host.prompt("list");
		expect(site.said()).toContain("0 entries");
	});

	test("stop during a turn ends it", async () => {
		const site = new Site();
		site.answer = undefined;
		const host = site.host({ confinement: confined });
		const failed = expect(host.prompt("write a.txt with hi")).rejects.toThrow(AgentBroken);
		await until(() => site.requests.length > 0);
		await host.stop();
		await failed;
		expect(host.state).toBe("off");
	});

	test("is refused where simulations are not allowed, with the reason and the fix", async () => {
		const host = new Site().host({ confinement: confined, allowVirtual: false });
		await expect(host.prompt("list")).rejects.toThrow(`${reason} ${fix}`);
		expect(host.state).toBe("broken");
	});

	test("a workspace whose files are real is not shown an empty simulation", async () => {
		const site = new Site();
		await settle(
			{ execute: async (sql, ...args) => site.database.prepare(sql).all(...(args as SQLInputValue[])) },
			root,
			"confined",
		);
		await expect(site.host({ confinement: confined }).prompt("list")).rejects.toThrow(`${reason} ${fix}`);
	});

	test("a simulated one stays one when sandboxes become possible, and says so", async () => {
		const site = new Site();
		const first = site.host({ confinement: confined });
		await first.prompt("write a.txt with hi");
		await first.stop();
		const host = site.host();
		await host.prompt("read a.txt");
		expect(site.said()).toContain("hi\n");
		expect(host.info.sandboxKind).toBe("virtual");
		expect(host.info.sandboxNote).toBeDefined();
	});
});

/** Another process with a host in the middle of a turn. */
function hostProcess(site: Site, uid?: number): ChildProcess {
	const script = join(import.meta.dirname, "agent-host.child.ts");
	return spawn(process.execPath, [script, site.dataDir, site.id], {
		stdio: ["ignore", "inherit", "inherit"],
		...(uid === undefined ? {} : { uid, gid: uid }),
	});
}

function agentPid(site: Site): number {
	return pidOf(site, "node /opt/demo-agent/src/main.ts");
}

function pidOf(site: Site, command: string): number {
	const found = sandboxOf(site).find((process) => process.command.startsWith(command));
	if (!found) throw new Error(`${command} is not among ${JSON.stringify(sandboxOf(site))}`);
	return found.pid;
}

function isRunning(pid: number): boolean {
	try {
		return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
	} catch {
		return false;
	}
}
