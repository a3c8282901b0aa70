import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import type { Provider } from "@bullpen/credentials/provider";
import { LIMITS } from "@bullpen/domain/limits";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { createAgentHost } from "./agent-host.ts";
import { type Confinement, confinement } from "./confinement.ts";
import { type AgentsWish, installAgent, listAgents } from "./list-agents.ts";
import { agentMigrations } from "./migrations.ts";
import type { ModelAccess } from "./model-door.ts";
import type { Toolbox } from "./toolbox.ts";

const toolbox: Toolbox = { folder: "/nowhere", server: "", bridge: "", probe: "" };
let dataDir: string;
beforeEach(() => {
	dataDir = mkdtempSync(join(tmpdir(), "bullpen-offers-"));
	vi.stubEnv("npm_config_registry", "http://127.0.0.1:1/");
	vi.stubEnv("npm_config_fetch_retries", "0");
});
afterEach(() => {
	vi.unstubAllEnvs();
	rmSync(dataDir, { recursive: true, force: true });
});

function paidFor(...providers: Provider[]): ModelAccess {
	return { providers: async () => providers, open: () => Promise.reject(new Error("Nobody asks.")) };
}

const confined: Confinement = {
	kind: "confined",
	toolbox,
	proof: { at: 0, namespaces: [], user: "own" },
};
function wish(more: Partial<AgentsWish> = {}): AgentsWish {
	return { dataDir, limits: LIMITS, possible: confined, paid: [], ...more };
}

test("every agent is told in the order in which they are offered, with the keys that it can use", async () => {
	const agents = await listAgents(wish({ paid: ["anthropic"] }));
	expect(agents.map(({ id, position, serverProviders }) => [id, position, serverProviders])).toEqual([
		["codex", 0, []],
		["claude", 1, ["anthropic"]],
		["opencode", 2, ["anthropic"]],
		["demo", 3, []],
	]);
	expect(agents[0]).toEqual({
		kind: "directoryAgent",
		id: "codex",
		name: "Codex",
		position: 0,
		installation: { state: "missing", bytes: 233_000_000 },
		providers: ["openai"],
		serverProviders: [],
	});
});

test("what is installed says so, and what failed says why", async () => {
	mkdirSync(join(dataDir, "agents", "codex@0.16.0"), { recursive: true });
	await expect(installAgent("claude", wish())).rejects.toThrow(/cannot be reached/);
	const [codex, claude] = await listAgents(wish());
	expect(codex?.installation).toEqual({ state: "installed" });
	expect(claude?.installation).toEqual({ state: "failed", reason: expect.stringMatching(/cannot be reached/) });
});

test("where nothing can be confined, real agents say why and what to do, and the demo agent where it is not allowed", async () => {
	const fix = "Run: apt-get install -y bubblewrap";
	const possible = { kind: "virtual", reason: "bubblewrap is not installed.", fix } as const;
	const obstacle = `bubblewrap is not installed. ${fix}`;
	const told = async (more: Partial<AgentsWish>) =>
		(await listAgents(wish({ possible, ...more }))).map((agent) => agent.obstacle);
	expect(await told({})).toEqual([obstacle, obstacle, obstacle, undefined]);
	expect(await told({ allowVirtual: false })).toEqual([obstacle, obstacle, obstacle, obstacle]);
});

const probed = mkdtempSync(join(tmpdir(), "bullpen-offers-"));
const possible = await confinement(probed, LIMITS);
afterAll(() => rmSync(probed, { recursive: true, force: true }));

function host(models: ModelAccess | undefined, installing: number[] = []) {
	const database = new DatabaseSync(":memory:");
	for (const statement of agentMigrations) database.exec(statement);
	return createAgentHost({
		workspaceId: "w-1",
		agent: "codex",
		dataDir,
		limits: LIMITS,
		...(models && { models }),
		now: Date.now,
		db: { execute: async (sql, ...args) => database.prepare(sql).all(...(args as SQLInputValue[])) },
		onEvent: () => undefined,
		onPermission: () => undefined,
		onState: () => undefined,
		onInstall: (done) => installing.push(done),
	});
}

test.skipIf(possible.kind === "virtual")(
	"a prompt without a key is refused with the next step, and loads nothing",
	async () => {
		await expect(host(undefined).prompt("hello")).rejects.toThrow("Codex has no key yet. Add a key for OpenAI");
		await expect(host(paidFor("anthropic")).prompt("hello")).rejects.toThrow("Codex has no key yet.");
		const [codex] = await listAgents(wish());
		expect(codex?.installation.state).toBe("missing");
	},
);

test.skipIf(possible.kind === "virtual")("a prompt says why its agent could not be installed", async () => {
	await expect(host(paidFor("openai")).prompt("hello")).rejects.toThrow(/^Codex could not be installed\. The package/);
});

test.skipIf(possible.kind === "virtual")("stop does not wait for an installation", async () => {
	const silent = createServer().listen(0, "127.0.0.1");
	await once(silent, "listening");
	const { port } = silent.address() as AddressInfo;
	vi.stubEnv("npm_config_registry", `http://127.0.0.1:${port}/`);
	const waiting = host(paidFor("openai"));
	const failed = expect(waiting.prompt("hello")).rejects.toThrow("The agent was stopped.");
	await vi.waitFor(async () => {
		const [codex] = await listAgents(wish());
		expect(codex?.installation.state).toBe("installing");
	}, 10_000);
	const started = performance.now();
	await waiting.stop();
	await failed;
	expect(performance.now() - started).toBeLessThan(2_000);
	expect((await listAgents(wish()))[0]?.installation.state).toBe("installing");
	silent.closeAllConnections();
	silent.close();
	await vi.waitFor(async () => {
		const [codex] = await listAgents(wish());
		expect(codex?.installation.state).toBe("failed");
	}, 20_000);
});
