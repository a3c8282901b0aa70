import { type ChildProcess, spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Limits } from "@bullpen/domain/limits";
import { type EgressOptions, openEgressProxy } from "../egress/egress-proxy.ts";
import { bubblewrapArguments, type SandboxUser, SYSTEM_PATH, TOOLS_PATH } from "./bubblewrap.ts";
import { type CgroupBase, openCgroup, stemOf } from "./cgroup.ts";
import { EGRESS_PORT, EGRESS_SOCKET_PATH } from "./launch.ts";
import { makeFolders } from "./sandbox-folders.ts";
import { socketPlace } from "./socket-place.ts";
import type { Toolbox } from "./toolbox.ts";
import { uidOf } from "./uids.ts";
import { watch } from "./watchdog.ts";

export interface ThrowAwayOptions {
	readonly workspaceId: string;
	/** `BULLPEN_DATA`. */
	readonly dataDir: string;
	readonly toolbox: Toolbox;
	readonly cgroups?: CgroupBase | undefined;
	readonly limits: Limits;
	/** The host folder whose `files` and `home` it works in; they are made. */
	readonly place: string;
	readonly command: readonly string[];
	/** Its standard input: a text, which may be secret, or an open file. */
	readonly input: { readonly text: string } | { readonly fd: number };
	/** Its way out; without it there is none. */
	readonly egress?: EgressOptions | undefined;
	readonly readOnly?: readonly { readonly from: string; readonly to: string }[];
	readonly environment?: Readonly<Record<string, string>>;
	readonly timeMs: number;
	readonly signal?: AbortSignal | undefined;
	/** What it prints, line by line. */
	onLine?(line: string): void;
}

export type ThrownAway =
	| { readonly end: "exit"; readonly code: number | null; readonly complaint: string }
	/** Ended by us: too long, too much, or nobody wants it any more. */
	| { readonly end: "late" | "cancelled" }
	| { readonly end: "excess"; readonly reason: string }
	/** An agent, or another of these, works in this workspace. */
	| { readonly end: "locked" };

const LOCKED = 75;
const COMPLAINT_CHARS_MAX = 4_000;
const LINE_CHARS_MAX = 8_192;

/**
 * Runs one program in a sandbox of its own, confined like a workspace's agent and as the same user, and holds the
 * workspace's lock meanwhile. Nothing of it is left running when this resolves.
 */
export async function throwAway(options: ThrowAwayOptions): Promise<ThrownAway> {
	const { workspaceId, dataDir, place, limits, egress } = options;
	const folder = join(dataDir, "workspaces", workspaceId);
	await mkdir(folder, { recursive: true, mode: 0o700 });
	await mkdir(place, { recursive: true, mode: 0o700 });
	const isRoot = process.getuid?.() === 0;
	const user: SandboxUser = isRoot ? { kind: "dropped", uid: await uidOf(dataDir, workspaceId) } : { kind: "mapped" };
	const layout = await makeFolders(place, user);
	const ends: (() => Promise<void>)[] = [];
	try {
		const out = egress && (await socketPlace(folder, "egress"));
		if (out) ends.push(out.release);
		if (out && egress) {
			const socketUid = user.kind === "dropped" ? { socketUid: user.uid } : {};
			const proxy = await openEgressProxy(egress, { socketPath: out.path, ...socketUid }, limits);
			ends.push(() => proxy.close());
		}
		const group = options.cgroups && (await openCgroup(options.cgroups, { stem: stemOf(folder), limits }));
		if (group) ends.push(() => group.close());
		const readOnly = [
			{ from: options.toolbox.folder, to: TOOLS_PATH },
			...(out ? [{ from: out.path, to: EGRESS_SOCKET_PATH }] : []),
			...(options.readOnly ?? []),
		];
		const environment = options.environment ?? {};
		const bwrap = bubblewrapArguments({ ...layout, user, readOnly, environment, limits }, options.command);
		const lock = join(folder, "lock");
		// --no-fork: the lock is bubblewrap's own, and so is the process id.
		const flock = ["flock", "--nonblock", "--conflict-exit-code", String(LOCKED), "--no-fork", lock, "bwrap", ...bwrap];
		return await run(group?.entering(flock) ?? flock, options, { user, folders: [layout.files, layout.home] });
	} finally {
		for (const end of ends.reverse()) await end();
	}
}

/** Where its way out is inside: a socket, for a program that makes a port of it. */
export const throwAwayExit = { port: EGRESS_PORT, socket: EGRESS_SOCKET_PATH } as const;

async function run(
	command: readonly string[],
	options: ThrowAwayOptions,
	{ user, folders }: { readonly user: SandboxUser; readonly folders: readonly string[] },
): Promise<ThrownAway> {
	const { input, limits, signal } = options;
	if (signal?.aborted) return { end: "cancelled" };
	const [program = "", ...args] = command;
	const child = spawn(program, args, {
		env: { PATH: SYSTEM_PATH },
		stdio: ["fd" in input ? input.fd : "pipe", "pipe", "pipe"],
	});
	let ended: ThrownAway | undefined;
	const kill = (why: ThrownAway): void => {
		ended ??= why;
		child.kill("SIGKILL");
	};
	const timer = setTimeout(() => kill({ end: "late" }), options.timeMs);
	const onAbort = (): void => kill({ end: "cancelled" });
	signal?.addEventListener("abort", onAbort, { once: true });
	const guard = watch({
		pid: child.pid ?? 0,
		folders,
		user,
		limits,
		isMemoryBound: options.cgroups?.controllers.has("memory") === true,
		onExcess: (reason) => kill({ end: "excess", reason }),
	});
	try {
		if ("text" in input) child.stdin?.on("error", ignoreClosedPipe).end(input.text);
		const { code, complaint } = await outcomeOf(child, options);
		return ended ?? (code === LOCKED ? { end: "locked" } : { end: "exit", code, complaint });
	} finally {
		guard.close();
		clearTimeout(timer);
		signal?.removeEventListener("abort", onAbort);
	}
}

/** Resolves when the last process that holds its output is gone. */
async function outcomeOf(
	child: ChildProcess,
	{ onLine }: Pick<ThrowAwayOptions, "onLine">,
): Promise<{ code: number | null; complaint: string }> {
	let complaint = "";
	child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
		complaint = (complaint + chunk).slice(-COMPLAINT_CHARS_MAX);
	});
	if (child.stdout)
		createInterface({ input: child.stdout }).on("line", (line) => onLine?.(line.slice(0, LINE_CHARS_MAX)));
	return new Promise((resolve) => {
		child.once("error", (error) => resolve({ code: null, complaint: error.message }));
		child.once("close", (code) => resolve({ code, complaint }));
	});
}

/** It tells its end by exiting. */
function ignoreClosedPipe(): void {}
