import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { RoomId } from "@bullpen/domain/id";
import { Problem } from "@bullpen/domain/problem";
import type { Endpoint } from "../api.ts";
import { type Identity, requirePerson } from "../identity.ts";
import { bytesOf } from "./archive-lines.ts";
import { exportRoom } from "./export-room.ts";
import { archivePlaces } from "./places.ts";
import { type Progress, progressResponse } from "./progress.ts";

const NAME = /^x-[0-9a-f]{30}\.r-?[a-z0-9_-]{1,64}$/;

/**
 * `POST /api/rooms/<room>/export` by whoever runs the room: makes an archive of it, which the answer's last line names. It is
 * theirs alone, and goes when it is old.
 */
export const postExport: Endpoint = async (held, request) => {
	const { person } = await requirePerson(held, request.headers);
	const roomId = roomIn(request, 3);
	const who = { userId: person.id, role: person.role };
	const leave = archivePlaces.enter(held.settings.limits.archivesAtOnce);
	try {
		const folder = await folderOf(held, person.id);
		const begun = await held.callActor("chatRoom", roomId, "beginExport", who);
		const exportId = `x-${randomBytes(15).toString("hex")}`;
		const asked = { roomId, person, path: join(folder, `${exportId}.${roomId}`), begun };
		return progressResponse(request, async (tell: (progress: Progress) => void, signal) => {
			try {
				return { exportId, ...(await exportRoom(held, asked, tell, signal)) };
			} finally {
				leave();
			}
		});
	} catch (error) {
		leave();
		throw error;
	}
};

/** `GET /api/rooms/<room>/export/<export>`: the archive, to whoever made it, while they may still have it. */
export const getExport: Endpoint = async (held, request) => {
	const { person } = await requirePerson(held, request.headers);
	const roomId = roomIn(request, 3);
	const name = `${new URL(request.url).pathname.split("/")[5] ?? ""}.${roomId}`;
	if (!NAME.test(name)) throw noSuchExport();
	await held.callActor("chatRoom", roomId, "checkExport", { userId: person.id, role: person.role });
	const file = await open(join(held.settings.dataFolder, "exports", person.id, name)).catch(() => {
		throw noSuchExport();
	});
	const { size } = await file.stat();
	const chunks = bytesOf(file, { name, start: 0, bytes: size });
	const body = new ReadableStream<Uint8Array>({
		async pull(controller) {
			const { done, value } = await chunks.next();
			if (!done) return controller.enqueue(value);
			controller.close();
			await file.close();
		},
		cancel: () => file.close(),
	});
	return new Response(body, {
		headers: {
			"content-type": "application/x-tar",
			"content-length": String(size),
			"content-disposition": `attachment; filename="${roomId}.tar"`,
			"x-content-type-options": "nosniff",
			"cache-control": "no-store",
		},
	});
};

const noSuchExport = (): Problem => new Problem("not_found", "There is no such export any more. Make another one.");

function roomIn(request: Request, at: number): string {
	const roomId = RoomId.safeParse(new URL(request.url).pathname.split("/")[at]);
	if (!roomId.success) throw new Problem("not_found", "There is nothing here that is open to you.");
	return roomId.data;
}

/** Where somebody's exports are. Everybody's old ones go; of their own, the oldest beyond what they may keep. */
async function folderOf({ settings }: Pick<Identity, "settings">, userId: string): Promise<string> {
	const { dataFolder, limits } = settings;
	const exports = join(dataFolder, "exports");
	const own = join(exports, userId);
	await mkdir(own, { recursive: true, mode: 0o700 });
	for (const owner of await readdir(exports)) {
		const kept = await namesByAge(join(exports, owner));
		const old = kept.filter(({ at }) => at < Date.now() - limits.exportKeptMs);
		const excess = owner === userId ? kept.slice(0, Math.max(0, kept.length + 1 - limits.exportsPerPerson)) : [];
		for (const { name } of new Set([...old, ...excess])) await rm(join(exports, owner, name), { force: true });
	}
	return own;
}

/** The oldest first. What is being made has another name and is left alone while it is young. */
async function namesByAge(folder: string): Promise<{ name: string; at: number }[]> {
	const found: { name: string; at: number }[] = [];
	for (const name of await readdir(folder)) {
		const info = await stat(join(folder, name)).catch(() => undefined); // it went just now
		if (info !== undefined && (NAME.test(name) || info.mtimeMs < Date.now() - 24 * 60 * 60_000)) {
			found.push({ name, at: info.mtimeMs });
		}
	}
	return found.sort((one, other) => one.at - other.at);
}
