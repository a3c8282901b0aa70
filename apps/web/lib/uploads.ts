import { randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Uploaded } from "@bullpen/domain/origin";
import { Problem } from "@bullpen/domain/problem";
import type { z } from "zod";
import type { Endpoint } from "./api.ts";
import { announcedBytes, boundedBody } from "./body.ts";
import { refuseFullDisk } from "./free-space.ts";
import { requirePerson } from "./identity.ts";
import type { Settings } from "./settings.ts";
import { Turns } from "./turns.ts";

/**
 * `POST /api/uploads`: keeps the bytes of an archive for a workspace that its uploader is about to start from it; with
 * `?for=room`, for an owner of the server, that of a room. What is in it nobody looks at here. It is theirs alone, by a name
 * that nobody guesses, and goes when it was used or is old.
 */
export const postUpload: Endpoint = async (held, request) => {
	const { person } = await requirePerson(held, request.headers);
	if (person.role === "guest") throw new Problem("forbidden", "Guests make no workspaces.");
	const isRoom = new URL(request.url).searchParams.get("for") === "room";
	if (isRoom && person.role !== "owner") throw new Problem("forbidden", "Owners of this server import rooms.");
	const { originArchiveBytesMax, roomArchiveBytesMax } = held.settings.limits;
	const bytesMax = isRoom ? roomArchiveBytesMax : originArchiveBytesMax;
	const uploaded = await keep(held.settings, person.id, request, bytesMax);
	return Response.json(uploaded, { headers: { "cache-control": "no-store" } });
};

const NAME = /^u-[0-9a-f]{30}(?:\.part)?$/;

/** @throws Problem `frame_too_large` `queue_full` `text_empty` */
async function keep(
	settings: Settings,
	userId: string,
	request: Request,
	bytesMax: number,
): Promise<z.infer<typeof Uploaded>> {
	const uploads = folderOf(settings);
	const uploadId = `u-${randomBytes(15).toString("hex")}`;
	const path = join(uploads, userId, uploadId);
	const body = boundedBody(request, { bytesMax });
	await refuseFullDisk(settings, Math.min(announcedBytes(request) ?? bytesMax, bytesMax));
	const file = await turns.take(() => begun(settings, userId, `${path}.part`));
	try {
		await pipeline(body, file.createWriteStream());
		const { size: bytes } = await stat(`${path}.part`);
		if (bytes === 0) throw new Problem("text_empty", "There is nothing in this file.");
		await turns.take(() => rename(`${path}.part`, path));
		return { uploadId, bytes };
	} finally {
		await rm(`${path}.part`, { force: true });
	}
}

/**
 * The empty file of one more upload.
 * @throws Problem `queue_full`
 */
async function begun(settings: Kept, userId: string, path: string): Promise<FileHandle> {
	const { uploadsPerPerson: max } = settings.limits;
	const own = join(folderOf(settings), userId);
	await mkdir(own, { recursive: true, mode: 0o700 });
	await sweepUploads(settings, Date.now());
	const left = (await readdir(own)).filter((name) => NAME.test(name)).length;
	if (left >= max) throw new Problem("queue_full", "Too many uploads wait to be used already.", { max });
	return open(path, "wx", 0o600);
}

/** One begins after the other, so that each counts those before it, under the one name or the other. */
const turns = new Turns();

/** Takes away everybody's old ones: whoever left theirs may never upload again. */
export async function sweepUploads(settings: Kept, now: number): Promise<void> {
	const uploads = folderOf(settings);
	await mkdir(uploads, { recursive: true, mode: 0o700 });
	for (const owner of await readdir(uploads)) await sweep(join(uploads, owner), now - settings.limits.uploadKeptMs);
}

type Kept = Pick<Settings, "dataFolder" | "limits">;
const folderOf = ({ dataFolder }: Kept): string => join(dataFolder, "uploads");

/** Takes away what is older than `before`, unix ms. */
async function sweep(folder: string, before: number): Promise<void> {
	for (const name of await readdir(folder)) {
		if (!NAME.test(name)) continue;
		const info = await stat(join(folder, name)).catch(() => undefined); // it was used just now
		if (info !== undefined && info.mtimeMs < before) await rm(join(folder, name), { force: true });
	}
}
