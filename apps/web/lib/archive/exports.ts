import { randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { RoomId } from "@bullpen/domain/id";
import { Problem } from "@bullpen/domain/problem";
import { refuseFullDisk } from "../free-space.ts";
import type { Settings } from "../settings.ts";

type Kept = Pick<Settings, "dataFolder" | "limits">;

/** An export that was begun: where it is to be, and a question before each write of it. */
export interface BegunExport {
	readonly exportId: string;
	readonly path: string;
	/** @throws Problem `queue_full` */
	readonly spend: (bytes: number) => Promise<void>;
}

/** Makes room for one more of somebody's exports: of theirs, the oldest beyond what they may keep go. */
export async function beginExport(kept: Kept, userId: string, roomId: string): Promise<BegunExport> {
	const { exportsBytesTotalMax: bytesMax, exportsPerPerson } = kept.limits;
	const own = join(folderOf(kept), userId);
	await mkdir(own, { recursive: true, mode: 0o700 });
	await sweepExports(kept, Date.now());
	const theirs = (await filesIn(own)).filter(({ name }) => isWhole(name));
	for (const { path } of theirs.slice(0, Math.max(0, theirs.length + 1 - exportsPerPerson)))
		await rm(path, { force: true });
	let left = bytesMax;
	for (const { bytes } of await allFiles(kept)) left -= bytes;
	const exportId = `x-${randomBytes(15).toString("hex")}`;
	const spend = async (bytes: number): Promise<void> => {
		left -= bytes;
		if (left < 0) {
			throw new Problem("queue_full", "Exports take all the space they may have. Try again in an hour.", { bytesMax });
		}
		await refuseFullDisk(kept, bytes);
	};
	return { exportId, path: join(own, `${exportId}.${roomId}`), spend };
}

/** Undefined once it is too old, whether or not it was taken away yet. */
export async function openExport(
	kept: Kept,
	userId: string,
	exportId: string,
	roomId: string,
): Promise<{ readonly file: FileHandle; readonly bytes: number } | undefined> {
	const name = `${exportId}.${roomId}`;
	if (!isWhole(name)) return undefined;
	const file = await open(join(folderOf(kept), userId, name)).catch(() => undefined); // there is none
	if (file === undefined) return undefined;
	const { size, mtimeMs } = await file.stat();
	if (mtimeMs >= Date.now() - kept.limits.exportKeptMs) return { file, bytes: size };
	await file.close();
	return undefined;
}

/** Takes away everybody's old ones, and what a process that died had not finished. */
export async function sweepExports(kept: Kept, now: number): Promise<void> {
	for (const { path, at } of await allFiles(kept)) {
		if (at < now - kept.limits.exportKeptMs) await rm(path, { force: true });
	}
}

const folderOf = ({ dataFolder }: Kept): string => join(dataFolder, "exports");

/** What is being made has another ending. */
function isWhole(name: string): boolean {
	const [exportId = "", ...roomId] = name.split(".");
	return /^x-[0-9a-f]{30}$/.test(exportId) && RoomId.safeParse(roomId.join(".")).success;
}

interface Found {
	readonly name: string;
	readonly path: string;
	readonly bytes: number;
	/** Written to last, unix ms. */
	readonly at: number;
}

async function allFiles(kept: Kept): Promise<Found[]> {
	await mkdir(folderOf(kept), { recursive: true, mode: 0o700 });
	const owners = await readdir(folderOf(kept));
	return (await Promise.all(owners.map((owner) => filesIn(join(folderOf(kept), owner))))).flat();
}

/** The oldest first. */
async function filesIn(folder: string): Promise<Found[]> {
	const found: Found[] = [];
	for (const name of await readdir(folder)) {
		const path = join(folder, name);
		const info = await stat(path).catch(() => undefined); // it went just now
		if (info !== undefined) found.push({ name, path, bytes: info.size, at: info.mtimeMs });
	}
	return found.sort((one, other) => one.at - other.at);
}
