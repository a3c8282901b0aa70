import { z } from "zod";
import { UnixMs } from "./id.ts";

const kernel = z.literal("kernel");
const watch = z.literal("watch");

/**
 * What bounds a sandbox on its machine, and by what. `kernel`: it cannot be exceeded. `watch`: it can for a moment, until
 * somebody looks. `share`: nobody else waits for it, but alone it may take everything.
 */
export const SandboxLimits = z.strictObject({
	memory: z.strictObject({ bytes: z.number(), by: z.enum(["kernel", "watch"]) }),
	processes: z.strictObject({ count: z.number(), by: kernel }),
	processor: z.discriminatedUnion("by", [
		z.strictObject({ by: kernel, cores: z.number() }),
		z.strictObject({ by: z.literal("share") }),
	]),
	/** Files and home together. */
	disk: z.strictObject({ bytes: z.number(), by: watch }),
	file: z.strictObject({ bytes: z.number(), by: kernel }),
	openFiles: z.strictObject({ count: z.number(), by: kernel }),
	/** `/tmp`, which is in memory. */
	temporary: z.strictObject({ bytes: z.number(), by: kernel }),
	turn: z.strictObject({ ms: z.number(), by: watch }),
});
export type SandboxLimits = z.infer<typeof SandboxLimits>;

export const Namespace = z.enum(["mnt", "pid", "net", "ipc", "uts", "user"]);
export type Namespace = z.infer<typeof Namespace>;

/** What a test in a real sandbox of this machine saw. Where it saw too much there is no sandbox, so this is what holds. */
export const SandboxProof = z.strictObject({
	at: UnixMs,
	/** Kept apart from the host's. */
	namespaces: z.array(Namespace),
	/** `own`: each workspace has a user of its own. `shared`: all have the server's, inside their user namespaces. */
	user: z.enum(["own", "shared"]),
});
export type SandboxProof = z.infer<typeof SandboxProof>;

/** Known once the sandbox was started, as of then. */
export const SandboxFacts = z.strictObject({ limits: SandboxLimits, proof: SandboxProof });
export type SandboxFacts = z.infer<typeof SandboxFacts>;
