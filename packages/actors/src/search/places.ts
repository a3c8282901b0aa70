import type { Limits } from "@bullpen/domain/limits";
import { inboxes } from "../neighbours.ts";
import { isAbsent } from "../peer-refusal.ts";
import type { Peers } from "../peers.ts";

interface Known {
	readonly at: number;
	readonly roomIds: Promise<readonly string[]>;
}

const KNOWN_MAX = 1_000;

/**
 * Which rooms somebody is in, as their inbox says, for a moment. This only spares the index: whether they may read a message
 * is asked of its room each time.
 */
export class Places {
	readonly #peers: Peers;
	readonly #limits: Pick<Limits, "searchPlacesMs">;
	readonly #now: () => number;
	readonly #known = new Map<string, Known>();

	constructor(peers: Peers, limits: Pick<Limits, "searchPlacesMs">, now: () => number) {
		this.#peers = peers;
		this.#limits = limits;
		this.#now = now;
	}

	roomIdsOf(userId: string): Promise<readonly string[]> {
		const neighbour = inboxes.get(userId);
		if (neighbour !== undefined) return Promise.resolve(neighbour.places().roomIds);
		const known = this.#known.get(userId);
		if (known !== undefined && this.#now() - known.at < this.#limits.searchPlacesMs) return known.roomIds;
		const asked = { at: this.#now(), roomIds: this.#ask(userId) };
		this.#known.delete(userId);
		this.#known.set(userId, asked);
		asked.roomIds.catch(() => this.#known.delete(userId)); // the one who asked hears of it
		const [oldest] = this.#known.keys();
		if (oldest !== undefined && this.#known.size > KNOWN_MAX) this.#known.delete(oldest);
		return asked.roomIds;
	}

	async #ask(userId: string): Promise<readonly string[]> {
		try {
			return (await this.#peers.get("userInbox", userId).getPlaces()).roomIds;
		} catch (error) {
			if (isAbsent(error)) return [];
			throw error;
		}
	}
}
