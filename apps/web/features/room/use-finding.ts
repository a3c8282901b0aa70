"use client";
import { ConnectionLost } from "@bullpen/client/refusal";
import type { RoomShown, RoomStore } from "@bullpen/client/room-store";
import { isThreadOnly } from "@bullpen/domain/thread-rules";
import { useCallback, useEffect, useRef, useState } from "react";
import { complain } from "../../live/refusals.ts";
import { notify } from "../../ui/toast.tsx";
import type { Found } from "./message-list.tsx";
import type { RoomModel } from "./room-data.ts";

type FoundPlaces = RoomModel["found"];

const NOWHERE: FoundPlaces = { room: null, thread: null };

/** Brings messages into view, wherever they stand: the one of the page's address, and those somebody goes to. */
export function useFinding(
	store: RoomStore,
	shown: RoomShown,
	linked: { readonly id: number | null; readonly isInThread: boolean; readonly isLive: boolean },
): { found: FoundPlaces; goTo: (id: number) => void } {
	const [found, setFound] = useState(NOWHERE);
	const bring = useCallback(
		async (id: number, isInThread: boolean) => {
			const place = await find(store, id, isInThread);
			if (place === null) notify("That message is no longer kept here.");
			else setFound((before) => ({ ...before, [place]: { id, count: (before[place]?.count ?? 0) + 1 } }));
		},
		[store],
	);
	const goTo = useCallback((id: number) => void bring(id, false).catch(complain), [bring]);
	const followed = useRef<number | null>(null);
	const { id, isInThread } = linked;
	const isReady = linked.isLive && shown.isLoaded && shown.me !== null;
	useEffect(() => {
		if (id === null || !isReady || followed.current === id) return;
		bring(id, isInThread).then(
			() => {
				followed.current = id;
			},
			(error: unknown) => {
				if (!(error instanceof ConnectionLost)) complain(error); // otherwise with the next connection
			},
		);
	}, [id, isInThread, isReady, bring]);
	return { found, goTo };
}

/** Where a message is shown now: in the room, in its thread, or nowhere any more. */
async function find(
	store: RoomStore,
	id: number,
	isInThread: boolean,
): Promise<keyof Record<"room" | "thread", Found> | null> {
	if (!(await store.show(id))) return null;
	const message = store.getSnapshot().messages.find((one) => one.id === id);
	if (message?.threadOf === undefined || !(isInThread || isThreadOnly(message))) return "room";
	store.openThread(message.threadOf);
	await store.threadPages?.show(id);
	return "thread";
}
