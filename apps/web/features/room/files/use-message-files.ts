"use client";
import { MESSAGE_ATTACHMENTS_MAX } from "@bullpen/domain/message-attachment";
import { useEffect, useState, useSyncExternalStore } from "react";
import { keptOf } from "../../../live/kept-files.ts";
import { useLive } from "../../../live/live.tsx";
import { notify } from "../../../ui/toast.tsx";
import type { MessageDesk } from "./room-desks.ts";

type Draft = ReturnType<MessageDesk["getSnapshot"]>[number];

/** What sends files is fetched with the first of them. */
let desks: typeof import("./room-desks.ts") | null = null;

/**
 * The files of the message that is being written in a place: a room, or a thread of it. `onLost`: some that were chosen
 * could not even be begun with.
 */
export function useMessageFiles(place: string, onLost: () => void) {
	const live = useLive();
	const [desk, setDesk] = useState(() => desks?.roomDesks(live).get(place) ?? null);
	const [isFetching, setFetching] = useState(false);
	const drafts = useSyncExternalStore<readonly Draft[]>(
		desk?.subscribe ?? unchanging,
		desk?.getSnapshot ?? nothing,
		nothing,
	);
	useAskBeforeLeaving(isFetching || drafts.length > 0);
	const addTo = (to: MessageDesk, files: readonly File[]) => {
		if (to.add(files) > 0) notify(`At most ${MESSAGE_ATTACHMENTS_MAX} files can go with a message.`, "error");
	};
	const fetchAndAdd = async (files: readonly File[]) => {
		setFetching(true);
		try {
			desks = await import("./room-desks.ts");
			const fresh = desks.roomDesks(live).get(place);
			setDesk(fresh);
			addTo(fresh, files);
		} catch {
			onLost();
			notify("Files cannot be taken just now. Try again in a moment.", "error");
		}
		setFetching(false);
	};
	return {
		drafts,
		add: (files: readonly File[]) => (desk === null ? void fetchAndAdd(files) : addTo(desk, files)),
		remove: (key: string) => desk?.remove(key),
		retry: (key: string) => desk?.retry(key),
		/** What goes with the message, or null while something is on its way or failed. */
		kept: isFetching ? null : keptOf(drafts),
		hasFailed: drafts.some(({ state }) => state.type === "failed"),
		/** They went with their message. */
		sent: () => desk !== null && desks?.sendOff(desk),
	};
}

const NOTHING: readonly Draft[] = [];
const nothing = () => NOTHING;
const unchanging = () => () => undefined;

/** Files that were chosen cannot be had again by a page that is loaded anew. */
function useAskBeforeLeaving(isNeeded: boolean): void {
	useEffect(() => {
		if (!isNeeded) return;
		const ask = (event: BeforeUnloadEvent) => event.preventDefault();
		window.addEventListener("beforeunload", ask);
		return () => window.removeEventListener("beforeunload", ask);
	}, [isNeeded]);
}
