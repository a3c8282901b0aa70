import type { Inbox } from "./inbox.ts";

/**
 * The inboxes that are awake in this process. Rooms run in the same one (pool `rooms`), and to a neighbour a note costs its
 * commit alone: by the engine it costs ten times that. Only one process has an actor, which the engine's storage enforces.
 */
const awake = new Map<string, Inbox>();

export const wokeUp = (inbox: Inbox): void => {
	awake.set(inbox.userId, inbox);
};

export function fellAsleep(inbox: Inbox): void {
	if (awake.get(inbox.userId) === inbox) awake.delete(inbox.userId);
}

export const awakeInbox = (userId: string): Inbox | undefined => awake.get(userId);
