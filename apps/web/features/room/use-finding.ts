"use client";
import type { RoomShown, RoomStore } from "@bullpen/client/room-store";
import { isThreadOnly } from "@bullpen/domain/thread-rules";
import { useCallback, useEffect, useState } from "react";
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
	linkedId: number | null,
	isInThread: boolean,
): { found: FoundPlaces; goTo: (id: number) => void } {
	const [found, setFound] = useState(NOWHERE);
	const goTo = useCallback(
		(id: number, isInThread = false) => {
			find(store, id, isInThread).then((place) => {
				if (place === null) notify("That message is no longer kept here.");
				else setFound((before) => ({ ...before, [place]: { id, count: (before[place]?.count ?? 0) + 1 } }));
			}, complain);
		},
		[store],
	);
	const isReady = shown.isLoaded && shown.me !== null;
	useEffect(() => {
		if (linkedId !== null && isReady) goTo(linkedId, isInThread);
	}, [linkedId, isInThread, isReady, goTo]);
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
