import type { NoteRoomInput } from "@bullpen/domain/inbox";
import type { RoomPosition } from "@bullpen/domain/inbox-rules";
import type { Limits } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import { rooms } from "../neighbours.ts";
import { refusalIn } from "../peer-refusal.ts";
import type { Peers } from "../peers.ts";

export interface Asked {
	readonly version?: number;
	readonly afterSeq?: number;
}

/** Asks rooms how they stand for one person: directly where they are awake in this process, else by the engine. */
export class Pull {
	readonly #userId: string;
	readonly #peers: Peers;
	readonly #limits: Limits;
	#hasAskedAll = false;

	constructor(userId: string, peers: Peers, limits: Limits) {
		this.#userId = userId;
		this.#peers = peers;
		this.#limits = limits;
	}

	/** @throws Problem of the room; `busy` when it could not be asked */
	async ask(roomId: string, from: Asked): Promise<NoteRoomInput> {
		const input = { userId: this.#userId, ...from };
		const neighbour = rooms.get(roomId);
		if (neighbour !== undefined) return neighbour.outbox.positionOf(this.#userId, from);
		try {
			return await this.#peers.get("chatRoom", roomId).getPosition(input);
		} catch (error) {
			throw refusalIn(error) ?? new Problem("busy", "The room could not be asked. Try again.", { waitMs: 1_000 });
		}
	}

	/**
	 * Asks the latest of these rooms that have more to tell, and resolves when all have answered or after `inboxPullMs`: what
	 * comes later is taken too. One that sleeps has told everything, unless its process died and it did not wake since; they
	 * are asked once, soon after a start (`isAfterStart`).
	 */
	async catchUp(
		positions: readonly RoomPosition[],
		isAfterStart: boolean,
		take: (note: NoteRoomInput) => Promise<void>,
	): Promise<void> {
		const asksAll = isAfterStart && !this.#hasAskedAll;
		this.#hasAskedAll = true;
		const owing = positions.filter(
			({ roomId, isMember }) => isMember && (rooms.get(roomId)?.outbox.owes(this.#userId) ?? asksAll),
		);
		if (owing.length === 0) return;
		const latest = owing.sort((one, other) => other.lastAt - one.lastAt).slice(0, this.#limits.inboxPullRoomsMax);
		await this.#askAll(latest, take);
	}

	async #askAll(positions: readonly RoomPosition[], take: (note: NoteRoomInput) => Promise<void>): Promise<void> {
		const waiting = [...positions];
		const lane = async (): Promise<void> => {
			for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
				await this.ask(next.roomId, { version: next.noteVersion })
					.then(take)
					.catch(() => undefined); // it will tell by itself
			}
		};
		const lanes = Array.from({ length: this.#limits.inboxPullsAtOnce }, lane);
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<void>((resolve) => {
			timer = setTimeout(resolve, this.#limits.inboxPullMs);
		});
		await Promise.race([Promise.all(lanes), late]).finally(() => clearTimeout(timer));
	}
}
