"use client";
import { useMemo, useSyncExternalStore } from "react";
import { useLive } from "../../live/live.tsx";
import { useLink } from "../../live/use-link.ts";
import type { Choosable } from "./choices.ts";
import type { SidebarData } from "./sidebar-data.ts";

interface SidebarModel {
	data: SidebarData;
	/** Everything that can be gone to, for the switcher. */
	choosable: Choosable;
	hasAttention: boolean;
}

/** My rooms and workspaces, and what else is open to everybody here. */
export function useSidebar(): SidebarModel {
	const { me, inbox, directory } = useLive();
	useLink("userInbox", me.id, inbox);
	useLink("directory", "main", directory);
	const mine = useSyncExternalStore(inbox.subscribe, inbox.getSnapshot, inbox.getSnapshot);
	const listed = useSyncExternalStore(directory.subscribe, directory.getSnapshot, directory.getSnapshot);
	return useMemo(() => {
		const rooms = [...mine.rooms].sort(byName);
		const isMine = new Set(rooms.map((room) => room.id));
		const own = new Set(mine.workspaces.map((workspace) => workspace.id));
		const workspaces = [
			...mine.workspaces,
			...listed.workspaces.filter((one) => !own.has(one.id)).map(({ id, name }) => ({ id, name, needsYou: false })),
		];
		return {
			data: { isLoaded: mine.isLoaded, rooms, workspaces },
			choosable: {
				rooms: [
					...rooms.map((room) => ({ ...room, isMember: true })),
					...listed.rooms
						.filter((room) => !isMine.has(room.id))
						.map(({ id, name }) => ({ id, name, isMember: false, unread: 0 })),
				],
				workspaces,
			},
			hasAttention: mine.unread > 0 || workspaces.some((workspace) => workspace.needsYou),
		};
	}, [mine, listed]);
}

const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
