import type { Limits } from "@bullpen/domain/limits";
import type { SearchHit } from "@bullpen/domain/search";
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
/** What rooms gave out, newest first. Cut: older candidates than `cutAt` are still to be asked for. */
interface Shown {
	readonly hits: SearchHit[];
	readonly isCut: boolean;
	readonly cutAt: number;
}

/** Rooms asked at once that may have to be woken for it: they take turns on the same processors, the newest hit's first. */
const LANES = 3;

/** Asks rooms for the messages that the index found in them. Nothing is told of a message that its room did not give out. */
export class ShownRooms {
	readonly #frame: Pick<Frame<unknown>, "log">;
	readonly #options: Options;
	readonly #connections: HeldConnections<"chatRoom">;

	constructor(frame: Pick<Frame<unknown>, "log">, peers: Peers, options: Options) {
		this.#frame = frame;
		this.#options = options;
		this.#connections = new HeldConnections("chatRoom", peers, options.limits, options.now);
	}

	dispose(): void {
		this.#connections.dispose();
	}

	/** Once there is something to tell, what takes longer than `searchShowMs` is left for the next page. */
	async show(person: Person, query: string, found: readonly Candidate[]): Promise<Shown> {
		const byRoom = new Map<string, Candidate[]>();
		for (const one of found) byRoom.set(one.roomId, [...(byRoom.get(one.roomId) ?? []), one]);
		const answers = new Map<string, ReadonlyMap<number, SearchHit>>();
		let noteAnswer = (): void => undefined;
		const nextAnswer = (): Promise<void> => new Promise((resolve) => (noteAnswer = resolve));
		const ask = async ([roomId, ones]: readonly [string, readonly Candidate[]]): Promise<void> => {
			const hits = await this.#ask(roomId, person, query, ones);
			answers.set(roomId, new Map(hits.map((hit) => [hit.id, hit])));
			noteAnswer();
		};
		const [awake, waiting] = partition([...byRoom], ([roomId]) => rooms.get(roomId) !== undefined);
		const lane = async (): Promise<void> => {
			for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await ask(next);
		};
		const wakeAll = async (): Promise<void> => {
			const newest = waiting.shift();
			if (newest !== undefined) await ask(newest); // alone: it decides when there is something to tell
			await Promise.all(Array.from({ length: LANES }, lane));
		};
		const lanes = Promise.all([...awake.map(ask), wakeAll()]);
		await Promise.race([lanes, this.#late()]);
		let shown = this.#inOrder(found, answers);
		while (shown.isCut && shown.hits.length === 0) {
			await Promise.race([lanes, nextAnswer()]);
			shown = this.#inOrder(found, answers);
		}
		waiting.length = 0;
		return shown;
	}

	#late(): Promise<void> {
		return new Promise((resolve) => setTimeout(resolve, this.#options.limits.searchShowMs).unref());
	}

	#inOrder(found: readonly Candidate[], answers: ReadonlyMap<string, ReadonlyMap<number, SearchHit>>): Shown {
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
		const neighbour = rooms.get(roomId);
		try {
			if (neighbour !== undefined) return await neighbour.showFound(asked);
			return (await this.#connections.call(roomId, (room) => room.showFound(asked))).hits;
		} catch (error) {
			if (isAbsent(error)) void this.#options.onGone(roomId);
			this.#frame.log.warn({ msg: "a room did not show what it has", roomId, error: String(error) });
			return [];
		}
	}
}

function partition<One>(all: readonly One[], isFirst: (one: One) => boolean): [One[], One[]] {
	return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}
