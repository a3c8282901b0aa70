import { statfs } from "node:fs/promises";
import type { Limits } from "@bullpen/domain/limits";
import type { SandboxUser } from "./bubblewrap.ts";
import { diskUsage, heldUsage } from "./disk-usage.ts";
import { below, type HostProcess, hostProcesses, memoryOf, processOf } from "./process-table.ts";

export interface Watched {
	/** Every process below it is the sandbox's. */
	readonly pid: number;
	readonly folders: readonly string[];
	readonly user: SandboxUser;
	readonly limits: Limits;
	/** The kernel sees to its memory. */
	readonly isMemoryBound: boolean;
	/** It has to end, for this reason: a sentence for people. At most once. */
	onExcess(reason: string): void;
}

/** Looks after one sandbox until `close`, from outside. */
export interface Watch {
	close(): void;
}

/** What may still be written when a workspace is full at its start: whoever cleans up writes too. */
const SLACK_BYTES = 64 * 1024 * 1024;
/** The disk is looked at as soon as this part of what a workspace may have was written to it, by whomever. */
const HASTE = 16;

/**
 * Ends what takes more than it may, where the kernel does not. The largest process goes first, as the kernel would do it; the
 * sandbox goes when that was not enough.
 */
export function watch(watched: Watched): Watch {
	const { limits, onExcess } = watched;
	const disk = new DiskWatch(watched);
	let isClosed = false;
	let isOver = false;
	let timer: NodeJS.Timeout | undefined;

	async function look(): Promise<void> {
		const processes = below(await table(limits.sandboxWatchEveryMs), watched.pid);
		if (!watched.isMemoryBound && (await isTooLarge(processes))) {
			return excess(`The sandbox used more than ${sizeText(limits.sandboxMemoryBytesMax)} of memory and was ended.`);
		}
		if (processes.length > limits.sandboxProcessesMax + INFRASTRUCTURE) {
			return excess(`The sandbox ran more than ${limits.sandboxProcessesMax} programs at once and was ended.`);
		}
		if (await disk.isFull(processes.map(({ pid }) => pid))) {
			excess(
				`The workspace took more than ${sizeText(limits.sandboxDiskBytesMax)} of disk, and its sandbox was ended.`,
			);
		}
	}

	async function isTooLarge(processes: readonly HostProcess[]): Promise<boolean> {
		const sizes = await Promise.all(processes.map(async (each) => ({ each, bytes: await memoryOf(each.pid) })));
		const wasOver = isOver;
		isOver = sizes.reduce((sum, { bytes }) => sum + bytes, 0) > limits.sandboxMemoryBytesMax;
		if (!isOver || wasOver) return isOver;
		const [largest] = sizes.sort((a, b) => b.bytes - a.bytes);
		if (largest) await end(largest.each);
		return false;
	}

	function excess(reason: string): void {
		if (isClosed) return;
		close();
		onExcess(reason);
	}

	function close(): void {
		isClosed = true;
		clearTimeout(timer);
	}

	function again(): void {
		if (!isClosed) timer = setTimeout(() => void look().then(again, again), limits.sandboxWatchEveryMs).unref();
	}
	again();
	return { close };
}

/** bubblewrap twice, and what starts others. */
const INFRASTRUCTURE = 8;

class DiskWatch {
	readonly #watched: Watched;
	/** What this sandbox may have: more where it had more at its start. */
	#bytesMax: number | undefined;
	#freeThen = 0;
	#lookedAt = Number.NEGATIVE_INFINITY;

	constructor(watched: Watched) {
		this.#watched = watched;
	}

	async isFull(pids: readonly number[]): Promise<boolean> {
		const { folders, user, limits } = this.#watched;
		const free = await freeBytes(folders[0] ?? "/");
		const isDue = performance.now() - this.#lookedAt >= limits.sandboxDiskEveryMs;
		if (!isDue && this.#freeThen - free < limits.sandboxDiskBytesMax / HASTE) return false;
		this.#freeThen = free;
		const bytes = (await diskUsage(folders, user, limits.agentStartMs)) + (await heldUsage(pids));
		this.#lookedAt = performance.now();
		this.#bytesMax ??= Math.max(limits.sandboxDiskBytesMax, bytes + SLACK_BYTES);
		return bytes > this.#bytesMax;
	}
}

async function freeBytes(folder: string): Promise<number> {
	const { bavail, bsize } = await statfs(folder);
	return bavail * bsize;
}

async function end({ pid, start }: HostProcess): Promise<void> {
	if ((await processOf(pid))?.start !== start) return;
	try {
		process.kill(pid, "SIGKILL");
	} catch {
		// It ended by itself.
	}
}

let last: { readonly at: number; readonly all: Promise<HostProcess[]> } | undefined;

/** All watches of this process look at one table, that is not older than half their pause. */
function table(everyMs: number): Promise<HostProcess[]> {
	const at = performance.now();
	if (last === undefined || at - last.at > everyMs / 2) last = { at, all: hostProcesses() };
	return last.all;
}

function sizeText(bytes: number): string {
	const [unit, size] = bytes >= 1024 ** 3 ? ["GiB", 1024 ** 3] : ["MiB", 1024 ** 2];
	return `${Math.round((bytes / size) * 10) / 10} ${unit}`;
}
