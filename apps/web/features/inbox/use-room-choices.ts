"use client";
import { useMemo } from "react";
import { useLive } from "../../live/live.tsx";
import { complain } from "../../live/refusals.ts";
import type { RoomChoices } from "./sidebar-data.ts";

/** What the inbox does for its person. A refusal is said; a lost connection tells of itself. */
export function useRoomChoices(): RoomChoices {
	const { inbox } = useLive();
	return useMemo(() => {
		const doing = (act: Promise<unknown>): void => void act.catch(complain);
		return {
			markRead: ({ id, headSeq, readEpoch }) => inbox.markRead(id, headSeq, readEpoch),
			markThreadRead: ({ room, rootId, lastSeq }) => inbox.markThreadRead(room.id, rootId, lastSeq),
			markUnread: ({ id, headSeq }) => headSeq > 0 && doing(inbox.markUnread(id, headSeq)),
			setLevel: ({ id }, level) => doing(inbox.setLevel(id, level)),
			setMute: ({ id }, minutes) => doing(inbox.setMute(id, minutes)),
		};
	}, [inbox]);
}
