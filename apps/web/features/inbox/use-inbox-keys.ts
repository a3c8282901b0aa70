"use client";
import { nextUnread } from "@bullpen/domain/inbox-view";
import { usePathname, useRouter } from "next/navigation";
import { useEffect } from "react";
import { useLive } from "../../live/live.tsx";
import { complain } from "../../live/refusals.ts";
import { notify } from "../../ui/toast.tsx";
import type { SidebarData } from "./sidebar-data.ts";

/** Alt-Shift-Down and -Up: the next room that wants to be read. Shift-Escape: everything is read. */
export function useInboxKeys({ rooms, directs }: Pick<SidebarData, "rooms" | "directs">): void {
	const { inbox } = useLive();
	const router = useRouter();
	const path = usePathname();
	useEffect(() => {
		const onKeyDown = (event: KeyboardEvent) => {
			const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : null;
			if (step !== null && event.altKey && event.shiftKey && !event.ctrlKey && !event.metaKey) {
				event.preventDefault();
				event.stopPropagation();
				const rows = new Map(inbox.getSnapshot().rooms.map((room) => [room.id, room]));
				const shown = [...rooms, ...directs].flatMap(({ id }) => rows.get(id) ?? []);
				const next = nextUnread(shown, path.startsWith("/r/") ? path.slice(3) : null, step, Date.now());
				if (next) router.push(`/r/${next.id}`);
				else notify("Nothing is unread");
			}
			if (event.key === "Escape" && event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey) {
				event.preventDefault();
				inbox.markAllRead().then(() => notify("Everything is marked as read"), complain);
			}
		};
		// Before a focused menu button, which would open by an arrow.
		window.addEventListener("keydown", onKeyDown, true);
		return () => window.removeEventListener("keydown", onKeyDown, true);
	}, [inbox, router, path, rooms, directs]);
}
