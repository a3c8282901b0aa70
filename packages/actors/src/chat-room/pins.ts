import type { Message } from "@bullpen/domain/message";
import { pinnedOrNot } from "@bullpen/domain/message-rules";
import { Problem } from "@bullpen/domain/problem";
import type { RoomFeedRow } from "@bullpen/domain/room";
import type { Person } from "../identity.ts";
import { changeMessage } from "./messages.ts";
import type { Room, RoomDraft } from "./room.ts";

const PINS_KEY = "pins";

/** Which messages of a room are pinned, as told to everybody: few enough to be held. */
export class PinnedMessages {
	#ids: ReadonlySet<number> = new Set();

	get ids(): ReadonlySet<number> {
		return this.#ids;
	}

	restore(ids: Iterable<number>): void {
		this.#ids = new Set(ids);
	}

	/** Something was committed. */
	changed(rows: readonly RoomFeedRow[], floorSeq: number): void {
		const ids = new Set(this.#ids);
		for (const row of rows) {
			if (row.kind !== "message") continue;
			if (row.pinned === undefined) ids.delete(row.id);
			else ids.add(row.id);
		}
		this.#ids = new Set([...ids].filter((id) => id >= floorSeq));
	}
}

/** @throws Problem `bad_input` `not_found` `not_member` `forbidden` */
export function setPinned(room: Room, person: Person, input: { id: number; pinned: boolean }): Promise<Message> {
	const { id, pinned } = input;
	return changeMessage(room, person, "setPinned", id, (message, _role, draft) => {
		const after = pinnedOrNot(message, pinned, person.userId, room.now());
		if (after !== message) notePin(room, draft, id, pinned);
		return after;
	});
}

function notePin(room: Room, draft: RoomDraft, id: number, pinned: boolean): void {
	const noted = draft.noted(PINS_KEY);
	const ids = new Set(noted?.kind === "pins" ? noted.ids : room.pins.ids);
	const { pinsPerRoomMax: pinsMax } = room.limits;
	if (pinned && ids.size >= pinsMax) {
		throw new Problem("bad_input", `A room has at most ${pinsMax} pinned messages.`, { pinsMax });
	}
	if (pinned) ids.add(id);
	else ids.delete(id);
	draft.note(PINS_KEY, { kind: "pins", ids });
}
