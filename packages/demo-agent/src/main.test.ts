import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

interface Part {
	text: string;
	oldText: string;
	content: { text: string };
}
/** What is looked at field by field, of all updates; a test that looks at one that is not there fails there. */
interface Update {
	sessionUpdate: string;
	/** Of words one part, of a call several. */
	content: Part & Part[];
	status?: string;
	kind: string;
	locations: { path: string }[];
	rawOutput: object;
	entries: { status: string }[];
	availableCommands: { name: string }[];
	used: number;
}

interface Message {
	id?: string | number | null;
	method?: string;
	params?: {
		update?: Update;
		toolCall?: { kind?: string; title?: string; toolCallId?: string };
		options?: { optionId: string; kind: string }[];
	};
	result?: { stopReason: string; sessionId: string; protocolVersion: number };
	error?: { code: number; message: string };
}

let folder: string;
let agents: Agent[];

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "demo-agent-"));
	agents = [];
});
afterEach(async () => {
	for (const agent of agents) agent.child.kill("SIGKILL");
	await rm(folder, { recursive: true });
});

/** The real process, spoken to over its pipes as Sandbox Agent does. */
class Agent {
	readonly child = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
		env: { HOME: join(folder, "home"), PATH: process.env.PATH, DEMO_AGENT_WORDS_MS: "0" },
		stdio: ["pipe", "pipe", "inherit"],
	});
	readonly seen: Message[] = [];
	/** What the person at the card presses; undefined leaves it open. */
	answer: string | undefined = "allow_once";
	#lastId = 0;

	constructor() {
		agents.push(this);
		createInterface({ input: this.child.stdout }).on("line", (line) => this.#receive(JSON.parse(line)));
	}

	#receive(message: Message): void {
		this.seen.push(message);
		if (message.method === "session/request_permission" && this.answer !== undefined) {
			this.send({ id: message.id, result: { outcome: { outcome: "selected", optionId: this.answer } } });
		}
	}

	send(message: object): void {
		this.child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
	}

	async call(method: string, params: object): Promise<Message> {
		const id = ++this.#lastId;
		this.send({ id, method, params });
		return this.find((message) => message.id === id && !message.method);
	}

	find(matches: (message: Message) => boolean | undefined): Promise<Message> {
		return vi.waitFor(
			() => {
				const found = this.seen.find(matches);
				if (!found) throw new Error(`not seen in ${JSON.stringify(this.seen).slice(-500)}`);
				return found;
			},
			{ timeout: 5_000, interval: 5 },
		);
	}

	async open(): Promise<string> {
		await this.call("initialize", { protocolVersion: 1 });
		return (await this.call("session/new", { cwd: folder, mcpServers: [] })).result!.sessionId;
	}

	prompt(sessionId: string, text: string): Promise<Message> {
		return this.call("session/prompt", { sessionId, prompt: [{ type: "text", text }] });
	}

	updates(kind: string): Update[] {
		return this.seen.flatMap(({ params }) => (params?.update?.sessionUpdate === kind ? [params.update] : []));
	}

	said(): string {
		return this.updates("agent_message_chunk")
			.map((update) => update.content.text)
			.join("");
	}
}

/** A process nobody has collected yet is dead too. */
function isRunning(pid: number): boolean {
	const shown = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).stdout.trim();
	return shown !== "" && !shown.startsWith("Z");
}

describe("what it does", () => {
	test("writes, edits, reads, searches and runs, step by step, with a plan", async () => {
		const agent = new Agent();
		const session = await agent.open();
		const ended = await agent.prompt(
			session,
			"create hello.js with `console.log('hello')` then edit it replace hello with goodbye\nsearch goodbye and run it",
		);
		expect(ended.result).toEqual({ stopReason: "end_turn" });
		expect(await readFile(join(folder, "hello.js"), "utf8")).toBe("console.log('goodbye')\n");
		const calls = agent.updates("tool_call");
		expect(calls.map((call) => call.kind)).toEqual(["edit", "edit", "search", "execute"]);
		expect(calls[0]!.locations).toEqual([{ path: join(folder, "hello.js") }]);
		const done = agent.updates("tool_call_update").filter((update) => update.status === "completed");
		expect(done[0]!.content).toEqual([
			{ type: "diff", path: join(folder, "hello.js"), oldText: null, newText: "console.log('hello')\n" },
		]);
		expect(done[1]!.content[0]!.oldText).toBe("console.log('hello')\n");
		expect(done[3]!.content[0]!.content.text).toBe("goodbye\n");
		expect(done[3]!.rawOutput).toEqual({ exitCode: 0 });
		expect(
			agent
				.updates("plan")
				.at(-1)!
				.entries.map((entry) => entry.status),
		).toEqual(Array(4).fill("completed"));
		expect(agent.updates("agent_thought_chunk")).toHaveLength(1);
		expect(agent.updates("usage_update").at(-1)!.used).toBeGreaterThan(0);
	});

	test("says first that it is a demo without a model, in small pieces", async () => {
		const agent = new Agent();
		await agent.prompt(await agent.open(), "write me a poem");
		expect(agent.said()).toMatch(/^Demo agent: no model/);
		expect(agent.updates("agent_message_chunk").length).toBeGreaterThan(3);
	});

	test("shows a command's output while it runs", async () => {
		const agent = new Agent();
		const ended = agent.prompt(
			await agent.open(),
			"run `echo first; while [ ! -e go ]; do sleep 0.02; done; echo second`",
		);
		const growing = (text: string) => (message: Message) =>
			message.params?.update?.content?.[0]?.content?.text === text && message.params.update.status === undefined;
		await agent.find(growing("first\n"));
		await writeFile(join(folder, "go"), "");
		await ended;
		expect(agent.updates("tool_call_update").at(-1)!.content[0]!.content.text).toBe("first\nsecond\n");
	});

	test("keeps the head and the tail of a long output", async () => {
		const agent = new Agent();
		await agent.prompt(await agent.open(), "run `seq 1 200000`");
		const shown: string = agent.updates("tool_call_update").at(-1)!.content[0]!.content.text;
		expect(shown).toMatch(/^1\n2\n[\s\S]*characters left out[\s\S]*199999\n200000\n$/);
		expect(shown.length).toBeLessThan(17_000);
	});

	test("knows after a restart what was said, and tells it again on load", async () => {
		const first = new Agent();
		const session = await first.open();
		await first.prompt(session, "list");
		first.child.kill("SIGKILL");
		const second = new Agent();
		expect((await second.call("session/load", { sessionId: session, cwd: folder, mcpServers: [] })).result).toEqual({});
		expect(second.updates("user_message_chunk").map((update) => update.content.text)).toEqual(["list"]);
		await second.prompt(session, "what did I ask before?");
		expect(second.said()).toMatch(/You asked before:\s+1\. list/);
	});

	test("tells what it understands after a slash, and what is of no use is gone from it", async () => {
		const agent = new Agent();
		const session = await agent.open();
		const offered = () =>
			agent
				.updates("available_commands_update")
				.map(({ availableCommands }) => availableCommands.map(({ name }) => name));
		const always = ["help", "list", "read", "search", "plan"];
		await agent.prompt(session, "/list");
		expect(agent.updates("tool_call").map(({ kind }) => kind)).toEqual(["read"]);
		expect(offered()).toEqual([always, [...always, "history", "forget"]]);
		await agent.prompt(session, "/history");
		expect(agent.said()).toMatch(/You asked before:\s+1\. \/list/);
		await agent.prompt(session, "/forget");
		expect(offered().at(-1)).toEqual(always);
		await agent.prompt(session, "/history");
		expect(agent.said()).toContain("You have not asked anything before.");
	});

	test("refuses to load a session it does not know", async () => {
		const agent = new Agent();
		for (const sessionId of ["2c5e2d1c-2b1c-4d67-9a44-000000000000", "../../etc/passwd", ""]) {
			expect((await agent.call("session/load", { sessionId, cwd: folder })).error).toBeDefined();
		}
	});
});

describe("permission", () => {
	test.each([
		["write a.txt with hi", "a.txt"],
		["run touch b.txt", "b.txt"],
	])("denied: %s leaves nothing behind and stops the steps after it", async (prompt, path) => {
		const agent = new Agent();
		agent.answer = "reject_once";
		const ended = await agent.prompt(await agent.open(), `${prompt}\nlist`);
		expect(ended.result).toEqual({ stopReason: "end_turn" });
		await expect(readFile(join(folder, path))).rejects.toThrow("ENOENT");
		expect(agent.updates("tool_call_update").at(-1)!.status).toBe("failed");
		expect(agent.updates("tool_call")).toHaveLength(1);
	});

	test.each([
		["an option it did not offer", { outcome: { outcome: "selected", optionId: "yes" } }],
		["a cancelled request", { outcome: { outcome: "cancelled" } }],
		["nonsense", [["allow_once"]]],
	])("%s is a no", async (_, result) => {
		const agent = new Agent();
		agent.answer = undefined;
		const ended = agent.prompt(await agent.open(), "run touch b.txt");
		const asked = await agent.find((message) => message.method === "session/request_permission");
		agent.send({ id: asked.id, result });
		expect((await ended).result).toEqual({ stopReason: "end_turn" });
		await expect(readFile(join(folder, "b.txt"))).rejects.toThrow("ENOENT");
	});

	test("allow all holds for that kind of tool and this session only", async () => {
		const agent = new Agent();
		const session = await agent.open();
		agent.answer = "allow_always";
		await agent.prompt(session, "write a.txt with hi");
		agent.answer = undefined;
		await agent.prompt(session, "append bye to a.txt");
		expect(await readFile(join(folder, "a.txt"), "utf8")).toBe("hi\nbye\n");
		const running = agent.prompt(session, "run touch b.txt");
		await agent.find((message) => message.params?.toolCall?.kind === "execute");
		agent.send({ method: "session/cancel", params: { sessionId: session } });
		expect((await running).result!.stopReason).toBe("cancelled");
	});
});

describe("cancel", () => {
	test("while a command runs kills all it started", async () => {
		const agent = new Agent();
		const session = await agent.open();
		const ended = agent.prompt(session, "run `sleep 300 & echo $!; echo up; wait`");
		const shown = await agent.find((message) => message.params?.update?.content?.[0]?.content?.text?.includes("up"));
		const pid = Number(shown.params!.update!.content[0]!.content.text.split("\n")[0]);
		agent.send({ method: "session/cancel", params: { sessionId: session } });
		expect((await ended).result).toEqual({ stopReason: "cancelled" });
		await vi.waitFor(() => expect(isRunning(pid)).toBe(false));
		expect((await agent.prompt(session, "list")).result).toEqual({ stopReason: "end_turn" });
	});

	test("while it asks ends the turn; a late yes changes nothing", async () => {
		const agent = new Agent();
		agent.answer = undefined;
		const session = await agent.open();
		const ended = agent.prompt(session, "write a.txt with hi");
		const asked = await agent.find((message) => message.method === "session/request_permission");
		agent.send({ method: "session/cancel", params: { sessionId: session } });
		agent.send({ id: asked.id, result: { outcome: { outcome: "selected", optionId: "allow_once" } } });
		expect((await ended).result).toEqual({ stopReason: "cancelled" });
		await expect(readFile(join(folder, "a.txt"))).rejects.toThrow("ENOENT");
	});

	test("closing its input ends the process and what it runs", async () => {
		const agent = new Agent();
		void agent.prompt(await agent.open(), "run `echo $$; sleep 300`").catch(() => undefined);
		const shown = await agent.find((message) => message.params?.update?.content?.[0]?.content?.text?.includes("\n"));
		const pid = Number(shown.params!.update!.content[0]!.content.text);
		agent.child.stdin.end();
		await vi.waitFor(() => expect(isRunning(pid)).toBe(false));
		await vi.waitFor(() => expect(agent.child.exitCode).toBe(0));
	});
});

describe("hostile input", () => {
	test.each(["../out.txt", "/etc/hostname", "a/../../out.txt", "~/x", "link/out.txt", "dangling"])(
		"%s cannot be written or read",
		async (path) => {
			await symlink(tmpdir(), join(folder, "link"));
			await symlink("/nowhere/at/all", join(folder, "dangling"));
			const agent = new Agent();
			const session = await agent.open();
			await agent.prompt(session, `read ${path}`);
			await agent.prompt(session, `write ${path} with owned`);
			expect(agent.updates("tool_call_update").filter((update) => update.status === "completed")).toEqual([]);
			expect(agent.said()).toMatch(/outside the workspace/);
			expect(agent.seen.some((message) => message.method === "session/request_permission")).toBe(false);
		},
	);

	test("a named pipe does not hold it", async () => {
		const agent = new Agent();
		const session = await agent.open();
		await agent.prompt(session, "run mkfifo pipe");
		await agent.prompt(session, "read pipe");
		expect(agent.said()).toMatch(/pipe is not a file/);
	});

	test("lines that are no requests get an error each, and it goes on", async () => {
		const agent = new Agent();
		const lines = [
			"{",
			"[]",
			"null",
			'"x"',
			'{"jsonrpc":"2.0","id":7}',
			'{"id":"nobody","result":{}}',
			"\u0000\uFFFD",
			"",
		];
		for (const line of lines) agent.child.stdin.write(`${line}\n`);
		agent.child.stdin.write(Buffer.from([0xff, 0xfe, 0x0a]));
		expect((await agent.call("does/not/exist", {})).error?.code).toBe(-32601);
		expect((await agent.call("session/prompt", { sessionId: "x", prompt: "no" })).error?.code).toBe(-32002);
		expect((await agent.call("session/new", { cwd: 5 })).error?.code).toBe(-32602);
		expect(agent.seen.filter((message) => message.id === null).map((message) => message.error?.code)).toEqual([
			-32700, -32600, -32600, -32600, -32600, -32700, -32700,
		]);
		expect((await agent.prompt(await agent.open(), "list")).result).toEqual({ stopReason: "end_turn" });
	});

	test("a line of 20 MB is thrown away", async () => {
		const agent = new Agent();
		agent.child.stdin.write(`${"x".repeat(20_000_000)}\n`);
		expect((await agent.call("initialize", {})).result!.protocolVersion).toBe(1);
		expect(agent.seen[0]?.error?.code).toBe(-32600);
	});

	test("a second prompt during a turn is refused", async () => {
		const agent = new Agent();
		agent.answer = undefined;
		const session = await agent.open();
		const first = agent.prompt(session, "write a.txt with hi");
		await agent.find((message) => message.method === "session/request_permission");
		expect((await agent.prompt(session, "list")).error?.code).toBe(-32600);
		agent.send({ method: "session/cancel", params: { sessionId: session } });
		await first;
	});
});
