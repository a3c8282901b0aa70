import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import type { Provider } from "@bullpen/credentials/provider";
import { LIMITS } from "@bullpen/domain/limits";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { createAgentHost } from "./agent-host.ts";
import { confinement } from "./confinement.ts";
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

function wish(more: Partial<AgentsWish> = {}): AgentsWish {
	return { dataDir, limits: LIMITS, confinement: async () => ({ kind: "confined", toolbox }), ...more };
}

test("without a key the demo agent comes first, and the others say which key they need", async () => {
	const offers = await listAgents(wish());
	expect(offers.map(({ name, isReady, isDefault }) => [name, isReady, isDefault])).toEqual([
		["codex", false, false],
		["claude", false, false],
		["opencode", false, false],
		["demo", true, true],
	]);
	expect(offers[0]).toMatchObject({
		title: "Codex",
		version: "0.16.0",
		installation: { state: "missing", bytes: 233_000_000 },
		providers: ["openai"],
		hasKey: false,
		nextStep: "Add a key for OpenAI in the settings, or ask whoever runs this server to.",
	});
	expect(offers[2]?.nextStep).toMatch(/Anthropic, OpenAI, or OpenAI-compatible server/);
	expect(offers[3]).not.toHaveProperty("nextStep");
});

test("with a key the agent it is for is ready and first; that it is installed at its first prompt is said", async () => {
	const offers = await listAgents(wish({ models: paidFor("anthropic") }));
	expect(offers.filter(({ isReady }) => isReady).map(({ name }) => name)).toEqual(["claude", "opencode", "demo"]);
	expect(offers.find(({ isDefault }) => isDefault)).toMatchObject({
		name: "claude",
		nextStep: "Claude Code is installed at its first prompt (410 MB).",
	});
	const both = await listAgents(wish({ models: paidFor("anthropic", "openai") }));
	expect(both.find(({ isDefault }) => isDefault)?.name).toBe("codex");
});

test("what is installed has no next step, and what failed says why", async () => {
	mkdirSync(join(dataDir, "agents", "codex@0.16.0"), { recursive: true });
	await expect(installAgent("claude", wish())).rejects.toThrow(/cannot be reached/);
	const [codex, claude] = await listAgents(wish({ models: paidFor("openai", "anthropic") }));
	expect(codex).toMatchObject({ installation: { state: "installed" }, isReady: true });
	expect(codex).not.toHaveProperty("nextStep");
	expect(claude).toMatchObject({
		installation: { state: "failed" },
		nextStep: expect.stringMatching(/cannot be reached/),
	});
});

test("where nothing can be confined, real agents say why and what to do, and the demo agent where it is allowed", async () => {
	const reason = "bubblewrap is not installed.";
	const fix = "Run: apt-get install -y bubblewrap";
	const confined = async () => ({ kind: "virtual", reason, fix }) as const;
	const models = paidFor("openai");
	const offers = await listAgents(wish({ confinement: confined, models }));
	expect(offers.filter(({ isReady }) => isReady).map(({ name }) => name)).toEqual(["demo"]);
	expect(offers[0]?.nextStep).toBe(`${reason} ${fix}`);
	const none = await listAgents(wish({ confinement: confined, models, allowVirtual: false }));
	expect(none.filter(({ isReady, isDefault }) => isReady || isDefault)).toEqual([]);
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
	vi.stubEnv("npm_config_registry", "http://10.255.255.1/");
	const waiting = host(paidFor("openai"));
	const failed = expect(waiting.prompt("hello")).rejects.toThrow("The agent was stopped.");
	await vi.waitFor(async () => {
		const [codex] = await listAgents(wish());
		expect(codex?.installation.state).toBe("installing");
	});
	const started = performance.now();
	await waiting.stop();
	await failed;
	expect(performance.now() - started).toBeLessThan(2_000);
});
