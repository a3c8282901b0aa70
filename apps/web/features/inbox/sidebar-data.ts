export interface SidebarRoom {
	id: string;
	name: string;
	visibility: "public" | "private" | "direct";
	unread: number;
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
	rooms: readonly SidebarRoom[];
	workspaces: readonly SidebarWorkspace[];
}
