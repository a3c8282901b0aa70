import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Limits } from "@bullpen/domain/limits";
import { confinement } from "./confinement.ts";
import type { Db } from "./db.ts";
import { placeOf } from "./place.ts";
import { throwAway } from "./throw-away.ts";

interface EraseOptions {
	readonly workspaceId: string;
	/** `BULLPEN_DATA`. */
	readonly dataDir: string;
	readonly db: Db;
	readonly limits: Limits;
}

/** Whatever its rights are; a link is taken away, never followed, and neither is another file system entered. */
const EMPTY = "chmod -R u+rwX /workspace /home/agent; find /workspace /home/agent -xdev -mindepth 1 -delete";

/**
 * Takes a workspace's folder away. What people and agents put into it goes in a sandbox of its own: only that opens it.
 * @throws Error when something is left; trying again goes on
 */
export async function eraseFiles({ workspaceId, dataDir, db, limits }: EraseOptions): Promise<void> {
	const place = await placeOf(db, dataDir);
	if (place && !place.isHere) throw new Error(`The files of this workspace are on ${place.host}.`);
	const folder = join(dataDir, "workspaces", workspaceId);
	if (!(await exists(folder))) return;
	for (const part of [join(folder, "incoming"), folder]) {
		if (await exists(join(part, "files"))) await empty(part, { workspaceId, dataDir, limits });
	}
	await rm(folder, { recursive: true, force: true });
}

/** Empties `files` and `home` of one folder of a workspace. @throws Error */
export async function empty(place: string, { workspaceId, dataDir, limits }: Omit<EraseOptions, "db">): Promise<void> {
	const possible = await confinement(dataDir, limits);
	if (possible.kind === "virtual") throw new Error(`${possible.reason} ${possible.fix}`);
	const ended = await throwAway({
		...{ workspaceId, dataDir, limits, place },
		toolbox: possible.toolbox,
		cgroups: possible.cgroups,
		command: ["/bin/sh", "-c", EMPTY],
		input: { text: "" },
		timeMs: limits.eraseMs,
	});
	if (ended.end !== "exit") throw new Error(`The files were not taken away: ${ended.end}.`);
	if (ended.code !== 0) throw new Error(`The files were not taken away: ${ended.complaint.slice(-300)}`);
}

const exists = (path: string): Promise<boolean> =>
	stat(path).then(
		() => true,
		(error: NodeJS.ErrnoException) => {
			if (error.code === "ENOENT") return false;
			throw error;
		},
	);
