import { z } from "zod";
import { UnixMs } from "./id.ts";

/** Hosts that belong together, known by name: where programs and libraries come from, and where repositories are. */
export const EgressPreset = z.enum([
	...["npm", "pypi", "crates", "go", "rubygems", "maven", "system"],
	...["github", "gitlab", "bitbucket", "codeberg"],
] as const);
export type EgressPreset = z.infer<typeof EgressPreset>;

/**
 * Where a workspace's sandbox may go, beside models. Each host is a name, `*.` and a name for every host below it, or one of
 * the two with `:port`; without a port it is reached on 80 and 443.
 */
export const SetEgressInput = z.strictObject({
	presets: z.array(EgressPreset).max(EgressPreset.options.length),
	hosts: z.array(z.string().max(1_000)).max(100),
});
export type SetEgressInput = z.infer<typeof SetEgressInput>;

export const Egress = SetEgressInput.extend({
	/** What is refused without a word: the owner did not want to hear of it again. */
	ignored: z.array(z.string()).optional(),
});
export type Egress = z.infer<typeof Egress>;

/** A host that the sandbox wanted to reach. `private_address`: its name leads into this machine or its networks. */
export const RefusedHost = z.strictObject({
	host: z.string(),
	port: z.int().min(1).max(65_535),
	reason: z.enum(["not_allowed", "private_address"]),
	at: UnixMs,
});
export type RefusedHost = z.infer<typeof RefusedHost>;

export const IgnoreHostInput = z.strictObject({ host: z.string().max(260) });
