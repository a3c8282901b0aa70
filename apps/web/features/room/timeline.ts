import type { Message } from "@bullpen/domain/message";
import type { MessageAttachment } from "@bullpen/domain/message-attachment";

const GROUP_MS = 5 * 60_000;

/** A message on its way, or one that did not arrive. */
export interface Outgoing {
	nonce: string;
	text: string;
	files: readonly MessageAttachment[];
	/** Unix ms, this device's clock. */
	createdAt: number;
	/** `failed` waits for the person; everything else is still on its way. */
	status: "sending" | "failed";
	/** Why it failed, in words. */
	reason?: string | undefined;
	threadOf?: number | undefined;
	alsoInRoom?: boolean | undefined;
}

interface Place {
	/** Stable from the first keystroke to the last edit: the nonce where there is one. */
	key: string;
	/** Shows whose it is: not directly after another one of theirs. */
	isHead: boolean;
	/** The first of its day. */
	startsDay: boolean;
}
export type TimelineEntry =
	| (Place & { type: "sent"; message: Message })
	| (Place & { type: "outgoing"; outgoing: Outgoing });

/**
 * What the list draws, oldest first: everything the room has ordered, then what is still on its way.
 * @param dayOf equal for two times on the same day for this reader
 */
export function timelineOf(
	messages: readonly Message[],
	outgoing: readonly Outgoing[],
	me: string,
	dayOf: (at: number) => number,
): TimelineEntry[] {
	const entries: TimelineEntry[] = [];
	let before: { sender: string; at: number } | undefined;
	const place = (key: string, sender: string, at: number): Place => {
		const startsDay = !before || dayOf(before.at) !== dayOf(at);
		const isHead = startsDay || before?.sender !== sender || at - before.at > GROUP_MS;
		before = { sender, at };
		return { key, isHead, startsDay };
	};
	for (const message of messages) {
		const key = message.nonce === undefined ? String(message.id) : `${message.sender}:${message.nonce}`;
		entries.push({ type: "sent", message, ...place(key, message.sender, message.timestamp) });
	}
	const newest = messages.at(-1)?.timestamp ?? 0;
	for (const one of outgoing) {
		const at = Math.max(one.createdAt, newest);
		entries.push({ type: "outgoing", outgoing: one, ...place(`${me}:${one.nonce}`, me, at) });
	}
	return entries;
}
