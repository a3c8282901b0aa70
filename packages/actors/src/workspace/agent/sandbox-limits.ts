import { availableParallelism } from "node:os";
import type { Limits } from "@bullpen/domain/limits";
import type { CgroupBase } from "./cgroup.ts";

/**
 * What bounds a sandbox on this machine, and by what. `kernel`: it cannot be exceeded. `watch`: it can for a moment, until
 * somebody looks. `share`: nobody else waits for it, but alone it may take everything.
 */
export interface SandboxLimits {
	readonly memory: { readonly bytes: number; readonly by: "kernel" | "watch" };
	readonly processes: { readonly count: number; readonly by: "kernel" };
	readonly processor: { readonly by: "kernel"; readonly cores: number } | { readonly by: "share" };
	/** Files and home together. */
	readonly disk: { readonly bytes: number; readonly by: "watch" };
	readonly file: { readonly bytes: number; readonly by: "kernel" };
	/** `/tmp`, which is in memory. */
	readonly temporary: { readonly bytes: number; readonly by: "kernel" };
	readonly turn: { readonly ms: number; readonly by: "watch" };
}

export function activeLimits(limits: Limits, cgroups: CgroupBase | undefined): SandboxLimits {
	return {
		memory: { bytes: limits.sandboxMemoryBytesMax, by: cgroups?.controllers.has("memory") ? "kernel" : "watch" },
		processes: { count: limits.sandboxProcessesMax, by: "kernel" },
		processor: cgroups?.controllers.has("cpu") ? { by: "kernel", cores: coresOfSandbox() } : { by: "share" },
		disk: { bytes: limits.sandboxDiskBytesMax, by: "watch" },
		file: { bytes: limits.sandboxFileBytesMax, by: "kernel" },
		temporary: { bytes: limits.sandboxTemporaryBytesMax, by: "kernel" },
		turn: { ms: limits.turnMs, by: "watch" },
	};
}

/** Something is always left for the server itself. */
export const coresOfSandbox = (cores = availableParallelism()): number => Math.max(0.5, cores - 0.5);
