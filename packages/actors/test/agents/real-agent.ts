import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Provider } from "@bullpen/credentials/provider";
import { decodeEvent } from "@bullpen/domain/transcript/decode";
import { type ScriptedModel, startScriptedModel } from "@bullpen/scripted-model/server";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { AgentBroken, TurnFailed } from "../../src/workspace/agent/agent-host.ts";
import type { AgentKind } from "../../src/workspace/agent/agents/agent-kind.ts";
import { AgentSite, REAL_KEY } from "./agent-site.ts";
import { provideAgent } from "./cached-package.ts";
import { isRunning, sandboxProcesses } from "./processes.ts";
import { updatesOf } from "./updates.ts";

const GIF = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

export interface Traits {
	readonly provider: Provider;
	/** The scripted model's word for a command that this agent asks about. */
	readonly askedRun: "RUN" | "ASKRUN";
	/** Whether it asks before it writes a file. */
	readonly asksToWrite: boolean;
	/** How a turn ends after somebody said no. */
	readonly afterDenial: "end_turn" | "cancelled";
	readonly hasPlan: boolean;
	/** A status of the model's server that it does not try again for a minute. */
	readonly failure: number;
	/** A command of its own from which it makes what it asks its model. */
	readonly command?: string;
	/** Where its sessions are, in its home. */
	readonly sessions: readonly string[];
}

/** What every agent has to do here, with its real package and a scripted model. */
export async function realAgent(agent: AgentKind, traits: Traits): Promise<void> {
	const dataDir = mkdtempSync(join(tmpdir(), `bullpen-${agent.name}-`));
	const obstacle = await provideAgent(agent, dataDir);
	if (obstacle !== undefined) process.stderr.write(`${agent.title} is not tested on this machine: ${obstacle}\n`);

	describe.skipIf(obstacle !== undefined)(`${agent.name} (where it could be installed, and confined)`, () => {
		let model: ScriptedModel;
		let site: AgentSite;
		beforeAll(async () => {
			model = await startScriptedModel({ key: REAL_KEY });
			site = new AgentSite({ id: "w-1", agent: agent.name, provider: traits.provider, dataDir, model });
		});
		afterAll(async () => {
			await site.close();
			await model.close();
			rmSync(dataDir, { recursive: true, force: true });
		});

		test("answers in words, and every event comes before the turn is over", async () => {
			expect(await site.say("SAY hello from the model")).toContain("hello from the model");
			const end = site.events.findLastIndex(({ payload }) =>
				JSON.stringify(payload).includes('"stopReason":"end_turn"'),
			);
			const word = site.events.findLastIndex(({ payload }) => JSON.stringify(payload).includes("agent_message_chunk"));
			expect(end).toBeGreaterThan(word);
			expect(site.events.map((event) => event.eventIndex)).toEqual(site.events.map((_, i) => i + 1));
			expect(site.states.slice(0, 3)).toEqual(["starting", "idle", "running"]);
		});

		test("writes a file", async () => {
			const asked = site.requests.length;
			await site.host.prompt("WRITE note.txt written by the agent");
			expect(site.file("note.txt")).toBe("written by the agent\n");
			expect(site.requests.length - asked).toBe(traits.asksToWrite ? 1 : 0);
		});

		test("runs a command that was allowed", async () => {
			const asked = site.requests.length;
			await site.host.prompt(`${traits.askedRun} echo allowed > allowed.txt`);
			expect(site.file("allowed.txt")).toBe("allowed\n");
			expect(site.requests.slice(asked)).toHaveLength(1);
			expect(site.requests.at(-1)).toMatchObject({
				title: expect.stringContaining("echo allowed"),
				detail: expect.stringContaining("echo allowed > allowed.txt"),
			});
		});

		test("does not run a command that was denied", async () => {
			site.answer = "reject_once";
			const outcome = await site.host.prompt(`${traits.askedRun} echo denied > denied.txt`);
			site.answer = "allow_once";
			expect(outcome).toEqual({ stopReason: traits.afterDenial });
			expect(() => site.file("denied.txt")).toThrow("ENOENT");
		});

		test.runIf(traits.hasPlan)("shows its plan", async () => {
			await site.host.prompt("PLAN");
			const done = { content: "Read the code", status: "completed" };
			expect(updatesOf(site.events, "plan").at(-1)).toMatchObject({ entries: [done, {}, {}] });
		});

		test.runIf(traits.command !== undefined)("tells its commands, and knows one as it was written", async () => {
			const event = site.events.map(decodeEvent).findLast(({ type }) => type === "commands-noted");
			expect(event).toMatchObject({
				commands: expect.arrayContaining([expect.objectContaining({ name: traits.command })]),
			});
			const [seen, from] = [model.requests.length, site.events.length];
			await site.host.prompt(`/${traits.command}`);
			const sent = site.events
				.slice(from)
				.filter(({ payload }) => "method" in payload && payload.method === "session/prompt");
			expect(sent.map(({ payload }) => payload)).toMatchObject([
				{ params: { prompt: [{ type: "text", text: `/${traits.command}` }] } },
			]);
			const bodies = model.requests.slice(seen).map(({ body }) => body);
			expect(bodies.length).toBeGreaterThan(0);
			// Its own words stand in the place of the command.
			expect(bodies.filter((body) => body.includes(`"/${traits.command}"`))).toEqual([]);
		});

		test("files of a prompt reach the model, and what it mentions of the workspace does by its path", async () => {
			const seen = model.requests.length;
			const from = site.events.length;
			await site.host.prompt("SAY seen @note.txt", [
				{ type: "text", name: "plan.md", text: "the teapot plan" },
				{ type: "image", name: "dot.gif", mimeType: "image/gif", data: GIF },
			]);
			const told = model.requests.slice(seen).map(({ body }) => body);
			expect(told.some((body) => body.includes("the teapot plan"))).toBe(true);
			expect(told.some((body) => body.includes(GIF))).toBe(true);
			expect(told.some((body) => body.includes("/workspace/note.txt"))).toBe(true);
			expect(JSON.stringify(site.events.slice(from))).not.toMatch(/the teapot plan|R0lGOD/);
			expect((await site.host.files.paths()).paths).toContain("note.txt");
		});

		test("knows neither a key nor the server's environment, and no token is on a command line", async () => {
			const tokens = () => sandboxProcesses(site.folder).map(({ command }) => command);
			expect(tokens().length).toBeGreaterThan(3);
			await site.host.prompt(`${traits.askedRun} env > env.txt; cat /proc/*/environ >> env.txt; true`);
			const environment = site.file("env.txt");
			expect(environment).not.toContain(REAL_KEY);
			expect(environment).not.toMatch(/RIVET|VITEST|BULLPEN_(?!MODEL_TOKEN)/);
			const token = /BULLPEN_MODEL_TOKEN=([\w-]+)/.exec(environment)?.[1] ?? "";
			expect(token).toMatch(/^bullpen-/);
			expect(tokens().filter((command) => command.includes(token) || command.includes(REAL_KEY))).toEqual([]);
			expect(model.requests.filter(({ rawHeaders }) => rawHeaders.some((header) => header.includes(token)))).toEqual(
				[],
			);
		});

		test("reaches its model and nothing else, and cannot put anything in the model's place", async () => {
			const host = createServer((_, response) => response.end("host-only"));
			await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve));
			const { port } = host.address() as AddressInfo;
			const script = [
				`const {connect}=require("node:net");const fs=require("node:fs");`,
				`const no=(f)=>{try{f();return "done"}catch(e){return e.code}};`,
				`const reach=(p)=>new Promise(r=>connect(p).on("connect",()=>r("connected")).on("error",e=>r(e.code)).setTimeout(2000,()=>r("timeout")));`,
				`(async()=>console.log(JSON.stringify({host:await reach({port:${port},host:"127.0.0.1"}),metadata:await reach({port:80,host:"169.254.169.254"}),`,
				`remove:no(()=>fs.rmSync("/opt/model/model.sock")),rename:no(()=>fs.renameSync("/opt/model","/opt/x")),write:no(()=>fs.writeFileSync("/opt/agent/x","")),`,
				`config:no(()=>fs.writeFileSync("/opt/config/x",""))})))().then(()=>process.exit(0))`,
			].join("");
			await site.host.prompt(`${traits.askedRun} node -e '${script}' > reach.txt`);
			host.close();
			expect(JSON.parse(site.file("reach.txt"))).toEqual({
				host: "ECONNREFUSED",
				metadata: expect.stringMatching(/^(?:ENETUNREACH|EHOSTUNREACH|timeout)$/),
				remove: expect.stringMatching(/^(?:EROFS|EBUSY|EACCES|EPERM)$/),
				rename: expect.stringMatching(/^(?:EROFS|EBUSY|EACCES|EPERM)$/),
				write: expect.stringMatching(/^(?:EROFS|EACCES|EPERM)$/),
				config: expect.stringMatching(/^(?:EROFS|EACCES|EPERM)$/),
			});
		});

		test("a model that fails ends the turn with its words, and the next prompt works", async () => {
			const failed = site.host.prompt(`FAIL ${traits.failure}`);
			await expect(failed).rejects.toThrow(TurnFailed);
			await expect(failed).rejects.toThrow(/a scripted failure|does not accept the key/);
			expect(site.host.state).toBe("idle");
			expect(await site.say("SAY still here")).toContain("still here");
		});

		test("cancel ends a model that says nothing, and a command with all it started", async () => {
			const asked = model.requests.length;
			const silent = site.host.prompt("HANG");
			await until(() => model.requests.length > asked);
			await site.host.cancel();
			expect(await silent).toEqual({ stopReason: "cancelled" });

			const running = site.host.prompt(`${traits.askedRun} echo up > up.txt; tail -f /dev/null & tail -f /dev/null`);
			await until(() => tails().length > 1);
			await site.host.cancel();
			expect(await running).toEqual({ stopReason: "cancelled" });
			await until(() => tails().length === 0);
			expect(await site.say("SAY after the cancel")).toContain("after the cancel");
		});

		test("killed during a turn it says so at once, leaves nothing, and the next prompt works and remembers", async () => {
			const asked = model.requests.length;
			const turn = site.host.prompt("HANG");
			const failed = expect(turn).rejects.toThrow(AgentBroken);
			await until(() => model.requests.length > asked);
			const pids = sandboxProcesses(site.folder).map(({ pid }) => pid);
			const launched = sandboxProcesses(site.folder).find(({ command }) => isAgent(command));
			process.kill(launched?.pid ?? 0, "SIGKILL");
			await failed;
			expect(site.states.at(-1)).toBe("broken");
			await until(() => !pids.some(isRunning));
			const from = site.events.length;
			expect(await site.say("RECALL")).toContain("SAY hello from the model");
			expect(JSON.stringify(site.events.slice(from))).not.toContain("user_message_chunk");
		});

		test("after a restart of the server it remembers, and nobody is quoted again", async () => {
			await site.host.stop();
			const from = site.events.length;
			site.newHost();
			expect(await site.say("RECALL")).toContain("SAY hello from the model");
			const prompts = site.events
				.slice(from)
				.filter(({ payload }) => "method" in payload && payload.method === "session/prompt");
			expect(prompts.map(({ payload }) => payload)).toMatchObject([
				{ params: { prompt: [{ type: "text", text: "RECALL" }] } },
			]);
		});

		test("without its session it is told a record of it, which nobody else sees", async () => {
			await site.host.stop();
			for (const path of traits.sessions) rmSync(join(site.folder, "home", path), { recursive: true });
			site.past = [{ asked: "Name the teapot", answered: "It is called Brunhilde." }];
			site.newHost();
			const from = site.events.length;
			const seen = model.requests.length;
			expect(await site.say("SAY a new session")).toContain("a new session");
			expect(model.requests.slice(seen).some(({ body }) => body.includes("Brunhilde"))).toBe(true);
			expect(JSON.stringify(site.events.slice(from))).not.toContain("Brunhilde");
		});

		test("of itself it asks for no host, which its people would be told of", () => {
			expect([...site.refused]).toEqual([]);
		});

		test("nothing of all this was a problem, and stop leaves no process", async () => {
			const pids = sandboxProcesses(site.folder).map(({ pid }) => pid);
			expect(pids.length).toBeGreaterThan(3);
			await site.host.stop();
			await until(() => !pids.some(isRunning));
			expect(site.problems).toEqual([]);
		});

		const tails = () => sandboxProcesses(site.folder).filter(({ command }) => command.startsWith("tail -f /dev/null"));
		/** The first process of the agent's own package. */
		const isAgent = (command: string) => /^(?:node )?\/opt\/agent\//.test(command);
	});
}

async function until(check: () => boolean): Promise<void> {
	await vi.waitFor(() => expect(check()).toBe(true), { timeout: 30_000, interval: 50 });
}
