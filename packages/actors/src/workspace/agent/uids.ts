import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { claim } from "./claim.ts";

/**
 * Users for sandboxes, one per workspace, from a range no distribution, systemd or container runtime gives out
 * (systemd.io/UIDS-GIDS: 1879048192–2147352575 is unassigned). The first is the probe's.
 */
export const FIRST_UID = 1_900_000_000;
const UIDS = 65_536;

/** The workspace's own user, the same for ever: claimed by a file, so two workspaces never share one. */
export async function uidOf(dataDir: string, workspaceId: string): Promise<number> {
	const folder = join(dataDir, "sandbox", "uids");
	await mkdir(folder, { recursive: true, mode: 0o700 });
	const start = createHash("sha256").update(workspaceId).digest().readUInt32BE() % (UIDS - 1);
	for (let i = 0; i < UIDS - 1; i++) {
		const uid = FIRST_UID + 1 + ((start + i) % (UIDS - 1));
		if ((await claim(join(folder, String(uid)), workspaceId)) === workspaceId) return uid;
	}
	throw new Error("Every user of the sandbox range is taken.");
}
