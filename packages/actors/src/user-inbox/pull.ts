import type { NoteRoomInput } from "@bullpen/domain/inbox";
import type { RoomPosition } from "@bullpen/domain/inbox-rules";
import type { Limits } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import { inLanes } from "../lanes.ts";
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
	 * Asks the rooms that have more to tell, and resolves when nothing would be shown that one of them knows better. Those awake
	 * in this process say whether they have, and are waited for: they answer from memory and their own tables. One that sleeps
	 * has told everything, unless its process died and it did not wake since: the latest of them are asked once, soon after a
	 * start (`isAfterStart`), and for `inboxPullMs`, since they have to be woken. What comes later is taken too.
	 */
	async catchUp(
		positions: readonly RoomPosition[],
		isAfterStart: boolean,
		take: (note: NoteRoomInput) => Promise<void>,
	): Promise<void> {
		const asksAll = isAfterStart && !this.#hasAskedAll;
		this.#hasAskedAll = true;
		const latest = positions.filter(({ isMember }) => isMember).sort((one, other) => other.lastAt - one.lastAt);
		const awake = latest.filter(({ roomId }) => rooms.get(roomId)?.outbox.owes(this.#userId));
		const asleep = asksAll ? latest.filter(({ roomId }) => rooms.get(roomId) === undefined) : [];
		const { inboxNoteCallMs, inboxPullMs, inboxPullRoomsMax } = this.#limits;
		await Promise.all([
			this.#askAll(awake, take, inboxNoteCallMs),
			this.#askAll(asleep.slice(0, inboxPullRoomsMax), take, inboxPullMs),
		]);
	}

	/** A few at a time; what they said is taken together. Resolves after `waitMs` at the latest. */
	async #askAll(
		positions: readonly RoomPosition[],
		take: (note: NoteRoomInput) => Promise<void>,
		waitMs: number,
	): Promise<void> {
		if (positions.length === 0) return;
		const taking: Promise<void>[] = [];
		const all = async (): Promise<void> => {
			await inLanes(positions, this.#limits.inboxPullsAtOnce, async ({ roomId, noteVersion }) => {
				const note = await this.ask(roomId, { version: noteVersion }).catch(() => undefined); // it will tell by itself
				if (note !== undefined) taking.push(this.#take(note, noteVersion, take));
			});
			await Promise.all(taking);
		};
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<void>((resolve) => {
			timer = setTimeout(resolve, waitMs);
		});
		await Promise.race([all(), late]).finally(() => clearTimeout(timer));
	}

	/** Never rejects: what is not kept, the room tells again. What is kept, it need not tell. */
	async #take(note: NoteRoomInput, from: number, take: (note: NoteRoomInput) => Promise<void>): Promise<void> {
		try {
			await take(note);
		} catch {
			return;
		}
		rooms.get(note.roomId)?.outbox.took(this.#userId, from, note.version);
	}
}
