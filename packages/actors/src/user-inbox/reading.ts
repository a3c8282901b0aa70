import type {
	InboxLevel,
	InboxSettingsRow,
	MarkAllReadInput,
	MarkReadInput,
	MarkThreadReadInput,
	NoteRoomInput,
	QuietHours,
	UnreadExplained,
} from "@bullpen/domain/inbox";
import { countedSeqs, tally } from "@bullpen/domain/inbox-facts";
import {
	levelSet,
	muteSet,
	type RoomPosition,
	readUpTo,
	settledSeq,
	unreadFrom,
	withNote,
} from "@bullpen/domain/inbox-rules";
import { Problem } from "@bullpen/domain/problem";
import type { Inbox } from "./inbox.ts";
import type { InboxDraft } from "./inbox-rooms.ts";

/** How often a room is asked again because it told something while it was being asked. */
const ASKED_MAX = 5;

/** @throws Problem `not_found` `bad_input` `busy` */
export const markRead = (inbox: Inbox, { roomId, seq, readEpoch }: MarkReadInput): Promise<void> =>
	change(inbox, roomId, (before) => readUpTo(before, seq, inbox.limits, readEpoch));

/** Rooms that were left meanwhile are passed over. @throws Problem `bad_input` `busy` */
export function markAllRead(inbox: Inbox, { rooms, threads = [] }: MarkAllReadInput): Promise<void> {
	return inbox.write(async (draft) => {
		for (const { roomId, seq, readEpoch } of rooms) {
			const before = inbox.rooms.positionOf(roomId, draft);
			if (before?.isMember) await inbox.rooms.put(draft, before, readUpTo(before, seq, inbox.limits, readEpoch));
		}
		for (const mark of threads) {
			const position = inbox.rooms.positionOf(mark.roomId, draft);
			if (position?.isMember) await inbox.threads.markRead(draft, position, mark);
		}
	});
}

/** @throws Problem `not_found` `bad_input` `busy` */
export const markThreadRead = (inbox: Inbox, mark: MarkThreadReadInput): Promise<void> =>
	inbox.write((draft) => inbox.threads.markRead(draft, inbox.rooms.positionOf(mark.roomId, draft), mark));

/**
 * What was settled is forgotten here, so the room says what counts above the new mark; again if it told something else
 * meanwhile.
 * @throws Problem `not_found` `bad_input` `busy`
 */
export async function markUnread(inbox: Inbox, roomId: string, seq: number): Promise<void> {
	for (let asked = 0; asked < ASKED_MAX; asked++) {
		unreadFrom(inbox.rooms.positionOf(roomId), seq, inbox.limits);
		const note = await inbox.ask(roomId, { afterSeq: seq - 1 });
		if (await inbox.write((draft) => tryUnread(inbox, draft, note, seq))) return;
	}
	throw new Problem("busy", "Too much happens in this room right now. Try again.", { waitMs: 1_000 });
}

async function tryUnread(inbox: Inbox, draft: InboxDraft, note: NoteRoomInput, seq: number): Promise<boolean> {
	const before = inbox.rooms.positionOf(note.roomId, draft);
	if (before !== undefined && before.noteVersion > note.version) return false;
	await inbox.rooms.put(draft, before, unreadFrom(withNote(before, note), seq, inbox.limits), note.facts);
	return true;
}

/** @throws Problem `not_found` `busy` */
export const setLevel = (inbox: Inbox, roomId: string, level: InboxLevel): Promise<void> =>
	change(inbox, roomId, (before) => levelSet(before, level));

/** @throws Problem `not_found` `busy` */
export const setMute = (inbox: Inbox, roomId: string, minutes: number | null): Promise<void> =>
	change(inbox, roomId, (before) => muteSet(before, minutes === null ? null : inbox.now() + minutes * 60_000));

/** @throws Problem `busy` */
export function setQuietHours(inbox: Inbox, quietHours: QuietHours | null): Promise<void> {
	return inbox.write((draft) => {
		const row = draft.put<InboxSettingsRow>({ kind: "inboxSettings", id: "settings", quietHours });
		draft.note("settings", { kind: "settings", row });
	});
}

/** @throws Problem `not_found` */
export function explainUnread(inbox: Inbox, roomId: string): Promise<UnreadExplained> {
	return inbox.write(async (draft) => {
		const position = inbox.rooms.positionOf(roomId, draft);
		if (!position?.isMember) throw new Problem("not_found", "This room is not in your inbox.");
		const facts = await inbox.rooms.factsOf(position);
		const { readSeq, headSeq } = position;
		const { unread } = tally(facts, settledSeq(position), headSeq);
		const counted = countedSeqs(facts, settledSeq(position), headSeq, inbox.limits.unreadListedMax);
		return { readSeq, headSeq, unread, ...counted, hasMore: counted.seqs.length < unread };
	});
}

function change(inbox: Inbox, roomId: string, rule: (before: RoomPosition | undefined) => RoomPosition): Promise<void> {
	return inbox.write(async (draft) => {
		const before = inbox.rooms.positionOf(roomId, draft);
		await inbox.rooms.put(draft, before, rule(before));
	});
}
