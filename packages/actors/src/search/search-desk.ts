import type { Limits } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import {
	cleanSearch,
	type FindInRoomInput,
	type NoteMessagesInput,
	type SearchHits,
	type SearchInput,
} from "@bullpen/domain/search";
import { isEmptySearch, parseSearch, type SearchQuery } from "@bullpen/domain/search-query";
import type { ActionOutput } from "@bullpen/domain/wire";
import type { z } from "zod";
import { Audience } from "../audience.ts";
import type { Connection, Frame } from "../frame.ts";
import type { Person } from "../identity.ts";
import type { Peers } from "../peers.ts";
import { Relay } from "../relay/relay.ts";
import { CallUp } from "./call-up.ts";
import { PLACES_PER_MS } from "./index-file.ts";
import { IndexThread } from "./index-thread.ts";
import { Places } from "./places.ts";
import { ShownRooms } from "./shown-rooms.ts";

interface Options {
	readonly limits: Limits;
	readonly now: () => number;
	readonly peers: Peers;
	/** The index's file. */
	readonly path: string;
}

/** The index of all rooms while its actor is awake: it says where something was said, and rooms say what. */
export class SearchDesk {
	readonly limits: Limits;
	readonly audience: Audience<"search">;
	readonly relay: Relay<"search">;
	readonly callUp: CallUp;
	readonly #frame: Frame<unknown>;
	readonly #index: IndexThread;
	readonly #places: Places;
	readonly #rooms: ShownRooms;
	readonly #searching = new Map<string, number>();
	readonly #now: () => number;

	constructor(frame: Frame<unknown>, { limits, now, peers, path }: Options) {
		this.limits = limits;
		this.#frame = frame;
		this.#now = now;
		this.#index = new IndexThread(path, limits);
		this.audience = new Audience(frame, { limits, now, onPresence: () => undefined });
		this.relay = new Relay(frame, {
			limits,
			now,
			audience: this.audience,
			receive: (person) => this.audience.refuseBarred(person),
			arrived: (connection) => this.audience.arrived(connection),
		});
		this.#places = new Places(peers, limits, now);
		this.#rooms = new ShownRooms(frame, peers, {
			limits,
			now,
			onGone: (roomId) => frame.keepAwake(this.#forget(roomId)),
		});
		this.callUp = new CallUp(frame, {
			limits,
			now,
			peers,
			knows: async (roomId) => (await this.#index.call("versionOf", roomId)) > 0,
		});
	}

	async wake(connections: readonly Connection[]): Promise<void> {
		this.audience.restore(connections);
		await this.relay.restore(connections);
		await this.callUp.wake();
		this.#prune();
	}

	async sleep(): Promise<void> {
		this.audience.dispose();
		await this.callUp.dispose();
		this.#rooms.dispose();
		await this.#index.close();
	}

	/** How far the room is in the index from now on, on the disk. */
	async note(note: NoteMessagesInput): Promise<{ version: number }> {
		const version = await this.#index.call("note", note);
		if (note.floorSeq > 1) this.#prune(note.roomId);
		return { version };
	}

	/**
	 * Pages are short when that is sooner: the index is asked again only while there is nothing to tell.
	 * @throws Problem `text_*` `busy`
	 */
	search(person: Person, input: z.output<typeof SearchInput>): Promise<SearchHits> {
		const typed = cleanSearch(input.query, this.limits);
		const query = readable(typed);
		return this.#oneOfFew(person.userId, async () => {
			const mine = await this.#places.roomIdsOf(person.userId);
			const roomIds = query.in.length === 0 ? mine : mine.filter((roomId) => query.in.includes(roomId));
			const limit = input.limit ?? this.limits.searchPageDefault;
			let before = placeIn(input.before);
			const startedAt = this.#now();
			for (let round = 1; ; round++) {
				const page = await this.#index.call("find", { query, roomIds, before, limit });
				const asked = { query: typed, isFirstPage: input.before === undefined };
				const shown = await this.#rooms.show(person, asked, page.found);
				const next = shown.isCut ? shown.cutAt : page.next;
				const isEnough = round === this.limits.searchRounds || this.#now() - startedAt >= this.limits.searchShowMs;
				if (shown.hits.length > 0 || next === null || isEnough) {
					return { hits: shown.hits, ...endAt(next) };
				}
				before = next;
			}
		});
	}

	/** Where one room's messages say something, for that room. @throws Problem `text_*` `busy` */
	findInRoom(input: z.output<typeof FindInRoomInput>): Promise<ActionOutput<"search", "findInRoom">> {
		const query = readable(cleanSearch(input.query, this.limits));
		const limit = input.limit ?? this.limits.searchPageDefault;
		const asked = { query, roomIds: [input.roomId], before: placeIn(input.before), limit };
		return this.#oneOfFew(input.userId, async () => {
			const { found, next } = await this.#index.call("find", asked);
			return { found: found.map(({ seq, version }) => ({ seq, version })), ...endAt(next) };
		});
	}

	/** What rooms (or one of them) do not keep, the index does not keep either, however much a note told of at once. */
	#prune(onlyRoomId?: string): void {
		const pruning = async (): Promise<void> => {
			const roomIds = onlyRoomId === undefined ? await this.#index.call("roomsToPrune", undefined) : [onlyRoomId];
			for (const roomId of roomIds) {
				while (await this.#index.call("prune", roomId)) {
					// each batch is its own commit, and others come between
				}
			}
		};
		void this.#frame.keepAwake(
			pruning().catch((error: unknown) => {
				this.#frame.log.warn({ msg: "what rooms pruned is still in the index", error: String(error) });
			}),
		);
	}

	/** A room that is no more says nothing. */
	async #forget(roomId: string): Promise<void> {
		while (await this.#index.call("forget", roomId)) {
			// each batch is its own commit, and others come between
		}
	}

	/** The index has one thread for everybody: nobody has more than a few places before it, in however many rooms they look. */
	async #oneOfFew<Result>(userId: string, run: () => Promise<Result>): Promise<Result> {
		const before = this.#searching.get(userId) ?? 0;
		if (before >= this.limits.searchesAtOncePerPerson) {
			throw new Problem("busy", "Your searches before this one still run.", { waitMs: 500 });
		}
		this.#searching.set(userId, before + 1);
		try {
			return await run();
		} finally {
			const left = (this.#searching.get(userId) ?? 1) - 1;
			if (left > 0) this.#searching.set(userId, left);
			else this.#searching.delete(userId);
		}
	}
}

/** @throws Problem `text_empty` */
function readable(typed: string): SearchQuery {
	const query = parseSearch(typed);
	if (isEmptySearch(query)) throw new Problem("text_empty", "There is nothing in this to look for.");
	return query;
}

const placeIn = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

/** Where a page ended, as its reader is told. */
const endAt = (place: number | null): Pick<SearchHits, "next" | "scannedBackTo"> =>
	place === null
		? { next: null, scannedBackTo: null }
		: { next: String(place), scannedBackTo: Math.floor(place / PLACES_PER_MS) };
