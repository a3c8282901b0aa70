import type { RoomAct } from "@bullpen/domain/audit";
import type { Room, RoomDraft } from "./room.ts";

let count = 0;

/** Writes down what those who run the room do, in the commit that does it. */
export function noteAct(room: Room, draft: RoomDraft, act: RoomAct): void {
	draft.note(`act ${++count}`, { kind: "act", at: room.now(), act });
}
