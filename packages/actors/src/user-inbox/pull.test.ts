import type { NoteRoomInput } from "@bullpen/domain/inbox";
import type { RoomPosition } from "@bullpen/domain/inbox-rules";
import { LIMITS } from "@bullpen/domain/limits";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Room } from "../chat-room/room.ts";
import { rooms } from "../neighbours.ts";
import type { Peers } from "../peers.ts";
import { Pull } from "./pull.ts";

const TOLD = 4;
const HEAD = 9;

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

const positionOf = (roomId: string, lastAt = 0): RoomPosition => ({
	...{ roomId, noteVersion: TOLD, name: roomId, visibility: "private", isMember: true, lastAt },
	...{ headSeq: TOLD, floorSeq: 1, readSeq: 0, readEpoch: 0, joinedVersion: 0, joinedAtSeq: 0 },
});
const noteOf = (roomId: string) => ({ roomId, version: HEAD }) as NoteRoomInput;

/** Rooms as an inbox meets them: those awake answer after `answersAfterMs`, those that sleep after `wakesAfterMs`. */
function openWorld({ answersAfterMs = 0, wakesAfterMs = 0, tellsItself = false } = {}) {
	const seen = { asked: [] as string[], took: [] as unknown[], shown: [] as string[] };
	const after = <Result>(ms: number, result: Result): Promise<Result> =>
		new Promise((resolve) => setTimeout(() => resolve(result), ms));
	const wakeUp = (...roomIds: string[]): void => {
		for (const roomId of roomIds) {
			const outbox: Pick<Room["outbox"], "owes" | "positionOf" | "took"> = {
				owes: () => !tellsItself,
				positionOf: (_, { version }) => {
					seen.asked.push(`${roomId} since ${version}`);
					return after(answersAfterMs, noteOf(roomId));
				},
				took: (...told) => seen.took.push(told),
			};
			rooms.wokeUp(roomId, { outbox } as Room);
		}
	};
	const peers = {
		get: (_: string, roomId: string) => ({
			getPosition: () => {
				seen.asked.push(`${roomId} by the engine`);
				return after(wakesAfterMs, noteOf(roomId));
			},
		}),
	} as unknown as Peers;
	const pull = new Pull("bob", peers, LIMITS);
	const take = async ({ roomId }: NoteRoomInput): Promise<void> => {
		seen.shown.push(roomId);
	};
	const open = (positions: RoomPosition[], isAfterStart = false): { isOpen: boolean } => {
		const screen = { isOpen: false };
		void pull.catchUp(positions, isAfterStart, take).then(() => {
			screen.isOpen = true;
		});
		return screen;
	};
	return { seen, wakeUp, open };
}

test("[INB16] nothing is shown that a room which is awake knows better, however long it takes to say so", async () => {
	const { seen, wakeUp, open } = openWorld({ answersAfterMs: LIMITS.inboxPullMs * 4 });
	wakeUp("r-1", "r-2");
	const screen = open([positionOf("r-1"), positionOf("r-2")]);
	await vi.advanceTimersByTimeAsync(LIMITS.inboxPullMs * 4 - 1);
	expect(screen.isOpen).toBe(false);
	await vi.advanceTimersByTimeAsync(1);
	expect(screen.isOpen).toBe(true);
	expect(seen.shown).toEqual(["r-1", "r-2"]);
});

test("[INB16] every room that is awake and has more to tell is asked, the latest first, a few at a time", async () => {
	const { seen, wakeUp, open } = openWorld({ answersAfterMs: 1 });
	const roomIds = Array.from({ length: LIMITS.inboxPullRoomsMax + 10 }, (_, index) => `r-${index}`);
	wakeUp(...roomIds);
	open(roomIds.map((roomId, lastAt) => positionOf(roomId, lastAt)));
	expect(seen.asked).toHaveLength(LIMITS.inboxPullsAtOnce);
	expect(seen.asked[0]).toBe(`${roomIds.at(-1)} since ${TOLD}`);
	await vi.runAllTimersAsync();
	expect(seen.shown.toSorted()).toEqual(roomIds.toSorted());
});

test("[INB16] a room that has told everything, was left, or sleeps is not asked", async () => {
	const { seen, wakeUp, open } = openWorld({ tellsItself: true });
	wakeUp("r-told");
	const screen = open([positionOf("r-told"), { ...positionOf("r-left"), isMember: false }, positionOf("r-asleep")]);
	await vi.advanceTimersByTimeAsync(0);
	expect(screen.isOpen).toBe(true);
	expect(seen.asked).toEqual([]);
});

test("[INB16] soon after a start rooms that sleep are asked once, and not waited for long; what they say is taken", async () => {
	const { seen, open } = openWorld({ wakesAfterMs: LIMITS.inboxPullMs * 4 });
	const screen = open([positionOf("r-asleep-too")], true);
	await vi.advanceTimersByTimeAsync(LIMITS.inboxPullMs);
	expect(screen.isOpen).toBe(true);
	expect(seen).toMatchObject({ asked: ["r-asleep-too by the engine"], shown: [] });
	await vi.runAllTimersAsync();
	expect(seen.shown).toEqual(["r-asleep-too"]);
	open([positionOf("r-asleep-too")], true);
	expect(seen.asked).toHaveLength(1);
});

test("[P6] a room that never answers does not keep an inbox closed for ever", async () => {
	const { wakeUp, open } = openWorld({ answersAfterMs: 2 ** 31 - 1 });
	wakeUp("r-stuck");
	const screen = open([positionOf("r-stuck")]);
	await vi.advanceTimersByTimeAsync(LIMITS.inboxNoteCallMs);
	expect(screen.isOpen).toBe(true);
});

test("a room hears what of it was taken, and need not tell it again", async () => {
	const { seen, wakeUp, open } = openWorld();
	wakeUp("r-3");
	open([positionOf("r-3")]);
	await vi.runAllTimersAsync();
	expect(seen.took).toEqual([["bob", TOLD, HEAD]]);
});
