import type { InboxFeedRow, InboxRoomRow, InboxSettingsRow, InboxWorkspaceRow } from "./inbox.ts";
import { callsIn, isHeard } from "./inbox-notices.ts";
import type { Message } from "./message.ts";
import { type RowMap, rowsOf } from "./row-map.ts";
import { isThreadOnly } from "./thread-rules.ts";

type InboxRows = RowMap<InboxFeedRow>;

/** The rooms a person is in, the most recently active first. */
export const inboxRooms = (rows: InboxRows): InboxRoomRow[] => rowsOf(rows, "inboxRoom").filter(isThere).sort(latest);

/** The workspaces a person is in, those that need an answer first, then the most recently active. */
export const inboxWorkspaces = (rows: InboxRows): InboxWorkspaceRow[] =>
	rowsOf(rows, "inboxWorkspace")
		.filter(isThere)
		.sort((a, b) => Number(b.needsYou) - Number(a.needsYou) || latest(a, b));

export const inboxSettings = (rows: InboxRows): InboxSettingsRow | undefined => rowsOf(rows, "inboxSettings")[0];

/** Of all rooms that are heard at `now` (unix ms): what is unread, and what of it calls on this person. */
export function totalsOf(
	rooms: readonly InboxRoomRow[],
	now: number,
): { readonly unread: number; readonly calls: number } {
	const heard = rooms.filter((room) => isHeard(room, now));
	return {
		unread: heard.reduce((sum, room) => sum + room.unread, 0),
		calls: heard.reduce((sum, room) => sum + callsIn(room, now), 0),
	};
}

/** The room that wants to be read next, as a list that wraps shows them: one that calls before one that is merely unread. */
export function nextUnread(
	rooms: readonly InboxRoomRow[],
	currentId: string | null,
	direction: 1 | -1,
	now: number,
): InboxRoomRow | undefined {
	const at = rooms.findIndex(({ id }) => id === currentId);
	const after = direction === 1 ? [...rooms.slice(at + 1), ...rooms.slice(0, at + 1)] : wrapBack(rooms, at);
	const others = after.filter((room) => room.id !== currentId && room.unread > 0 && isHeard(room, now));
	return others.find((room) => callsIn(room, now) > 0) ?? others[0];
}

/** The first message that was unread when its reader came: what is new begins there. Null where nothing is. */
export function firstUnread(messages: readonly Message[], readSeq: number, me: string): number | null {
	const first = messages.find(
		(one) => one.id > readSeq && one.sender !== me && one.deletedAt === undefined && !isThreadOnly(one),
	);
	return first?.id ?? null;
}

const wrapBack = (rooms: readonly InboxRoomRow[], at: number): InboxRoomRow[] => {
	const from = at < 0 ? rooms.length : at;
	return [...rooms.slice(0, from).reverse(), ...rooms.slice(from).reverse()];
};
const isThere = (row: { readonly leftAt?: number | undefined }): boolean => row.leftAt === undefined;
const latest = (a: { lastAt: number; id: string }, b: { lastAt: number; id: string }): number =>
	b.lastAt - a.lastAt || (a.id < b.id ? -1 : 1);
