"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { useLive } from "./live.tsx";

interface ThreadReading {
	/** The first reply that was unread when this thread was opened; what is new begins there. */
	newFrom: number | null;
	/** Everything up to this reply was on the screen. */
	seen: (seq: number) => void;
}

/** What is new to us in a thread, and telling our inbox what of it was on the screen. One that we do not follow has nothing. */
export function useThreadReading(roomId: string, rootId: number, isFollowing: boolean): ThreadReading {
	const { inbox } = useLive();
	const newest = useRef(0);
	const [newFrom] = useState(() => {
		const { threads } = inbox.getSnapshot();
		return threads.find((thread) => thread.room.id === roomId && thread.rootId === rootId)?.firstSeq ?? null;
	});
	const tell = useCallback(() => {
		if (!isFollowing || newest.current === 0 || document.visibilityState !== "visible") return;
		inbox.markThreadRead(roomId, rootId, newest.current);
	}, [inbox, roomId, rootId, isFollowing]);
	useEffect(() => {
		tell();
		document.addEventListener("visibilitychange", tell);
		return () => document.removeEventListener("visibilitychange", tell);
	}, [tell]);
	const seen = useCallback(
		(seq: number) => {
			newest.current = seq;
			tell();
		},
		[tell],
	);
	return { newFrom, seen };
}
