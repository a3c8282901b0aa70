import { RoomId } from "@bullpen/domain/id";
import { Problem } from "@bullpen/domain/problem";
import type { Endpoint } from "../api.ts";
import { fileBody } from "../file-body.ts";
import { requirePerson } from "../identity.ts";
import { exportRoom } from "./export-room.ts";
import { beginExport, openExport } from "./exports.ts";
import { archivePlaces } from "./places.ts";
import { type Progress, progressResponse } from "./progress.ts";

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
		const begun = await held.callActor("chatRoom", roomId, "beginExport", who);
		const { exportId, path, spend } = await beginExport(held.settings, person.id, roomId);
		const asked = { roomId, person, path, spend, begun };
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
	const exportId = new URL(request.url).pathname.split("/")[5] ?? "";
	await held.callActor("chatRoom", roomId, "checkExport", { userId: person.id, role: person.role });
	const found = await openExport(held.settings, person.id, exportId, roomId);
	if (found === undefined) throw new Problem("not_found", "There is no such export any more. Make another one.");
	return new Response(fileBody(found.file.createReadStream(), request), {
		headers: {
			"content-type": "application/x-tar",
			"content-length": String(found.bytes),
			"content-disposition": `attachment; filename="${roomId}.tar"`,
			"x-content-type-options": "nosniff",
			"cache-control": "no-store",
		},
	});
};

function roomIn(request: Request, at: number): string {
	const roomId = RoomId.safeParse(new URL(request.url).pathname.split("/")[at]);
	if (!roomId.success) throw new Problem("not_found", "There is nothing here that is open to you.");
	return roomId.data;
}
