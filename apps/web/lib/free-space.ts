import { statfs } from "node:fs/promises";
import { Problem } from "@bullpen/domain/problem";
import type { Settings } from "./settings.ts";

/**
 * Files are kept beside what the engine writes, which needs its share of the disk to go on.
 * @throws Problem `queue_full` where `bytes` more would not leave it
 */
export async function refuseFullDisk(
	{ dataFolder, limits }: Pick<Settings, "dataFolder" | "limits">,
	bytes: number,
): Promise<void> {
	const { bavail, bsize } = await statfs(dataFolder);
	if (bavail * bsize >= limits.messageFilesFreeBytesMin + bytes) return;
	throw new Problem("queue_full", "This server has no room left for files. Whoever runs it can make some.");
}
