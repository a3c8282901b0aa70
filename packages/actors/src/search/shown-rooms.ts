import type { Limits } from "@bullpen/domain/limits";
import type { SearchHit } from "@bullpen/domain/search";
import type { ActionInput } from "@bullpen/domain/wire";
import type { Frame } from "../frame.ts";
import { HeldConnections } from "../held-connections.ts";
import type { Person } from "../identity.ts";
import { rooms } from "../neighbours.ts";
import { isAbsent } from "../peer-refusal.ts";
import type { Peers } from "../peers.ts";
import type { Candidate } from "./find.ts";

interface Options {
	readonly limits: Limits;
	readonly now: () => number;
	/** There is no such room any more. */
	readonly onGone: (roomId: string) => Promise<void>;
}
interface Asked {
	readonly query: string;
	/** Nothing was shown yet: then the newest hit alone counts until it is there. */
	readonly isFirstPage: boolean;
}
/** What rooms gave out, newest first. Cut: older candidates than `cutAt` are still to be asked for. */
interface Shown {
	readonly hits: SearchHit[];
	readonly isCut: boolean;
	readonly cutAt: number;
}
type Answers = ReadonlyMap<string, ReadonlyMap<number, SearchHit>>;

/** Rooms asked at once that may have to be woken for it: they take turns on the same processors. */
const LANES = 3;

/** Asks rooms for the messages that the index found in them. Nothing is told of a message that its room did not give out. */
export class ShownRooms {
	readonly #frame: Pick<Frame<unknown>, "log">;
	readonly #options: Options;
	readonly #calls: HeldConnections<"chatRoom">;

	constructor(frame: Pick<Frame<unknown>, "log">, peers: Peers, options: Options) {
		this.#frame = frame;
		this.#options = options;
		// None is held: it would wake its room again. One that is asked once more is awake, and asked without it.
		this.#calls = new HeldConnections("chatRoom", peers, { ...options.limits, heldConnectionsMax: 0 }, options.now);
	}

	dispose(): void {
		this.#calls.dispose();
	}

	/**
	 * One question to each room. A first page has what rooms that are awake give out, and the room of the newest hit, which is
	 * woken for it; others are woken only while there is nothing to tell. Later pages wake some at a time. Once there is
	 * something to tell, what takes longer than `searchShowMs` is left for the next page, and nobody is woken for it any more.
	 */
	async show(person: Person, { query, isFirstPage }: Asked, found: readonly Candidate[]): Promise<Shown> {
		const answers = new Map<string, ReadonlyMap<number, SearchHit>>();
		const enough = Promise.withResolvers<void>();
		let isLate = false;
		const hasHits = (): boolean => this.#inOrder(found, answers).hits.length > 0;
		const settle = (): void => {
			if (isLate && hasHits()) enough.resolve();
		};
		const ask = async ([roomId, ones]: readonly [string, readonly Candidate[]]): Promise<void> => {
			const hits = await this.#ask(roomId, person, query, ones);
			answers.set(roomId, new Map(hits.map((hit) => [hit.id, hit])));
			settle();
		};
		const byRoom = Map.groupBy(found, ({ roomId }) => roomId);
		const [atOnce, waiting] = partition([...byRoom], ([roomId]) => {
			const isNewest = roomId === found[0]?.roomId;
			return rooms.get(roomId) !== undefined || (isFirstPage && isNewest);
		});
		const lane = async (): Promise<void> => {
			while (!(isLate && hasHits())) {
				const next = waiting.shift();
				if (next === undefined) return;
				await ask(next);
			}
		};
		const wakeOthers = (): Promise<unknown> => Promise.all(Array.from({ length: LANES }, lane));
		const first = Promise.all(atOnce.map(ask));
		const all = isFirstPage ? first.then(() => (hasHits() ? [] : wakeOthers())) : Promise.all([first, wakeOthers()]);
		const late = setTimeout(() => {
			isLate = true;
			settle();
		}, this.#options.limits.searchShowMs);
		await Promise.race([all, enough.promise]).finally(() => clearTimeout(late));
		return this.#inOrder(found, answers);
	}

	#inOrder(found: readonly Candidate[], answers: Answers): Shown {
		const firstUnknown = found.findIndex(({ roomId }) => !answers.has(roomId));
		const known = firstUnknown < 0 ? found : found.slice(0, firstUnknown);
		const hits = known.flatMap(({ roomId, seq }) => answers.get(roomId)?.get(seq) ?? []);
		return { hits, isCut: firstUnknown >= 0, cutAt: (found[firstUnknown]?.place ?? 0) + 1 };
	}

	/** Never rejects: a room that cannot say anything shows nothing. */
	async #ask(roomId: string, person: Person, query: string, ones: readonly Candidate[]): Promise<readonly SearchHit[]> {
		const { userId, ticketAt } = person;
		const found = ones.map(({ seq, version }) => ({ seq, version }));
		const asked = { userId, ticketAt, query, found };
		try {
			return await (rooms.get(roomId)?.showFound(asked) ?? this.#wake(roomId, asked));
		} catch (error) {
			if (isAbsent(error)) void this.#options.onGone(roomId);
			this.#frame.log.warn({ msg: "a room did not show what it has", roomId, error: String(error) });
			return [];
		}
	}

	/**
	 * A call wakes it. One that wakes in this process is asked as soon as it is awake: until the call itself comes through the
	 * engine and back takes as long again.
	 */
	async #wake(roomId: string, asked: ActionInput<"chatRoom", "showFound">): Promise<readonly SearchHit[]> {
		const called = this.#calls.call(roomId, (room) => room.showFound(asked)).then(({ hits }) => hits);
		const woken = Promise.withResolvers<readonly SearchHit[]>();
		const stop = rooms.await(roomId, (room) => woken.resolve(room.showFound(asked)));
		const near = woken.promise.catch(() => called);
		return await Promise.race([called, near]).finally(stop);
	}
}

function partition<One>(all: readonly One[], isFirst: (one: One) => boolean): [One[], One[]] {
	return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}
