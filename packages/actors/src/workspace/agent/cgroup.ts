import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Limits } from "@bullpen/domain/limits";
import { coresOfSandbox } from "./sandbox-limits.ts";

type Controller = "memory" | "pids" | "cpu";
const CONTROLLERS: readonly Controller[] = ["memory", "pids", "cpu"];

/** A folder of the unified hierarchy (cgroups v2) in which we may make groups, and what they can limit. */
export interface CgroupBase {
	readonly folder: string;
	readonly controllers: ReadonlySet<Controller>;
}

/** A group of one sandbox. */
export interface Cgroup {
	/** A command line that enters the group and becomes the given one, with the same process id. */
	entering(command: readonly string[]): string[];
	/** Ends whatever is left in it, and removes it. Never fails. */
	close(): Promise<void>;
}

/** Where this process may make groups; undefined where it may not, or nothing could be limited there. */
export async function findCgroups(
	mounts = "/proc/self/mounts",
	groups = "/proc/self/cgroup",
): Promise<CgroupBase | undefined> {
	const mount = / (\S+) cgroup2 /.exec(await text(mounts))?.[1];
	const path = /^0::(.*)$/m.exec(await text(groups))?.[1];
	if (mount === undefined || path === undefined) return undefined;
	const ours = join(mount, path);
	const own = await controllersOf(ours, true);
	if (own.size > 0) return { folder: ours, controllers: own };
	// A group with processes in it cannot have limited groups below it, unless it is the root. Beside it there may be, as
	// systemd arranges it; but nothing is changed in a folder that is not ours.
	const beside = ours === mount ? new Set<Controller>() : await controllersOf(dirname(ours), false);
	return beside.size > 0 ? { folder: dirname(ours), controllers: beside } : undefined;
}

/** What can be limited of groups in this folder. */
async function controllersOf(folder: string, mayEnable: boolean): Promise<Set<Controller>> {
	const control = join(folder, "cgroup.subtree_control");
	const offered = words(await text(join(folder, "cgroup.controllers")));
	const before = words(await text(control));
	for (const name of mayEnable ? CONTROLLERS : []) {
		if (offered.has(name) && !before.has(name)) await writeFile(control, `+${name}`).catch(notOurs);
	}
	const enabled = words(await text(control));
	return new Set(CONTROLLERS.filter((name) => enabled.has(name)));
}

/** It is somebody else's, or read-only: what is enabled afterwards says so. */
function notOurs(): void {}

/** The cgroups of one workspace, by its folder, and of no other data folder's. */
export const stemOf = (folder: string): string =>
	`bullpen-${createHash("sha256").update(folder).digest("hex").slice(0, 16)}`;

/** Makes a group; `name` is of ours alone, and groups that begin with `stem` and are empty are left from before. */
export async function openCgroup(
	base: CgroupBase,
	{ stem, limits }: { readonly stem: string; readonly limits: CgroupLimits },
): Promise<Cgroup> {
	await removeEmpty(base.folder, stem);
	const folder = join(base.folder, `${stem}-${crypto.randomUUID().slice(0, 8)}`);
	await mkdir(folder);
	try {
		for (const [name, value] of settings(base.controllers, limits)) await writeFile(join(folder, name), value);
	} catch (error) {
		await remove(folder);
		throw error;
	}
	return {
		entering: (command) => ["/bin/sh", "-c", 'echo $$ > "$0" && exec "$@"', join(folder, "cgroup.procs"), ...command],
		close: () => remove(folder),
	};
}

export type CgroupLimits = Pick<Limits, "sandboxMemoryBytesMax" | "sandboxProcessesMax">;

/** https://docs.kernel.org/admin-guide/cgroup-v2.html */
function settings(controllers: ReadonlySet<Controller>, limits: CgroupLimits): [string, string][] {
	return [
		...(controllers.has("memory") ? ([["memory.max", String(limits.sandboxMemoryBytesMax)]] as const) : []),
		...(controllers.has("pids") ? ([["pids.max", String(limits.sandboxProcessesMax)]] as const) : []),
		...(controllers.has("cpu")
			? ([
					["cpu.weight", "20"], // everything else has 100
					["cpu.max", `${Math.round(coresOfSandbox() * PERIOD_US)} ${PERIOD_US}`],
				] as const)
			: []),
	].map(([name, value]) => [name, value]);
}
const PERIOD_US = 100_000;

/**
 * Believes a base only what it shows: a program that takes more memory than its group may have must be ended by the kernel.
 * Undefined when there is no base, or it limits nothing.
 */
export async function provenCgroups(base: CgroupBase | undefined, stem: string): Promise<CgroupBase | undefined> {
	if (!base) return undefined;
	try {
		const limits = { sandboxMemoryBytesMax: PROBE_BYTES, sandboxProcessesMax: 32 };
		const group = await openCgroup(base, { stem, limits });
		const [file = "", ...args] = group.entering([process.execPath, "-e", HUNGRY]);
		const isEnded = await new Promise<boolean>((resolve) => {
			execFile(file, args, { env: {}, timeout: 20_000, killSignal: "SIGTERM" }, (error) => {
				resolve(error?.signal === "SIGKILL");
			});
		});
		await group.close();
		if (isEnded || !base.controllers.has("memory")) return base;
		return { ...base, controllers: new Set([...base.controllers].filter((name) => name !== "memory")) };
	} catch {
		return undefined; // whatever it was, sandboxes cannot have groups there
	}
}

const PROBE_BYTES = 96 * 1024 * 1024;
const HUNGRY = `const kept = []; for (let i = 0; i < 64; i++) kept.push(Buffer.alloc(8 * 1024 * 1024, 1));`;

async function removeEmpty(folder: string, stem: string): Promise<void> {
	for (const name of await readdir(folder)) {
		if (!name.startsWith(`${stem}-`)) continue;
		await rmdir(join(folder, name)).catch(stillUsed);
	}
}

/** A group with processes cannot be removed: somebody works in it. */
function stillUsed(): void {}

async function remove(folder: string): Promise<void> {
	await writeFile(join(folder, "cgroup.kill"), "1").catch(stillUsed);
	for (let tries = 0; tries < 50; tries++) {
		const isGone = await rmdir(folder).then(
			() => true,
			(error: NodeJS.ErrnoException) => error.code === "ENOENT",
		);
		if (isGone) return;
		await wait(20);
	}
}

const text = (path: string): Promise<string> => readFile(path, "utf8").catch(() => "");
const words = (line: string): Set<string> => new Set(line.trim().split(/\s+/));
