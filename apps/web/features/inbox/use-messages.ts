"use client";
import type { Message } from "@bullpen/domain/message";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useLive } from "../../live/live.tsx";
import { roomStores } from "../../live/room-stores.ts";
import { useLink } from "../../live/use-link.ts";

interface WantedMessages {
	/** Null where the room has it no more; absent until it was read. */
	wanted: ReadonlyMap<number, Message | null>;
	phase: ReturnType<typeof useLink>["phase"];
}

/** Single messages of a room that is not open. */
export function useMessages(roomId: string, ids: readonly number[]): WantedMessages {
	const live = useLive();
	const [store] = useState(() => roomStores(live).get(roomId));
	const { phase } = useLink("chatRoom", roomId, store);
	const { wanted } = useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot);
	const asked = ids.join(" ");
	useEffect(() => {
		if (asked !== "") store.want(asked.split(" ").map(Number));
	}, [store, asked]);
	return { wanted, phase };
}
