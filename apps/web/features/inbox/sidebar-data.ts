import type { InboxLevel } from "@bullpen/domain/inbox";

export interface SidebarRoom {
	id: string;
	name: string;
	visibility: "public" | "private" | "direct";
	/** The only other person of a direct room. */
	otherId?: string | undefined;
	unread: number;
	/** Of the unread, those that call on us; all of a direct room's. */
	calls: number;
	headSeq: number;
	readEpoch: number;
	/** Unix ms of its newest message. */
	lastAt: number;
	level: InboxLevel;
	isMuted: boolean;
	/** Neither muted nor silenced. */
	isHeard: boolean;
	/** Something is being written there, or in a thread of it. */
	hasDraft: boolean;
}
/** What can be chosen for a room in the sidebar. */
export interface RoomChoices {
	markRead: (room: SidebarRoom) => void;
	markThreadRead: (thread: SidebarThread) => void;
	/** Its newest message. */
	markUnread: (room: SidebarRoom) => void;
	setLevel: (room: SidebarRoom, level: InboxLevel) => void;
	/** Null: not muted any more. */
	setMute: (room: SidebarRoom, minutes: number | null) => void;
}
/** A followed thread with unread replies. */
export interface SidebarThread {
	room: Pick<SidebarRoom, "id" | "name">;
	rootId: number;
	unread: number;
	firstSeq: number;
	lastSeq: number;
}
export interface SidebarWorkspace {
	id: string;
	name: string;
	/** The agent's state as its workspace told it last; absent for one we are not in. */
	state?: string | undefined;
	needsYou: boolean;
}
export interface SidebarData {
	/** Absent until the first answer: then skeletons stand here. */
	isLoaded: boolean;
	/** By name. */
	rooms: readonly SidebarRoom[];
	/** The latest first. */
	directs: readonly SidebarRoom[];
	workspaces: readonly SidebarWorkspace[];
	/** Those of the latest room first. */
	threads: readonly SidebarThread[];
}
