import { notOpenToYou } from "@bullpen/domain/authorization";
import type { ServerRole } from "@bullpen/domain/identity";
import { Problem } from "@bullpen/domain/problem";
import { type ExportedRows, mayExport } from "@bullpen/domain/room-archive";
import type { ActionOutput } from "@bullpen/domain/wire";
import { noteAct } from "./acts.ts";
import type { Room } from "./room.ts";
import { readExported } from "./store/reads.ts";

interface Who {
	readonly userId: string;
	readonly role: ServerRole;
}

/**
 * Somebody who runs this room takes it along, which those who run it can read afterwards.
 * @throws Problem `not_found` `forbidden`
 */
export async function beginExport(room: Room, who: Who): Promise<ActionOutput<"chatRoom", "beginExport">> {
	refuseExport(room, who);
	await room.writer.write((draft) => {
		refuseExport(room, who);
		noteAct(room, draft, { type: "room-exported", by: who.userId });
	});
	const { seq, version, floorSeq } = room.told;
	return {
		room: room.room,
		members: [...room.members].map(({ row }) => row),
		head: { seq, version, epoch: room.store.epoch },
		floorSeq,
	};
}

/** @throws Problem `not_found` `forbidden` · `busy` for one that was begun on a room that a backup has replaced since */
export async function exportRows(
	room: Room,
	who: Who & { readonly after: number; readonly epoch: string; readonly limit?: number | undefined },
): Promise<ExportedRows> {
	refuseExport(room, who);
	if (who.epoch !== room.store.epoch) throw new Problem("busy", "This room was restored meanwhile. Begin again.");
	const { after, limit = room.limits.changesPageMax } = who;
	return room.exports.read({ after, limit }, () => readExported(room.db, { after, limit }, room.limits));
}

/** @throws Problem `not_found` `forbidden` */
export function refuseExport(room: Room, who: Who): void {
	if (!room.isInitialised) throw notOpenToYou();
	const standing = room.door.standingOf(who);
	if (standing === "outsider") throw notOpenToYou();
	if (!mayExport(standing)) {
		throw new Problem("forbidden", "Only those who run this room may take it along.");
	}
}
