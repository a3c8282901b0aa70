import { availableParallelism } from "node:os";
import type { Limits } from "@bullpen/domain/limits";
import type { SandboxLimits } from "@bullpen/domain/sandbox";
import type { CgroupBase } from "./cgroup.ts";

/** What bounds a sandbox on this machine, and by what. */
export function activeLimits(
	limits: Limits,
	cgroups: (Pick<CgroupBase, "controllers"> & Partial<CgroupBase>) | undefined,
): SandboxLimits {
	return {
		memory: { bytes: limits.sandboxMemoryBytesMax, by: cgroups?.controllers.has("memory") ? "kernel" : "watch" },
		processes: { count: limits.sandboxProcessesMax, by: "kernel" },
		processor: cgroups?.controllers.has("cpu") ? { by: "kernel", cores: coresOfSandbox() } : { by: "share" },
		disk: { bytes: limits.sandboxDiskBytesMax, by: "watch" },
		file: { bytes: limits.sandboxFileBytesMax, by: "kernel" },
		openFiles: { count: limits.sandboxOpenFilesMax, by: "kernel" },
		temporary: { bytes: limits.sandboxTemporaryBytesMax, by: "kernel" },
		turn: { ms: limits.turnMs, by: "watch" },
	};
}

/** Something is always left for the server itself. */
export const coresOfSandbox = (cores = availableParallelism()): number => Math.max(0.5, cores - 0.5);
