import { refuseIfArchived } from "@bullpen/domain/authorization";
import { Problem } from "@bullpen/domain/problem";
import type { RoomRow, UpdateRoomInput } from "@bullpen/domain/room";
import { cleanTopic } from "@bullpen/domain/room-name";
import type { z } from "zod";
import type { Person } from "../identity.ts";
import { noteAct } from "./acts.ts";
import { ledgerOf } from "./messages.ts";
import type { Room, RoomDraft } from "./room.ts";
import { LEDGER_KEY } from "./store/room-store.ts";

type Wish = z.output<typeof UpdateRoomInput>;

/**
 * Changes what a room is called and is for, what it keeps, and whether it is in use. A name is the directory's to give; if
 * this process dies between its word and our commit, the next card brings it.
 * @throws Problem `text_*` `name_taken` `bad_input` `forbidden` `not_member` `archived` `busy`
 */
export async function updateRoom(room: Room, person: Person, input: Wish): Promise<void> {
	const topic = input.topic === undefined ? undefined : cleanTopic(input.topic, room.limits);
	const messagesMax = room.limits.retentionMessagesMax;
	if ((input.retentionMessages ?? 0) > messagesMax) {
		throw new Problem("bad_input", `A room keeps at most ${messagesMax} messages.`, { messagesMax });
	}
	refuseChange(room, person, input);
	const name = input.name === undefined || input.name === room.room.name ? undefined : await room.card.name(input.name);
	await room.writer.write((draft) => {
		refuseChange(room, person, input, draft);
		putRoom(room, draft, { ...input, topic, name }, person.userId);
	});
}

/** The name that the directory says this room has. */
export function takeName(room: Room, name: string): Promise<void> {
	return room.writer.write((draft) => {
		putRoom(room, draft, { name }, undefined);
	});
}

/** @throws Problem `archived` for everything but being taken back into use */
function refuseChange(room: Room, person: Person, input: Wish, draft?: RoomDraft): void {
	room.admit(person, "updateRoom", draft);
	if (input.isArchived === undefined) refuseIfArchived(room.roomIn(draft), "sendMessage");
	if (input.isArchived === true && room.id === "general") {
		throw new Problem("forbidden", "Everybody is in this room: it stays.");
	}
}

function putRoom(room: Room, draft: RoomDraft, wish: Wish, by: string | undefined): void {
	const before = room.roomIn(draft);
	const { archivedAt, ...kept } = before;
	const { name = before.name, topic = before.topic, isArchived = archivedAt !== undefined } = wish;
	const from = before.retentionMessages ?? room.limits.retentionMessagesMax;
	const retentionMessages = wish.retentionMessages ?? from;
	const archived = isArchived ? { archivedAt: archivedAt ?? room.now() } : {};
	const after = { ...kept, name, topic, retentionMessages, ...archived };
	const isRenamed = name !== before.name;
	if (isRenamed) {
		noteAct(room, draft, { type: "room-renamed", from: before.name, to: name, ...(by === undefined ? {} : { by }) });
	}
	if (by !== undefined) noteChanges(room, draft, by, before, { topic, retentionMessages, isArchived });
	const isChanged =
		isRenamed || topic !== before.topic || retentionMessages !== from || isArchived !== (archivedAt !== undefined);
	if (!isChanged) return;
	const { version } = draft.put<RoomRow>(after);
	if (isRenamed) draft.note(LEDGER_KEY, { ...ledgerOf(room, draft), noteVersion: version });
}

function noteChanges(
	room: Room,
	draft: RoomDraft,
	by: string,
	before: RoomRow,
	after: { readonly topic: string; readonly retentionMessages: number; readonly isArchived: boolean },
): void {
	const from = before.retentionMessages ?? room.limits.retentionMessagesMax;
	const { topic, retentionMessages: to, isArchived } = after;
	if (topic !== before.topic) noteAct(room, draft, { type: "topic-changed", by, from: before.topic, to: topic });
	if (to !== from) noteAct(room, draft, { type: "retention-changed", by, from, to });
	if (isArchived !== (before.archivedAt !== undefined)) {
		noteAct(room, draft, { type: isArchived ? "room-archived" : "room-restored", by });
	}
}
