import { LIMITS } from "@bullpen/domain/limits";
import type { SearchHit } from "@bullpen/domain/search";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Room } from "../chat-room/room.ts";
import type { Person } from "../identity.ts";
import { rooms } from "../neighbours.ts";
import type { Peers } from "../peers.ts";
import { ShownRooms } from "./shown-rooms.ts";

const BOB = { kind: "person", userId: "bob", name: "bob", role: "member", ticketAt: 1, leaseEndsAt: 0 } as Person;
const WAKES_MS = 100;
/** A call that woke a room comes back through the engine this much later. */
const BACK_MS = 80;

const awake: [string, Room][] = [];
beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	for (const [roomId, room] of awake.splice(0)) rooms.fellAsleep(roomId, room);
	vi.useRealTimers();
});

type Found = { seq: number }[];
const after = <Result>(ms: number, result: () => Result | Promise<Result>): Promise<Result> =>
	new Promise((resolve, reject) => setTimeout(() => Promise.resolve().then(result).then(resolve, reject), ms));

/** Rooms of a server: those of `near` wake in this process, others elsewhere. `silent` ones have nothing to show any more. */
function openWorld({ near = true, silent = [] as string[], broken = [] as string[] } = {}) {
	const seen = { woken: [] as string[], asked: [] as string[] };
	const hits = (roomId: string, found: Found) =>
		silent.includes(roomId) ? [] : found.map(({ seq }) => ({ roomId, id: seq }) as SearchHit);
	const wakeUp = (roomId: string): void => {
		const showFound = async ({ found }: { found: Found }) => {
			seen.asked.push(`${roomId} ${found.map(({ seq }) => seq).join(" ")}`);
			if (broken.includes(roomId)) throw new Error("its tables cannot be read");
			return hits(roomId, found);
		};
		const room = { showFound } as unknown as Room;
		awake.push([roomId, room]);
		rooms.wokeUp(roomId, room);
	};
	const peers = {
		get: (_: string, roomId: string) => ({
			showFound: ({ found }: { found: Found }) => {
				seen.woken.push(roomId);
				if (near) setTimeout(() => wakeUp(roomId), WAKES_MS);
				return after(WAKES_MS + BACK_MS, () => ({ hits: hits(roomId, found) }));
			},
		}),
	} as unknown as Peers;
	const frame = { log: { warn: () => undefined, error: () => undefined, info: () => undefined } };
	const shown = new ShownRooms(frame, peers, { limits: LIMITS, now: Date.now, onGone: async () => undefined });
	const show = (roomIds: string[], isFirstPage = true) => {
		const found = roomIds.map((roomId, at) => ({ roomId, seq: 100 - at, version: 1, place: 1_000 - at }));
		const page = { ms: -1, hits: [] as string[], isCut: false };
		const startedAt = Date.now();
		void shown.show(BOB, { query: "x", isFirstPage }, found).then(({ hits, isCut }) => {
			Object.assign(page, { ms: Date.now() - startedAt, isCut, hits: hits.map((hit) => `${hit.roomId} ${hit.id}`) });
		});
		return page;
	};
	return { seen, wakeUp, show };
}

test("the first hits are those of the newest room: it alone is woken, asked once for all of them, as soon as it is awake", async () => {
	const { seen, show } = openWorld();
	const page = show(["r-1", "r-1", "r-2", "r-3", "r-1"]);
	await vi.runAllTimersAsync();
	expect(page).toEqual({ ms: WAKES_MS, hits: ["r-1 100", "r-1 99"], isCut: true });
	expect(seen).toEqual({ woken: ["r-1"], asked: ["r-1 100 99 96"] });
});

test("rooms that are awake show what they have at once, and none is woken beside them", async () => {
	const { seen, wakeUp, show } = openWorld();
	wakeUp("r-1");
	wakeUp("r-3");
	const page = show(["r-1", "r-3", "r-2", "r-1", "r-4"]);
	await vi.runAllTimersAsync();
	expect(page).toEqual({ ms: 0, hits: ["r-1 100", "r-3 99"], isCut: true });
	expect(seen).toEqual({ woken: [], asked: ["r-1 100 97", "r-3 99"] });
});

test("when the newest has nothing to show any more, others are woken, a few at a time, until one has", async () => {
	const { seen, show } = openWorld({ silent: ["r-1", "r-2", "r-3", "r-4"] });
	const page = show(["r-1", "r-2", "r-3", "r-4", "r-5", "r-6", "r-7", "r-8"]);
	await vi.runAllTimersAsync();
	expect(page).toEqual({ ms: 3 * WAKES_MS, hits: ["r-5 96"], isCut: true });
	expect(seen.woken).toEqual(["r-1", "r-2", "r-3", "r-4", "r-5", "r-6", "r-7"]);
});

test("[SEARCH10] a later page wakes some together, and ends before the first that has not answered", async () => {
	const { seen, show } = openWorld();
	const page = show(["r-1", "r-2", "r-3", "r-4"], false);
	await vi.runAllTimersAsync();
	expect(page).toEqual({ ms: WAKES_MS, hits: ["r-1 100"], isCut: true });
	expect(seen.woken).toEqual(["r-1", "r-2", "r-3"]);
});

test("a room that wakes in another process answers through the engine, and so does one that could not be asked here", async () => {
	const far = openWorld({ near: false });
	const page = far.show(["r-1"]);
	await vi.runAllTimersAsync();
	expect(page).toEqual({ ms: WAKES_MS + BACK_MS, hits: ["r-1 100"], isCut: false });
	const broken = openWorld({ broken: ["r-2"] });
	const other = broken.show(["r-2"]);
	await vi.runAllTimersAsync();
	expect(other).toEqual({ ms: WAKES_MS + BACK_MS, hits: ["r-2 100"], isCut: false });
});
