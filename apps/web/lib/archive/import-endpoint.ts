import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { UserId } from "@bullpen/domain/id";
import { UploadId } from "@bullpen/domain/origin";
import { Problem } from "@bullpen/domain/problem";
import { z } from "zod";
import { requireOwner } from "../account-endpoints.ts";
import { type Endpoint, readBody } from "../api.ts";
import { importRoom } from "./import-room.ts";
import { archivePlaces } from "./places.ts";
import { progressResponse } from "./progress.ts";

const PEOPLE_MAX = 1_000;
const Wish = z.strictObject({
	/** Of `POST /api/uploads?for=room`. */
	uploadId: UploadId,
	name: z.string().max(1_000).optional(),
	visibility: z.enum(["public", "private"]).optional(),
	people: z
		.record(UserId, UserId)
		.default({})
		.refine((people) => Object.keys(people).length <= PEOPLE_MAX),
});

/** `POST /api/rooms/import` by an owner of the server: a room of an archive that was uploaded. Used once, whatever comes of it. */
export const postImport: Endpoint = async (held, request) => {
	const owner = await requireOwner(held, request.headers);
	const { uploadId, ...wish } = await readBody(Wish, request);
	const { dataFolder, limits } = held.settings;
	const path = join(dataFolder, "uploads", owner.id, uploadId);
	const leave = archivePlaces.enter(limits.archivesAtOnce);
	const file = await open(path).catch(() => {
		leave();
		throw new Problem("not_found", "There is no such upload any more. Upload the archive again.");
	});
	return progressResponse(request, async (tell, signal) => {
		try {
			return await importRoom(held, file, { userId: owner.id, ...wish }, tell, signal);
		} finally {
			await file.close();
			await rm(path, { force: true });
			leave();
		}
	});
};
