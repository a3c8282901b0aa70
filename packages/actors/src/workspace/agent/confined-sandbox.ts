import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { basename, dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Provider } from "@bullpen/credentials/provider";
import type { Limits } from "@bullpen/domain/limits";
import { type EgressOptions, openEgressProxy } from "../egress/egress-proxy.ts";
import type { AgentKind } from "./agents/agent-kind.ts";
import { bubblewrapArguments, type SandboxUser, TOOLS_PATH, WORKSPACE_PATH } from "./bubblewrap.ts";
import { type CgroupBase, openCgroup } from "./cgroup.ts";
import { makeFolders, SYSTEM_PATH } from "./confinement.ts";
import {
	EGRESS_PORT,
	EGRESS_SOCKET_PATH,
	type LaunchPlan,
	MODEL_PORT,
	MODEL_SOCKET_PATH,
	planLaunch,
} from "./launch.ts";
import type { ModelAccess } from "./model-door.ts";
import type { WorkspaceSandbox } from "./sandbox-session.ts";
import { type SocketFetch, socketFetch } from "./socket-fetch.ts";
import { removeOldSockets, type SocketPlace, socketPlace } from "./socket-place.ts";
import type { Toolbox } from "./toolbox.ts";
import { uidOf } from "./uids.ts";
import { watch } from "./watchdog.ts";

export interface ConfinedSandboxOptions {
	readonly workspaceId: string;
	readonly dataDir: string;
	readonly toolbox: Toolbox;
	readonly agent: AgentKind;
	/** The folder of the agent's package; undefined where it is part of Bullpen. */
	readonly packageFolder: string | undefined;
	/** The way to models; without it and `egress` there is no way out. */
	readonly models?: { readonly access: ModelAccess; readonly provider: Provider } | undefined;
	/** The way to named hosts, where it names any. */
	readonly egress?: EgressOptions | undefined;
	/** Where the kernel can bound it; without it, it is watched. */
	readonly cgroups?: CgroupBase | undefined;
	readonly limits: Limits;
	/** Once per sandbox that was created, whoever ended it. */
	onExit(reason: string): void;
}

const SERVER_PORT = "2468";
const LOCKED = 75;
const RETRY_MS = 20;
const LOG_CHARS_MAX = 2_000;

interface Running {
	readonly child: ChildProcess;
	readonly transport: SocketFetch;
	/** Why it was ended by us, if it was. */
	readonly excess: () => string | undefined;
	/** When the last process that holds the sandbox's output is gone. */
	readonly gone: Promise<void>;
	readonly release: () => Promise<void>;
}

/** The open ways out of one sandbox. */
interface Exit {
	/** The sockets of ours that lead out. */
	readonly sockets: readonly string[];
	/** What the bridge is told of them. */
	readonly options: readonly string[];
	readonly plan: LaunchPlan;
	close(): Promise<void>;
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

	/** What the agent is given, with its ways out opened. */
	async function prepare(user: SandboxUser): Promise<Exit> {
		const opened: (() => Promise<void>)[] = [];
		const close = async () => {
			for (const end of opened.splice(0).reverse()) await end();
		};
		const socketUid = user.kind === "dropped" ? { socketUid: user.uid } : {};
		try {
			const { models, egress } = options;
			const model = models && (await socketPlace(folder, "model"));
			if (model) opened.push(model.release);
			const door = model && (await models.access.open(models.provider, { socketPath: model.path, ...socketUid }));
			if (door) opened.push(() => door.close());
			const out = egress && (await egress.rules()).length > 0 ? await socketPlace(folder, "egress") : undefined;
			if (out) opened.push(out.release);
			const proxy = out && egress && (await openEgressProxy(egress, { socketPath: out.path, ...socketUid }, limits));
			if (proxy) opened.push(() => proxy.close());
			const plan = await planLaunch({
				agent,
				packageFolder: options.packageFolder,
				folder,
				door: door && { door, socketPath: model.path },
				egressSocketPath: out?.path,
			});
			return {
				sockets: [model, out].flatMap((place) => (place ? [place.path] : [])),
				options: [
					...(model ? ["--model-port", String(MODEL_PORT), "--model-socket", MODEL_SOCKET_PATH] : []),
					...(out ? ["--egress-port", String(EGRESS_PORT), "--egress-socket", EGRESS_SOCKET_PATH] : []),
				],
				plan,
				close,
			};
		} catch (error) {
			await close();
			throw error;
		}
	}

	async function commandLine({ plan, options: out }: Exit, user: SandboxUser): Promise<string[]> {
		const layout = await makeFolders(folder, user);
		const environment = {
			...plan.environment,
			SANDBOX_AGENT_REQUIRE_PREINSTALL: "1",
			SANDBOX_AGENT_ACP_REQUEST_TIMEOUT_MS: String(limits.agentStartMs),
		};
		const readOnly = [{ from: toolbox.folder, to: TOOLS_PATH }, ...plan.readOnly];
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
		const inside = ["/opt/node/bin/node", toolbox.bridge, "--port", SERVER_PORT, ...out, "--", ...server];
		const bwrap = bubblewrapArguments({ ...layout, user, readOnly, environment, limits }, inside);
		// --no-fork: the lock is bubblewrap's own, and so is the process id.
		return ["flock", "--nonblock", "--conflict-exit-code", String(LOCKED), "--no-fork", lock, "bwrap", ...bwrap];
	}

	/** Undefined while another holder has the lock. */
	async function attempt(command: readonly string[], exit: Exit, user: SandboxUser): Promise<Running | undefined> {
		const group = options.cgroups && (await openCgroup(options.cgroups, { stem: stemOf(folder), limits }));
		const { server, path, release: releasePath } = await listenFor(folder);
		const release = async () => void (await Promise.all([releasePath(), group?.close()]));
		const [program = "", ...args] = group?.entering(command) ?? command;
		const child = spawn(program, args, {
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
		child.stdin?.on("error", ignoreClosedPipe).write(`${JSON.stringify(exit.plan.secrets)}\n`);
		const outcome = await Promise.race([
			said.ready.then(() => "ready" as const),
			ended.then((code) => (code === LOCKED ? ("locked" as const) : ("failed" as const))),
			wait(limits.agentStartMs, "late" as const, { ref: false }),
		]);
		if (outcome === "ready") {
			await writeFile(holder, `${child.pid} ${await startTimeOf(child.pid)}`, { mode: 0o600 });
			await removeOldSockets(folder, [path, ...exit.sockets]);
			const guard = guarded(child, user);
			const releaseAll = async () => void (await Promise.all([release(), exit.close()]));
			return { child, transport: socketFetch(path), gone, excess: guard, release: releaseAll };
		}
		child.kill("SIGKILL");
		await release();
		if (outcome === "locked") return undefined;
		const why = outcome === "late" ? "it took too long" : said.text().trim().split("\n").at(-1) || "no output";
		throw new Error(`The sandbox did not start: ${why.slice(0, 300)}`);
	}

	/** Bounds what the kernel does not. @returns what says why it was ended, if it was */
	function guarded(child: ChildProcess, user: SandboxUser): () => string | undefined {
		let excess: string | undefined;
		const guard = watch({
			pid: child.pid ?? 0,
			folders: [join(folder, "files"), join(folder, "home")],
			user,
			limits,
			isMemoryBound: options.cgroups?.controllers.has("memory") === true,
			onExcess: (reason) => {
				excess = reason;
				child.kill("SIGKILL");
			},
		});
		child.once("exit", () => guard.close());
		return () => excess;
	}

	/** Takes the workspace from whoever holds it. */
	async function win(exit: Exit, user: SandboxUser): Promise<Running> {
		const command = await commandLine(exit, user);
		const deadline = Date.now() + limits.agentStartMs;
		for (;;) {
			const running = await attempt(command, exit, user);
			if (running) return running;
			if (Date.now() > deadline) throw new Error("Another server holds this workspace and does not let go.");
			await killHolder(holder);
			await wait(RETRY_MS);
		}
	}

	return {
		name: "confined",
		defaultCwd: WORKSPACE_PATH,
		async create() {
			await mkdir(folder, { recursive: true, mode: 0o700 });
			const isRoot = process.getuid?.() === 0;
			const user: SandboxUser = isRoot
				? { kind: "dropped", uid: await uidOf(dataDir, workspaceId) }
				: { kind: "mapped" };
			const exit = await prepare(user);
			try {
				const running = await win(exit, user);
				const id = crypto.randomUUID().slice(0, 8);
				sandboxes.set(id, running);
				running.child.once("exit", () => options.onExit(running.excess() ?? "The sandbox ended unexpectedly."));
				return id;
			} catch (error) {
				await exit.close();
				throw error;
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

/** The cgroups of one workspace, and of no other data folder's. */
function stemOf(folder: string): string {
	return `bullpen-${createHash("sha256").update(folder).digest("hex").slice(0, 16)}`;
}

/** A socket that only we can reach. Nobody connects to it before the sandbox listens. */
async function listenFor(folder: string): Promise<SocketPlace & { server: Server }> {
	const { path, release } = await socketPlace(folder, "api");
	const first = join(dirname(path), `new-${basename(path)}`);
	const server = createServer();
	server.listen(first);
	await once(server, "listening");
	// Closing a server removes the path it listened on: by then the socket has another.
	await rename(first, path);
	return { server, path, release };
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
