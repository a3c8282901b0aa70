import { type ChildProcess, spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type SandboxLayout, type SandboxUser, SYSTEM_PATH, TOOLS_PATH, WORKSPACE_PATH } from "./bubblewrap.ts";
import { type CgroupBase, openCgroup, stemOf } from "./cgroup.ts";
import { bubblewrap, type Enclosure } from "./enclosure.ts";
import { killHolder, noteHolder } from "./holder.ts";
import { makeFolders } from "./sandbox-folders.ts";
import type { WorkspaceSandbox } from "./sandbox-session.ts";
import { type SocketFetch, socketFetch } from "./socket-fetch.ts";
import { removeOldSockets } from "./socket-place.ts";
import type { Toolbox } from "./toolbox.ts";
import { uidOf } from "./uids.ts";
import { watch } from "./watchdog.ts";
import { openWaysOut, type WaysOut, type WaysOutWish } from "./ways-out.ts";

export interface ConfinedSandboxOptions extends WaysOutWish {
	readonly workspaceId: string;
	readonly dataDir: string;
	readonly toolbox: Toolbox;
	/** Where the kernel can bound it; without it, it is watched. */
	readonly cgroups?: CgroupBase | undefined;
	/** What keeps it apart from the machine; bubblewrap unless another is named. */
	readonly enclosure?: Enclosure | undefined;
	/** Once per sandbox that was created, whoever ended it. */
	onExit(reason: string): void;
}

const SERVER_PORT = "2468";
const LOCKED = 75;
const RETRY_MS = 20;
const LOG_CHARS_MAX = 2_000;
const LAST_WORDS_MS = 500;

/** One start: what it is called on this machine, and what the bridge is told of the way in. */
interface Way {
	readonly name: string;
	readonly way: readonly string[];
}

type Layout = Pick<SandboxLayout, "user" | "files" | "home" | "etc">;

interface Running {
	readonly name: string;
	readonly child: ChildProcess;
	readonly transport: SocketFetch;
	/** Where its server is reached. */
	readonly path: string;
	/** Whether it was said already why it ends. */
	readonly isTold: () => boolean;
	/** When the last process that holds the sandbox's output is gone. */
	readonly gone: Promise<void>;
	readonly release: () => Promise<void>;
}

/**
 * One workspace's sandbox on this machine: an enclosure around a Sandbox Agent server. The process holds an exclusive lock on
 * the workspace for as long as it lives; a new one kills the old holder first, whichever process started that.
 * It dies with this process. The host reaches it through a socket it listens on itself and hands down: the sandbox
 * never sees a path it could replace. Where none can be handed down, it goes through the process's input and output.
 */
export function confinedSandbox(options: ConfinedSandboxOptions): WorkspaceSandbox {
	const { workspaceId, dataDir, toolbox, limits, enclosure = bubblewrap } = options;
	const folder = join(dataDir, "workspaces", workspaceId);
	const stem = stemOf(folder);
	const lock = join(folder, "lock");
	const holder = join(folder, "holder");
	const sandboxes = new Map<string, Running>();

	function commandLine(layout: Layout, { plan, options: out }: WaysOut, { name, way }: Way): string[] {
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
		const inside = ["/opt/node/bin/node", toolbox.bridge, "--port", SERVER_PORT, ...way, ...out, "--", ...server];
		const command = enclosure.enclose({ ...layout, readOnly, environment, limits }, inside, { stem, name });
		// --no-fork: the lock is the enclosure's own, and so is the process id.
		return ["flock", "--nonblock", "--conflict-exit-code", String(LOCKED), "--no-fork", lock, ...command];
	}

	/** Undefined while another holder has the lock. */
	async function attempt(exit: WaysOut, user: SandboxUser): Promise<Running | undefined> {
		const layout = { user, ...(await makeFolders(folder, user, enclosure.idInside(user))) };
		const name = `${stem}-${crypto.randomUUID().slice(0, 8)}`;
		const group = options.cgroups && (await openCgroup(options.cgroups, { stem, limits }));
		const entrance = await enclosure.enter(folder);
		const release = async () => void (await Promise.all([entrance.release(), group?.close()]));
		const command = commandLine(layout, exit, { name, way: entrance.options });
		const [program = "", ...args] = group?.entering(command) ?? command;
		const child = spawn(program, args, {
			env: { PATH: SYSTEM_PATH, ...enclosure.environment },
			stdio: ["pipe", "pipe", "pipe", ...entrance.descriptors],
		});
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
			entrance.attach(child, exit.plan.secrets).then(() => "ready" as const),
			ended.then((code) => (code === LOCKED ? ("locked" as const) : ("failed" as const))),
			wait(limits.agentStartMs, "late" as const, { ref: false }),
		]);
		if (outcome === "ready") {
			await noteHolder(holder, child.pid);
			await removeOldSockets(folder, [entrance.path, ...exit.sockets]);
			const { path } = entrance;
			const isTold = guarded(child, user);
			const releaseAll = async () => void (await Promise.all([release(), exit.close()]));
			return { name, child, path, transport: socketFetch(path), gone, isTold, release: releaseAll };
		}
		if (outcome === "late") await enclosure.end(name);
		child.kill("SIGKILL");
		// What it said last may come after its end.
		await Promise.race([gone, wait(LAST_WORDS_MS, undefined, { ref: false })]);
		await release();
		if (outcome === "locked") return undefined;
		const why = outcome === "late" ? "it took too long" : (lastWords(said()) ?? "no output");
		throw new Error(`The sandbox did not start: ${why.slice(0, 300)}`);
	}

	/**
	 * Bounds what the kernel does not. Why it ends is said before it does: whoever notices a lost connection first would say
	 * that instead. @returns whether that was said
	 */
	function guarded(child: ChildProcess, user: SandboxUser): () => boolean {
		let isTold = false;
		const guard = watch({
			pid: child.pid ?? 0,
			folders: [join(folder, "files"), join(folder, "home")],
			user,
			limits,
			isMemoryBound: (enclosure.bounds ?? options.cgroups)?.controllers.has("memory") === true,
			onExcess: (reason) => {
				isTold = true;
				options.onExit(reason);
				child.kill("SIGKILL");
			},
		});
		child.once("exit", () => guard.close());
		return () => isTold;
	}

	/** Takes the workspace from whoever holds it. */
	async function win(exit: WaysOut, user: SandboxUser): Promise<Running> {
		const deadline = Date.now() + limits.agentStartMs;
		for (;;) {
			await enclosure.clear(stem);
			const running = await attempt(exit, user);
			if (running) return running;
			if (Date.now() > deadline) throw new Error("Another server holds this workspace and does not let go.");
			await killHolder(holder);
			await wait(RETRY_MS);
		}
	}

	function standing(id: string): Running {
		const running = sandboxes.get(id);
		if (!running) throw new Error("There is no such sandbox.");
		return running;
	}

	return {
		name: enclosure.name,
		defaultCwd: WORKSPACE_PATH,
		async create() {
			await mkdir(folder, { recursive: true, mode: 0o700 });
			const isRoot = process.getuid?.() === 0;
			const user: SandboxUser = isRoot
				? { kind: "dropped", uid: await uidOf(dataDir, workspaceId) }
				: { kind: "mapped" };
			const exit = await openWaysOut(folder, user, options);
			try {
				const running = await win(exit, user);
				const id = crypto.randomUUID().slice(0, 8);
				sandboxes.set(id, running);
				running.child.once("exit", () => {
					if (!running.isTold()) options.onExit("The sandbox ended unexpectedly.");
				});
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
			await enclosure.end(running.name);
			running.child.kill("SIGKILL");
			await running.gone;
			running.transport.close();
			await running.release();
		},
		getFetch: async (id) => standing(id).transport.fetch,
		connect: (id) => connect({ path: standing(id).path }),
	};
}

/** Reads its complaints so that it never blocks; gives the newest of them. */
function collect({ stderr }: ChildProcess): () => string {
	let text = "";
	stderr?.setEncoding("utf8").on("data", (chunk: string) => {
		text = (text + chunk).slice(-LOG_CHARS_MAX);
	});
	return () => text;
}

/** Where its last line is advice, the one before. */
function lastWords(said: string): string | undefined {
	return said.split("\n").findLast((line) => line.trim() !== "" && !line.includes("--help"));
}

/** It tells its end by exiting. */
function ignoreClosedPipe(): void {}
