import { randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Limits } from "@bullpen/domain/limits";
import type { Uploaded } from "@bullpen/domain/origin";
import { Problem } from "@bullpen/domain/problem";
import type { z } from "zod";
import type { Endpoint } from "./api.ts";
import { boundedBody } from "./body.ts";
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
	const { limits, dataFolder } = settings;
	const uploads = join(dataFolder, "uploads");
	const uploadId = `u-${randomBytes(15).toString("hex")}`;
	const path = join(uploads, userId, uploadId);
	const body = boundedBody(request, { bytesMax });
	const file = await turns.take(() => begun(uploads, userId, `${path}.part`, limits));
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
 * The empty file of one more upload. Everybody's old ones go: whoever left theirs may never upload again.
 * @throws Problem `queue_full`
 */
async function begun(uploads: string, userId: string, path: string, limits: Limits): Promise<FileHandle> {
	const { uploadsPerPerson: max, uploadKeptMs } = limits;
	await mkdir(join(uploads, userId), { recursive: true, mode: 0o700 });
	let left = 0;
	for (const owner of await readdir(uploads)) {
		const kept = await sweep(join(uploads, owner), Date.now() - uploadKeptMs);
		if (owner === userId) left = kept;
	}
	if (left >= max) throw new Problem("queue_full", "Too many uploads wait to be used already.", { max });
	return open(path, "wx", 0o600);
}

/** One begins after the other, so that each counts those before it, under the one name or the other. */
const turns = new Turns();

/** Takes away what is older than `before`, unix ms. The answer is how many are left. */
async function sweep(folder: string, before: number): Promise<number> {
	let left = 0;
	for (const name of await readdir(folder)) {
		if (!NAME.test(name)) continue;
		const info = await stat(join(folder, name)).catch(() => undefined); // it was used just now
		if (info === undefined) continue;
		if (info.mtimeMs >= before) left++;
		else await rm(join(folder, name), { force: true });
	}
	return left;
}
