import type { SidebarData, SidebarRoom, SidebarThread, SidebarWorkspace } from "./sidebar-data.ts";

/** One thing on the list of what waits: a room, a thread of one, or an agent that asks. */
export type HomeItem =
	| { type: "workspace"; key: string; href: string; workspace: SidebarWorkspace }
	| { type: "room"; key: string; href: string; room: SidebarRoom }
	| { type: "thread"; key: string; href: string; thread: SidebarThread };

export interface HomeData {
	/** Agents that ask, then direct messages and rooms that call. */
	forMe: readonly HomeItem[];
	/** Threads that we follow, with unread replies. */
	threads: readonly HomeItem[];
	/** What else is unread. */
	unread: readonly HomeItem[];
	/** Where to go when nothing waits: the latest first. */
	recent: readonly SidebarRoom[];
}

const RECENT_SHOWN = 5;

export function homeOf({ rooms, directs, workspaces, threads }: SidebarData): HomeData {
	const heard = [...directs, ...rooms].filter((room) => room.isHeard && room.unread > 0).sort(latest);
	const asking = workspaces.filter((workspace) => workspace.needsYou).map(workspaceItem);
	return {
		forMe: [...asking, ...heard.filter((room) => room.calls > 0).map(roomItem)],
		threads: threads.map(threadItem),
		unread: heard.filter((room) => room.calls === 0).map(roomItem),
		recent: [...rooms, ...directs]
			.filter((room) => room.unread === 0)
			.sort(latest)
			.slice(0, RECENT_SHOWN),
	};
}

const roomItem = (room: SidebarRoom): HomeItem => ({
	type: "room",
	key: `room ${room.id}`,
	href: `/r/${room.id}`,
	room,
});
/** At the first reply that is unread, in its thread. */
const threadItem = (thread: SidebarThread): HomeItem => ({
	type: "thread",
	key: `thread ${thread.room.id} ${thread.rootId}`,
	href: `/r/${thread.room.id}?m=${thread.firstSeq}&t=${thread.rootId}`,
	thread,
});
const workspaceItem = (workspace: SidebarWorkspace): HomeItem => ({
	type: "workspace",
	key: `workspace ${workspace.id}`,
	href: `/w/${workspace.id}`,
	workspace,
});
const latest = (a: SidebarRoom, b: SidebarRoom) => b.lastAt - a.lastAt || (a.id < b.id ? -1 : 1);
