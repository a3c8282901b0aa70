import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Limits } from "@bullpen/domain/limits";
import type { AgentKind } from "./agents.ts";
import { bubblewrapArguments, type SandboxUser, TOOLS_PATH, WORKSPACE_PATH } from "./bubblewrap.ts";
import { makeFolders, SYSTEM_PATH } from "./confinement.ts";
import type { WorkspaceSandbox } from "./sandbox-session.ts";
import { type SocketFetch, socketFetch } from "./socket-fetch.ts";
import { DATA_HOME_PATH, makeLauncher, type Toolbox } from "./toolbox.ts";
import { uidOf } from "./uids.ts";

export interface ConfinedSandboxOptions {
	readonly workspaceId: string;
	readonly dataDir: string;
	readonly toolbox: Toolbox;
	readonly agent: AgentKind;
	readonly limits: Limits;
	/** Once per sandbox that was created, whoever ended it. */
	onExit(reason: string): void;
}

const SERVER_PORT = "2468";
const LOCKED = 75;
const RETRY_MS = 20;
const LOG_CHARS_MAX = 2_000;
/** Longer paths do not fit into a socket's address (unix(7): 108 bytes). */
const SOCKET_PATH_MAX = 100;

interface Running {
	readonly child: ChildProcess;
	readonly transport: SocketFetch;
	/** When the last process that holds the sandbox's output is gone. */
	readonly gone: Promise<void>;
	readonly release: () => Promise<void>;
}

/**
 * One workspace's sandbox on this machine: bubblewrap around a Sandbox Agent server. The process holds an exclusive lock on
 * the workspace for as long as it lives; a new one kills the old holder first, whichever process started that.
 * It dies with this process. The host reaches it through a socket it listens on itself and hands down: the sandbox
 * never sees a path it could replace.
 */
export function confinedSandbox(options: ConfinedSandboxOptions): WorkspaceSandbox {
	const { workspaceId, dataDir, toolbox, agent, limits } = options;
	const folder = join(dataDir, "workspaces", workspaceId);
	const lock = join(folder, "lock");
	const holder = join(folder, "holder");
	const sandboxes = new Map<string, Running>();

	async function commandLine(): Promise<string[]> {
		const isRoot = process.getuid?.() === 0;
		const user: SandboxUser = isRoot ? { kind: "dropped", uid: await uidOf(dataDir, workspaceId) } : { kind: "mapped" };
		const layout = await makeFolders(folder, user);
		const launcher = await makeLauncher(toolbox, agent);
		const environment = {
			XDG_DATA_HOME: DATA_HOME_PATH,
			SANDBOX_AGENT_REQUIRE_PREINSTALL: "1",
			SANDBOX_AGENT_ACP_REQUEST_TIMEOUT_MS: String(limits.agentStartMs),
		};
		const readOnly = [{ from: toolbox.folder, to: TOOLS_PATH }, launcher, ...agent.readOnly];
		const server = [
			toolbox.server,
			"server",
			"--no-telemetry",
			"--no-token",
			"--host",
			"127.0.0.1",
			"--port",
			SERVER_PORT,
		];
		const inside = ["/opt/node/bin/node", toolbox.bridge, SERVER_PORT, ...server];
		const bwrap = bubblewrapArguments({ ...layout, user, readOnly, environment, limits }, inside);
		// --no-fork: the lock is bubblewrap's own, and so is the process id.
		return ["--nonblock", "--conflict-exit-code", String(LOCKED), "--no-fork", lock, "bwrap", ...bwrap];
	}

	/** Undefined while another holder has the lock. */
	async function attempt(args: readonly string[]): Promise<Running | undefined> {
		const { server, path, release } = await listenFor(folder);
		const child = spawn("flock", args, {
			env: { PATH: SYSTEM_PATH },
			stdio: ["pipe", "pipe", "pipe", descriptorOf(server)],
		});
		server.close();
		const said = collect(child);
		const { promise: ended, resolve: onEnd } = Promise.withResolvers<number | null>();
		const { promise: gone, resolve: onGone } = Promise.withResolvers<void>();
		child.once("exit", onEnd).once("close", () => onGone());
		child.once("error", () => {
			onEnd(null);
			onGone();
		});
		child.stdin?.on("error", ignoreClosedPipe);
		const outcome = await Promise.race([
			said.ready.then(() => "ready" as const),
			ended.then((code) => (code === LOCKED ? ("locked" as const) : ("failed" as const))),
			wait(limits.agentStartMs, "late" as const, { ref: false }),
		]);
		if (outcome === "ready") {
			await writeFile(holder, `${child.pid} ${await startTimeOf(child.pid)}`, { mode: 0o600 });
			await removeOldSockets(folder, path);
			return { child, transport: socketFetch(path), gone, release };
		}
		child.kill("SIGKILL");
		await release();
		if (outcome === "locked") return undefined;
		const why = outcome === "late" ? "it took too long" : said.text().trim().split("\n").at(-1) || "no output";
		throw new Error(`The sandbox did not start: ${why.slice(0, 300)}`);
	}

	return {
		name: "confined",
		defaultCwd: WORKSPACE_PATH,
		async create() {
			await mkdir(folder, { recursive: true, mode: 0o700 });
			const args = await commandLine();
			const deadline = Date.now() + limits.agentStartMs;
			for (;;) {
				const running = await attempt(args);
				if (running) {
					const id = crypto.randomUUID().slice(0, 8);
					sandboxes.set(id, running);
					running.child.once("exit", () => options.onExit("The sandbox ended unexpectedly."));
					return id;
				}
				if (Date.now() > deadline) throw new Error("Another server holds this workspace and does not let go.");
				await killHolder(holder);
				await wait(RETRY_MS);
			}
		},
		async destroy(id) {
			const running = sandboxes.get(id);
			if (!running) return;
			sandboxes.delete(id);
			running.child.kill("SIGKILL");
			await running.gone;
			running.transport.close();
			await running.release();
		},
		async getFetch(id) {
			const running = sandboxes.get(id);
			if (!running) throw new Error("There is no such sandbox.");
			return running.transport.fetch;
		},
	};
}

/** A socket in a folder that only we can enter. Nobody connects to it before the sandbox listens. */
async function listenFor(folder: string): Promise<{ server: Server; path: string; release: () => Promise<void> }> {
	const name = `api-${crypto.randomUUID().slice(0, 8)}.sock`;
	const isLong = Buffer.byteLength(join(folder, `new-${name}`)) > SOCKET_PATH_MAX;
	const place = isLong ? await mkdtemp(join(tmpdir(), "bullpen-")) : folder;
	const path = join(place, name);
	const first = join(place, `new-${name}`);
	const server = createServer();
	server.listen(first);
	await once(server, "listening");
	// Closing a server removes the path it listened on: by then the socket has another.
	await rename(first, path);
	return { server, path, release: () => rm(isLong ? place : path, { recursive: true, force: true }) };
}

/** What holders left that were killed: by now nobody else holds the workspace. */
async function removeOldSockets(folder: string, ours: string): Promise<void> {
	for (const name of await readdir(folder)) {
		const path = join(folder, name);
		if (/^(?:new-)?api-\w+\.sock$/.test(name) && path !== ours) await rm(path, { force: true });
	}
}

/** The listening socket's descriptor, which `spawn` can hand down; Node keeps it in a field without a public name. */
function descriptorOf(server: Server): number {
	const handle: unknown = Reflect.get(server, "_handle");
	const fd: unknown = typeof handle === "object" && handle !== null ? Reflect.get(handle, "fd") : undefined;
	if (typeof fd !== "number" || fd < 0) throw new Error("This Node does not tell a server's descriptor.");
	return fd;
}

/** Reads the child's output so that it never blocks; keeps the newest of it. */
function collect(child: ChildProcess): { ready: Promise<void>; text(): string } {
	const { promise: ready, resolve } = Promise.withResolvers<void>();
	let text = "";
	for (const stream of [child.stdout, child.stderr]) {
		stream?.setEncoding("utf8").on("data", (chunk: string) => {
			text = (text + chunk).slice(-LOG_CHARS_MAX);
			if (stream === child.stdout && /^ready$/m.test(text)) resolve();
		});
	}
	return { ready, text: () => text };
}

/** It tells its end by exiting. */
function ignoreClosedPipe(): void {}

/** Kills the process that holds the workspace, if it still is that process. Its whole sandbox goes with it. */
async function killHolder(holder: string): Promise<void> {
	const [pid, startTime] = (await readFile(holder, "utf8").catch(() => "")).split(" ");
	if (!pid || !startTime || !/^\d+$/.test(pid) || (await startTimeOf(Number(pid))) !== startTime) return;
	try {
		process.kill(Number(pid), "SIGKILL");
	} catch {
		// It ended by itself.
	}
}

/** Field 22 of proc_pid_stat(5): with it a process id names one process for ever. */
async function startTimeOf(pid: number | undefined): Promise<string> {
	const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
	return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}
