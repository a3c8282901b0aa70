import type { Room } from "./chat-room/room.ts";
import type { SearchDesk } from "./search/search-desk.ts";
import type { Inbox } from "./user-inbox/inbox.ts";

/** Actors of one kind that are awake in this process, by their key. */
class Neighbours<One> {
	readonly #awake = new Map<string, One>();
	readonly #awaited = new Map<string, Set<(one: One) => void>>();

	get(key: string): One | undefined {
		return this.#awake.get(key);
	}

	/** Tells when it wakes in this process. @returns what stops the waiting */
	await(key: string, told: (one: One) => void): () => void {
		const all = this.#awaited.get(key) ?? new Set();
		this.#awaited.set(key, all.add(told));
		return () => {
			if (all.delete(told) && all.size === 0) this.#awaited.delete(key);
		};
	}

	wokeUp(key: string, one: One): void {
		this.#awake.set(key, one);
		for (const tell of [...(this.#awaited.get(key) ?? [])]) tell(one);
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
