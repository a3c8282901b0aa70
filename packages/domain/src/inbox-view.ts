import type { InboxFeedRow, InboxRoomRow, InboxWorkspaceRow } from "./inbox.ts";
import { type RowMap, rowsOf } from "./row-map.ts";

type InboxRows = RowMap<InboxFeedRow>;

/** The rooms a person is in, the most recently active first. */
export const inboxRooms = (rows: InboxRows): InboxRoomRow[] => rowsOf(rows, "inboxRoom").filter(isThere).sort(latest);

/** The workspaces a person is in, those that need an answer first, then the most recently active. */
export const inboxWorkspaces = (rows: InboxRows): InboxWorkspaceRow[] =>
	rowsOf(rows, "inboxWorkspace")
		.filter(isThere)
		.sort((a, b) => Number(b.needsYou) - Number(a.needsYou) || latest(a, b));

export const unreadTotal = (rows: InboxRows): number => inboxRooms(rows).reduce((sum, room) => sum + room.unread, 0);

const isThere = (row: { readonly leftAt?: number | undefined }): boolean => row.leftAt === undefined;
const latest = (a: InboxFeedRow, b: InboxFeedRow): number => b.lastAt - a.lastAt || (a.id < b.id ? -1 : 1);
