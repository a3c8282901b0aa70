"use client";
import { activePeople } from "@bullpen/domain/directory-view";
import { roomOfDraft } from "@bullpen/domain/draft";
import type { InboxRoomRow } from "@bullpen/domain/inbox";
import { callsIn, isHeard, isMuted, levelOf } from "@bullpen/domain/inbox-notices";
import { totalsOf } from "@bullpen/domain/inbox-view";
import { useMemo, useSyncExternalStore } from "react";
import { useLive } from "../../live/live.tsx";
import { othersIn, roomName } from "../../live/room-name.ts";
import { useLink } from "../../live/use-link.ts";
import { usePeople } from "../../live/use-people.ts";
import { useNow } from "../../ui/use-now.ts";
import type { Choosable } from "./choices.ts";
import type { SidebarData, SidebarRoom } from "./sidebar-data.ts";

interface SidebarModel {
	data: SidebarData;
	/** Everything that can be gone to, for the switcher. */
	choosable: Choosable;
	/** What waits for us, in all rooms. */
	calls: number;
	hasUnread: boolean;
	hasAttention: boolean;
}

/** My rooms and workspaces, and what else is open to everybody here; connected for as long as this is mounted. */
export function useSidebar(): SidebarModel {
	const { me, inbox, directory } = useLive();
	useLink("userInbox", me.id, inbox);
	useLink("directory", "main", directory);
	return useSidebarModel();
}

/** The same rooms for another screen, which the sidebar keeps true. */
export const useSidebarData = (): SidebarData => useSidebarModel().data;

function useSidebarModel(): SidebarModel {
	const { me, inbox, directory } = useLive();
	const mine = useSyncExternalStore(inbox.subscribe, inbox.getSnapshot, inbox.getSnapshot);
	const listed = useSyncExternalStore(directory.subscribe, directory.getSnapshot, directory.getSnapshot);
	const personOf = usePeople(NOBODY);
	const now = useNow(MUTE_LOOK_MS);
	return useMemo(() => {
		const { unread, calls } = totalsOf(mine.rooms, now);
		const begun = new Set(mine.draftPlaces.map(roomOfDraft));
		const all = mine.rooms.map((room) => ({
			...shownRoom(room, roomName(room, me.id, personOf), now),
			hasDraft: begun.has(room.id),
			otherId: onlyOne(othersIn(room, me.id)),
		}));
		const rooms = all.filter((room) => room.visibility !== "direct").sort(byName);
		const directs = all.filter((room) => room.visibility === "direct");
		const written = new Set(all.flatMap(({ otherId }) => otherId ?? []));
		const isMine = new Set(all.map((room) => room.id));
		const own = new Set(mine.workspaces.map((workspace) => workspace.id));
		const workspaces = [
			...mine.workspaces,
			...listed.workspaces
				.filter((one) => !own.has(one.id))
				.map(({ id, name, archivedAt }) => ({ id, name, needsYou: false, archivedAt })),
		];
		return {
			// An archived one is a search away, and on the page of all.
			data: {
				// Names of directs and open workspaces are in the directory.
				...{ isLoaded: mine.isLoaded && listed.isLoaded, rooms, directs },
				workspaces: workspaces.filter(({ archivedAt }) => archivedAt === undefined),
				threads: mine.threads.map(({ room, ...thread }) => ({
					...{ ...thread, room: { id: room.id, name: roomName(room, me.id, personOf) } },
				})),
			},
			choosable: {
				rooms: [
					...[...rooms, ...directs].map((room) => ({ ...room, isMember: true })),
					...listed.rooms
						.filter((room) => !isMine.has(room.id))
						.map(({ id, name }) => ({ id, name, isMember: false, unread: 0 })),
				],
				workspaces,
				people: activePeople(listed.people).filter(({ id }) => id !== me.id && !written.has(id)),
			},
			calls,
			hasUnread: unread > 0 || mine.threads.length > 0,
			hasAttention: unread > 0 || workspaces.some((workspace) => workspace.needsYou),
		};
	}, [mine, listed, me.id, personOf, now]);
}

/** How soon the end of a mute is seen. */
const MUTE_LOOK_MS = 30_000;

const shownRoom = (room: InboxRoomRow, name: string, now: number): Omit<SidebarRoom, "hasDraft" | "otherId"> => ({
	id: room.id,
	name,
	visibility: room.visibility,
	unread: room.unread,
	calls: callsIn(room, now),
	headSeq: room.headSeq,
	readEpoch: room.readEpoch,
	lastAt: room.lastAt,
	level: levelOf(room),
	isMuted: isMuted(room, now),
	isHeard: isHeard(room, now),
});

/** Nobody knows who is here beyond the rooms that are open. */
const NOBODY: ReadonlySet<string> = new Set();

const onlyOne = (ids: readonly string[]): string | undefined => (ids.length === 1 ? ids[0] : undefined);

const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
