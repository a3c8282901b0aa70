"use client";
import type { UnreadExplained } from "@bullpen/domain/inbox";
import type { Message } from "@bullpen/domain/message";
import { useEffect, useState } from "react";
import { useLive } from "../../live/live.tsx";
import type { SidebarRoom } from "./sidebar-data.ts";
import { useMessages } from "./use-messages.ts";

/** The unread of one room, as far as a digest shows them. */
export interface Digest {
	/** Absent while they are read; those the room has no more are left out. */
	lines: readonly { message: Message; isCall: boolean }[] | null;
	/** How many more there are. */
	more: number;
	hasFailed: boolean;
}

const LINES_MAX = 5;

/** What is unread in a room: our inbox says which messages, the room what they say. */
export function useDigest(room: SidebarRoom): Digest {
	const { inbox } = useLive();
	const [explained, setExplained] = useState<UnreadExplained | null>(null);
	const ids = explained === null ? null : chosen(explained);
	const { wanted, phase } = useMessages(room.id, ids ?? []);
	const { id: roomId, headSeq, unread, readEpoch } = room;
	// biome-ignore lint/correctness/useExhaustiveDependencies: whatever changes the count changes what is counted.
	useEffect(() => {
		let isCurrent = true;
		inbox.explainUnread(roomId).then(
			(answer) => isCurrent && setExplained(answer),
			() => undefined, // the row changes, or the link comes back, and it is asked again
		);
		return () => {
			isCurrent = false;
		};
	}, [inbox, roomId, headSeq, unread, readEpoch, phase.type]);
	const isRead = ids?.every((id) => wanted.has(id)) ?? false;
	const mentions = new Set(explained?.mentions);
	const lines = (ids ?? []).flatMap((id) => {
		const message = wanted.get(id);
		return message && message.deletedAt === undefined ? [{ message, isCall: mentions.has(id) }] : [];
	});
	return {
		lines: isRead ? lines : null,
		more: Math.max(0, unread - (ids?.length ?? 0)),
		hasFailed: phase.type === "refused",
	};
}

/** Those that call, and the first of the others, in the order of the room. */
function chosen({ seqs, mentions }: UnreadExplained): number[] {
	const first = new Set([...mentions, ...seqs].slice(0, LINES_MAX));
	return seqs.filter((seq) => first.has(seq));
}
