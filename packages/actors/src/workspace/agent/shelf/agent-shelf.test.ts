import { spawn } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AgentName } from "@bullpen/domain/agent-name";
import { LIMITS } from "@bullpen/domain/limits";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { AgentKind } from "../agents/agent-kind.ts";
import { codex } from "../agents/codex.ts";
import { demo } from "../agents/demo.ts";
import { AGENTS } from "../agents.ts";
import { agentShelf } from "./agent-shelf.ts";

const LOCKS = join(import.meta.dirname, "../agents");
const limits = { ...LIMITS, agentInstallMs: 20_000, agentInstallTellMs: 10 };
const packaged = AgentName.options.filter((name) => AGENTS[name].package);

let folder: string;
let registry: Server | undefined;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "bullpen-shelf-"));
	// Nothing here waits for a registry that does not answer.
	vi.stubEnv("npm_config_fetch_retries", "0");
});
afterEach(async () => {
	vi.unstubAllEnvs();
	registry?.closeAllConnections();
	registry?.close();
	registry = undefined;
	rmSync(folder, { recursive: true, force: true });
});

interface Answer {
	readonly status: number;
	readonly body: string | Buffer;
}

/** A registry that answers every request so. */
async function registryThat(answer: (path: string, url: string) => Answer | undefined): Promise<void> {
	registry = createServer((request, response) => {
		const given = answer(request.url ?? "", `http://${request.headers.host}`);
		if (given) response.writeHead(given.status, { "content-type": "application/json" }).end(given.body);
	});
	await new Promise<void>((resolve) => registry?.listen(0, "127.0.0.1", resolve));
	const { port } = registry.address() as AddressInfo;
	vi.stubEnv("npm_config_registry", `http://127.0.0.1:${port}/`);
}

/** The registry's word on the packages of codex, and an archive that is not the published one. */
async function registryWithWrongArchives(): Promise<void> {
	await registryThat((path, url) => {
		if (path.endsWith(".tgz")) return { status: 200, body: Buffer.from("something else") };
		const name = decodeURIComponent(path.slice(1));
		const tarball = `${url}/${name}.tgz`;
		const versions = { "0.16.0": { name, version: "0.16.0", dist: { tarball } } };
		return { status: 200, body: JSON.stringify({ name, "dist-tags": { latest: "0.16.0" }, versions }) };
	});
}

const place = () => join(folder, "agents", `codex@${codex.package?.version}`);
const left = () => readdirSync(join(folder, "agents")).filter((name) => name !== "lock" && name !== ".cache");

describe("the locks", () => {
	test.each(packaged)("%s: pins the version of the registry, and has a checksum of every file", (name) => {
		const { package: asked } = AGENTS[name];
		const { packages } = JSON.parse(readFileSync(join(LOCKS, `${name}.lock.json`), "utf8"));
		expect(packages[`node_modules/${asked?.name}`].version).toBe(asked?.version);
		const { "": _, ...others } = packages as Record<string, { integrity?: string; hasInstallScript?: boolean }>;
		expect(Object.keys(others).length).toBeGreaterThan(0);
		expect(Object.values(others).filter(({ integrity }) => !integrity?.startsWith("sha512-"))).toEqual([]);
	});
});

describe("an installation that fails", () => {
	test("says that the registry cannot be reached, leaves nothing half, and can be tried again", async () => {
		vi.stubEnv("npm_config_registry", "http://127.0.0.1:1/");
		const shelf = agentShelf(folder, limits);
		expect(await shelf.installation(codex)).toEqual({ state: "missing", bytes: codex.package?.installedBytes });
		const attempt = shelf.folderOf(codex);
		await expect(attempt).rejects.toThrow(/^Codex could not be installed\. The package registry cannot be reached\./);
		expect(await shelf.installation(codex)).toEqual({
			state: "failed",
			reason: expect.stringMatching(/cannot be reached/),
		});
		expect(left()).toEqual([]);
		const again = expect(shelf.folderOf(codex)).rejects.toThrow("cannot be reached");
		await vi.waitFor(async () => {
			expect(await shelf.installation(codex)).toEqual({ state: "installing", done: expect.any(Number) });
		});
		await again;
	});

	test("takes no file that is not the published one", async () => {
		await registryWithWrongArchives();
		await expect(agentShelf(folder, limits).folderOf(codex)).rejects.toThrow(/is not the one that was published/);
		expect(existsSync(place())).toBe(false);
	});

	test.each([
		[404, "does not have it"],
		[403, "refused to hand it out"],
	])("says what a registry means with %d", async (status, sentence) => {
		await registryThat(() => ({ status, body: "{}" }));
		await expect(agentShelf(folder, limits).folderOf(codex)).rejects.toThrow(sentence);
	});

	test("says how much space it needs before it loads anything", async () => {
		const huge: AgentKind = { ...codex, package: { ...codex.package!, writtenBytes: 2 ** 60 } };
		await expect(agentShelf(folder, limits).folderOf(huge)).rejects.toThrow(
			/needs \d+ MB of disk space, and \d+ MB are free/,
		);
	});

	test("is ended when it takes too long", async () => {
		await registryThat(() => undefined);
		const attempt = agentShelf(folder, { ...limits, agentInstallMs: 1_500 }).folderOf(codex);
		await expect(attempt).rejects.toThrow(/took too long/);
		expect(left()).toEqual([]);
	});
});

test("everybody who asks meanwhile shares one installation", async () => {
	let asked = 0;
	await registryThat((path) => {
		asked += path.includes("codex-acp") ? 1 : 0;
		return { status: 404, body: "{}" };
	});
	const shelf = agentShelf(folder, limits);
	await expect(shelf.folderOf(codex)).rejects.toThrow();
	const once = asked;
	const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => shelf.folderOf(codex)));
	expect(attempts.every(({ status }) => status === "rejected")).toBe(true);
	expect(asked).toBe(2 * once);
	expect(agentShelf(folder, limits)).toBe(shelf);
});

test("what stands is used as it is, and what is part of Bullpen needs nothing", async () => {
	vi.stubEnv("npm_config_registry", "http://127.0.0.1:1/");
	mkdirSync(place(), { recursive: true });
	const shelf = agentShelf(folder, limits);
	expect(await shelf.installation(codex)).toEqual({ state: "installed" });
	expect(await shelf.folderOf(codex)).toBe(place());
	expect(await shelf.installation(demo)).toEqual({ state: "installed" });
});

test("what killed installations left is cleared away, but not what another one is at", async () => {
	vi.stubEnv("npm_config_registry", "http://127.0.0.1:1/");
	const [old, fresh] = [join(folder, "agents", ".new-old"), join(folder, "agents", ".new-fresh")];
	for (const path of [old, fresh]) mkdirSync(path, { recursive: true });
	writeFileSync(join(old, "x"), "");
	utimesSync(old, 0, 0);
	await expect(agentShelf(folder, limits).folderOf(codex)).rejects.toThrow();
	expect(left()).toEqual([".new-fresh"]);
});

test("an installation dies with the server that wanted it", async () => {
	const { promise: asked, resolve, reject } = Promise.withResolvers<void>();
	await registryThat(() => void resolve());
	const patient = { ...limits, agentInstallMs: LIMITS.agentInstallMs };
	const script = `
		import { agentShelf } from ${JSON.stringify(join(import.meta.dirname, "agent-shelf.ts"))};
		import { AGENTS } from ${JSON.stringify(join(import.meta.dirname, "../agents.ts"))};
		await agentShelf(${JSON.stringify(folder)}, ${JSON.stringify(patient)}).folderOf(AGENTS.codex);
	`;
	const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
		stdio: "ignore",
		cwd: import.meta.dirname,
	});
	const npms = () =>
		readdirSync("/proc").filter((pid) => {
			try {
				// Not by its command line: npm writes over it as soon as it runs.
				return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(join(folder, "agents"));
			} catch {
				return false; // it ended while we looked
			}
		});
	child.once("exit", () => reject(new Error("The server ended by itself.")));
	await asked; // so npm is at it
	expect(npms().length).toBeGreaterThan(0);
	child.kill("SIGKILL");
	await vi.waitFor(() => expect(npms()).toEqual([]), { timeout: 20_000 });
}, 90_000);
