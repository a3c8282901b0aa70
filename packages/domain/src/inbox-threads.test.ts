import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { InboxRoomRow, ThreadNote } from "./inbox.ts";
import {
	isThreadOver,
	type ThreadState,
	threadReadUpTo,
	unreadThreads,
	waitingThreads,
	withThreadNote,
} from "./inbox-threads.ts";
import { LIMITS } from "./limits.ts";
import { refusal } from "./test/refusal.ts";

const room = { isMember: true, floorSeq: 1, joinedAtSeq: 0, headSeq: 20 };
const note = (version: number, from: number | null, replies: ThreadNote["replies"]): ThreadNote => ({
	...{ rootId: 1, version, from, replies },
});
const unreadIn = (state: ThreadState | undefined, where = room) =>
	unreadThreads(state ? [state] : [], where, 9).threads[0]?.unread ?? 0;
const stateAfter = (notes: readonly ThreadNote[]): ThreadState | undefined =>
	notes.reduce<ThreadState | undefined>((state, one) => withThreadNote(state, one), undefined);

describe("a followed thread", () => {
	test("[INB17] it counts the same whatever order its notes come in, also twice", () => {
		const notes = [
			note(2, 1, [[2, 2, "unread"]]),
			note(2, 1, [[3, 4, "unread"]]),
			note(2, 1, [[3, 6, "silent"]]),
			note(8, null, []),
			note(9, 4, [[5, 9, "unread"]]),
			note(9, 4, [[6, 10, "unread"]]),
		];
		fc.assert(
			fc.property(fc.shuffledSubarray([...notes, ...notes], { minLength: 12 }), (shuffled) => {
				const state = stateAfter(shuffled);
				expect([state?.from, state?.version, unreadIn(state)]).toEqual([4, 9, 2]);
			}),
		);
	});

	test("[INB17] a note that says nothing new changes nothing", () => {
		const state = stateAfter([note(2, 1, [[2, 2, "unread"]])]);
		expect(withThreadNote(state, note(2, 1, [[2, 2, "unread"]]))).toBe(state);
		expect(withThreadNote(state, note(1, null, []))).toBe(state);
	});

	test("[INB17] below the floor, before coming in, and outside nothing is unread", () => {
		const state = stateAfter([
			note(2, 1, [
				[4, 2, "unread"],
				[6, 3, "unread"],
			]),
		]);
		expect(unreadThreads(state ? [state] : [], room, 9)).toEqual({
			unread: 2,
			threads: [{ rootId: 1, unread: 2, firstSeq: 4, lastSeq: 6 }],
		});
		expect(unreadIn(state, { ...room, floorSeq: 5 })).toBe(1);
		expect(unreadIn(state, { ...room, joinedAtSeq: 6 })).toBe(0);
		expect(unreadIn(state, { ...room, isMember: false })).toBe(0);
		expect([5, 7].map((floorSeq) => state && isThreadOver(state, floorSeq))).toEqual([false, true]);
	});

	test("[INB18] who stops following has nothing unread there, and starts afresh", () => {
		const told = note(2, 1, [[2, 2, "unread"]]);
		expect(unreadIn(stateAfter([told, note(5, null, [])]))).toBe(0);
		expect(
			unreadIn(
				stateAfter([
					told,
					note(5, null, []),
					note(7, 6, [
						[6, 5, "unread"],
						[8, 8, "unread"],
					]),
				]),
			),
		).toBe(1);
	});

	test("[INB19] reading goes forward only, also ahead of what was told, and writing is reading", () => {
		const told = stateAfter([
			note(2, 1, [
				[2, 2, "unread"],
				[3, 3, "unread"],
				[9, 9, "unread"],
			]),
		]);
		const read = threadReadUpTo(told, room, { rootId: 1, seq: 3 }, LIMITS);
		expect([unreadIn(read), unreadIn(threadReadUpTo(read, room, { rootId: 1, seq: 2 }, LIMITS))]).toEqual([1, 1]);
		const ahead = threadReadUpTo(undefined, room, { rootId: 1, seq: 3 }, LIMITS);
		expect(
			unreadIn(
				withThreadNote(
					ahead,
					note(2, 1, [
						[3, 3, "unread"],
						[4, 4, "unread"],
					]),
				),
			),
		).toBe(1);
		expect(unreadIn(withThreadNote(told, note(2, 1, [[8, 10, "own"]])))).toBe(1);
		expect(refusal(() => threadReadUpTo(told, undefined, { rootId: 1, seq: 2 }, LIMITS)).code).toBe("not_found");
		expect(refusal(() => threadReadUpTo(told, room, { rootId: 1, seq: 1e9 }, LIMITS)).code).toBe("bad_input");
	});

	test("[INB20] threads of rooms that say nothing do not wait; of many the latest are named, all are counted", () => {
		const threads = [1, 2, 3].map((rootId) =>
			withThreadNote(undefined, { ...note(2, 1, [[4 + rootId, 2, "unread"]]), rootId }),
		);
		const { unread, threads: named } = unreadThreads(threads, room, 2);
		expect([unread, named.map(({ rootId }) => rootId)]).toEqual([3, [3, 2]]);
		const row: InboxRoomRow = {
			...{ kind: "inboxRoom", id: "r-1", version: 1, name: "one", visibility: "public", lastAt: 0 },
			...{ headSeq: 20, readSeq: 0, unread: 0, mentions: 0, readEpoch: 0 },
		};
		const told = [{ kind: "inboxThreads" as const, id: "r-1", version: 2, unread, threads: named }];
		expect(waitingThreads([row], told, 0).map(({ rootId }) => rootId)).toEqual([3, 2]);
		expect(waitingThreads([{ ...row, mutedUntil: 5 }], told, 0)).toEqual([]);
	});
});
