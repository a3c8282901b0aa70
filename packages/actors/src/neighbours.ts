import type { Room } from "./chat-room/room.ts";
import type { SearchDesk } from "./search/search-desk.ts";
import type { Inbox } from "./user-inbox/inbox.ts";

/** Actors of one kind that are awake in this process, by their key. */
class Neighbours<One> {
	readonly #awake = new Map<string, One>();

	get(key: string): One | undefined {
		return this.#awake.get(key);
	}

	wokeUp(key: string, one: One): void {
		this.#awake.set(key, one);
	}

	/** It sleeps, or is not what it seemed: whoever looks for it next goes by the engine. */
	fellAsleep(key: string, one: One): void {
		if (this.#awake.get(key) === one) this.#awake.delete(key);
	}
}

/**
 * Rooms, inboxes and the index run in one process (pool `rooms`). To a neighbour a note costs its commit alone: by the
 * engine ten times that. Only one process has an actor, which the engine's storage enforces.
 */
export const rooms = new Neighbours<Room>();
export const inboxes = new Neighbours<Inbox>();
export const searchDesks = new Neighbours<SearchDesk>();
