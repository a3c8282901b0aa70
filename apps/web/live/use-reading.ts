"use client";
import type { InboxRoomRow } from "@bullpen/domain/inbox";
import { firstUnread } from "@bullpen/domain/inbox-view";
import type { Message } from "@bullpen/domain/message";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useLive } from "./live.tsx";
import { complain } from "./refusals.ts";

/** One look at a room: what was new when it began stays marked while it lasts, however much is read. */
interface Look {
	readSeq: number;
	untilSeq: number;
	unread: number;
	/** Of the read mark that is shown; and of the one that this look may move. They differ once somebody went back on purpose. */
	epoch: number;
	marks: number;
}

export interface Reading {
	/** Everything from this message on is new; null where nothing is, or where that lies further up than what is loaded. */
	newFrom: number | null;
	/** How many were new when this look began. */
	unread: number;
	/** Everything up to this message was on the screen. */
	seen: (seq: number) => void;
	/** This message and all after it are to be unread. */
	markUnread: (seq: number) => void;
	/** The first of them, wherever it is. */
	firstSeq: number | null;
}

/** What is new to us in a room, and telling our inbox what was on the screen. A look begins when the page is looked at. */
export function useReading(roomId: string, messages: readonly Message[], hasOlder: boolean): Reading {
	const { inbox, me } = useLive();
	const row = useRow(roomId);
	const newest = useRef(0);
	const [look, setLook] = useState<Look | null>(null);
	const last = messages.at(-1)?.id;
	if (row && last !== undefined && look === null) setLook(lookAt(row, last, row.readEpoch));
	if (row && last !== undefined && look !== null && look.epoch !== row.readEpoch)
		setLook(lookAt(row, last, look.marks));

	const marks = look?.marks;
	const tell = useCallback(() => {
		if (document.visibilityState !== "visible" || newest.current === 0 || marks === undefined) return;
		inbox.markRead(roomId, newest.current, marks);
	}, [inbox, roomId, marks]);
	useEffect(tell, [tell]);
	useEffect(() => {
		const onVisible = () => document.visibilityState === "visible" && setLook(null);
		document.addEventListener("visibilitychange", onVisible);
		return () => document.removeEventListener("visibilitychange", onVisible);
	}, []);

	const first = useFirst(roomId, look);
	const verbs = useMemo(
		() => ({
			seen: (seq: number) => {
				newest.current = seq;
				tell();
			},
			markUnread: (seq: number) => {
				newest.current = 0;
				inbox.markUnread(roomId, seq).catch(complain);
			},
		}),
		[inbox, roomId, tell],
	);
	const newFrom = useMemo(() => {
		if (look === null || look.unread === 0) return null;
		const isReached = !hasOlder || (messages[0]?.id ?? 0) <= look.readSeq + 1;
		const seq = isReached ? firstUnread(messages, look.readSeq, me.id) : null;
		return seq !== null && seq <= look.untilSeq ? seq : null;
	}, [look, messages, hasOlder, me.id]);
	return { newFrom, unread: look?.unread ?? 0, firstSeq: newFrom ?? first, ...verbs };
}

const lookAt = (row: InboxRoomRow, last: number, marks: number): Look => ({
	readSeq: row.readSeq,
	untilSeq: Math.max(row.headSeq, last),
	unread: row.unread,
	epoch: row.readEpoch,
	marks,
});

/** Where what is new begins: asked for as a look begins, before it moves the read mark. */
function useFirst(roomId: string, look: Look | null): number | null {
	const { inbox } = useLive();
	const [first, setFirst] = useState<{ look: Look; seq: number } | null>(null);
	useEffect(() => {
		if (look === null || look.unread === 0) return;
		inbox.explainUnread(roomId).then(
			({ seqs: [seq] }) => setFirst({ look, seq: seq ?? look.readSeq + 1 }),
			() => setFirst({ look, seq: look.readSeq + 1 }), // near enough to jump to
		);
	}, [inbox, roomId, look]);
	return first !== null && first.look === look ? first.seq : null;
}

function useRow(roomId: string): InboxRoomRow | undefined {
	const { inbox } = useLive();
	const { rooms } = useSyncExternalStore(inbox.subscribe, inbox.getSnapshot, inbox.getSnapshot);
	return useMemo(() => rooms.find((room) => room.id === roomId), [rooms, roomId]);
}
