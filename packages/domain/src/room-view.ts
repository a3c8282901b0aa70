import { isNewer } from "./feed.ts";
import type { Message } from "./message.ts";
import { changeMessages, type MessageWindow, windowOf } from "./message-window.ts";
import type { History, MemberRow, RoomFeedRow, RoomRow, RoomView } from "./room.ts";

/** What two reads bring. `history` is null for someone who may not read it (yet): a visitor of a public room. */
export interface RoomSnapshot {
	readonly view: RoomView;
	readonly history: History | null;
}

/** A room as one client knows it: its people, and a window of its messages, replies in threads included. */
export interface RoomState extends MessageWindow {
	readonly room: RoomRow;
	readonly members: ReadonlyMap<string, MemberRow>;
	/** All of the room, inside and outside of the window. */
	readonly pinnedIds: ReadonlySet<number>;
}

export const roomFrom = ({ view, history }: RoomSnapshot): RoomState => {
	const window = windowOf(history);
	return {
		...window,
		room: view.room,
		members: new Map([...view.members, ...(view.me ? [view.me] : [])].map((member) => [member.id, member])),
		pinnedIds: new Set(view.pinnedIds),
		floorSeq: Math.max(view.floorSeq, window.floorSeq),
	};
};

/** Merges changed rows and drops what was pruned. The same state comes back when nothing was new. */
export const changeRoom = (state: RoomState, rows: readonly RoomFeedRow[], floorSeq: number): RoomState => {
	let { room } = state;
	const messages: Message[] = [];
	let members: Map<string, MemberRow> | null = null;
	for (const row of rows) {
		if (row.kind === "message") messages.push(row);
		else if (row.kind === "member") {
			members ??= new Map(state.members);
			if (isNewer(row, members.get(row.id))) members.set(row.id, row);
		} else if (row.kind === "room" && isNewer(row, room)) {
			room = row;
		}
		// Any other kind comes from a newer server and is nothing this client can show.
	}
	const window = changeMessages(state, messages, floorSeq);
	const pinnedIds = changedPins(state.pinnedIds, messages, window.floorSeq);
	const isSame = window === state && pinnedIds === state.pinnedIds && members === null && room === state.room;
	return isSame ? state : { ...window, room, pinnedIds, members: members ?? state.members };
};

export const memberIn = (state: RoomState, userId: string): MemberRow | undefined => state.members.get(userId);
export const isJoined = (state: RoomState, userId: string): boolean => memberIn(state, userId)?.status === "joined";
export const joinedMembers = (state: RoomState): MemberRow[] =>
	[...state.members.values()].filter((member) => member.status === "joined");
/** The newest seq that is held, 0 in an empty window. */
export const headSeqOf = (state: RoomState): number => state.messages.at(-1)?.id ?? 0;

function changedPins(known: ReadonlySet<number>, messages: readonly Message[], floorSeq: number): ReadonlySet<number> {
	const pinned = new Set(known);
	for (const { id, pinned: pin } of messages) {
		if (pin === undefined) pinned.delete(id);
		else pinned.add(id);
	}
	for (const id of pinned) if (id < floorSeq) pinned.delete(id);
	const isSame = pinned.size === known.size && [...pinned].every((id) => known.has(id));
	return isSame ? known : pinned;
}
