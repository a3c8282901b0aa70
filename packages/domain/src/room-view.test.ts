import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Message } from "./message.ts";
import {
	abandonPage,
	appendNewer,
	beginPage,
	messageIn,
	NEWEST,
	prependOlder,
	showPage,
	trimWindow,
} from "./message-window.ts";
import type { History, MemberRow, RoomRow, RoomView } from "./room.ts";
import { changeRoom, headSeqOf, isJoined, joinedMembers, type RoomState, roomFrom } from "./room-view.ts";

const message = (id: number, version = id, text = `${id} at ${version}`): Message => ({
	kind: "message",
	id,
	version,
	sender: "ada",
	text,
	timestamp: id,
	reactions: [],
});
const member = (id: string, version: number, status: MemberRow["status"] = "joined"): MemberRow => ({
	kind: "member",
	id,
	version,
	role: "member",
	status,
	changedAt: 1,
});
const room: RoomRow = {
	kind: "room",
	id: "general",
	version: 1,
	name: "general",
	topic: "",
	visibility: "public",
	createdBy: null,
	createdAt: 1,
};
const head = { seq: 10, version: 10, epoch: "e1" };
const view: RoomView = {
	room,
	members: [member("ada", 1)],
	me: member("ada", 1),
	onlineUserIds: [],
	head,
	floorSeq: 1,
};
const history = (from: number, to: number, hasMore = from > 1, floorSeq = 1): History => ({
	messages: Array.from({ length: to - from + 1 }, (_, n) => message(from + n)),
	head,
	floorSeq,
	hasMore,
});
const opened = (from = 6): RoomState => roomFrom({ view, history: history(from, 10) });
const ids = (state: RoomState): number[] => state.messages.map(({ id }) => id);

describe("a room as a client knows it", () => {
	test("[ROOMVIEW1] the window is every message from the oldest loaded to the newest", () => {
		const state = changeRoom(opened(), [message(12, 12), message(11, 11)], 1);
		expect(ids(state)).toEqual([6, 7, 8, 9, 10, 11, 12]);
		expect(headSeqOf(state)).toBe(12);
		expect(messageIn(state, 11)?.version).toBe(11);
		expect(messageIn(state, 5)).toBeUndefined();
	});

	test("[ROOMVIEW2] a change replaces the message, an older one does not, and nothing new keeps the same state", () => {
		const state = changeRoom(opened(), [message(8, 20)], 1);
		expect(messageIn(state, 8)?.version).toBe(20);
		expect(changeRoom(state, [message(8, 19), message(8, 20)], 1)).toBe(state);
	});

	test("[ROOMVIEW3] a change below the window is ignored", () => {
		const state = opened();
		expect(changeRoom(state, [message(3, 20)], 1)).toBe(state);
	});

	test("[ROOMVIEW4] an older page goes in front, with the changes that happened while it was read", () => {
		const reading = changeRoom(beginPage(opened()), [message(3, 20)], 1);
		const state = prependOlder(reading, 6, history(2, 5));
		expect(ids(state)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
		expect(messageIn(state, 3)?.version).toBe(20);
		expect(state.hasOlder).toBe(true);
		expect(prependOlder(beginPage(state), 2, history(1, 1)).hasOlder).toBe(false);
	});

	test("[ROOMVIEW4] a page that was read for another window is ignored", () => {
		const reset = opened(8);
		expect(prependOlder(reset, 6, history(2, 5))).toBe(reset);
		const failed = abandonPage(beginPage(reset));
		expect(changeRoom(failed, [message(3, 20)], 1)).toBe(failed);
	});

	test("[ROOMVIEW5] pruned messages go, and with the last of the older ones the offer to load them", () => {
		const state = changeRoom(opened(), [], 8);
		expect(ids(state)).toEqual([8, 9, 10]);
		expect(state.hasOlder).toBe(false);
		expect(ids(changeRoom(state, [], 11))).toEqual([]);
		expect(ids(changeRoom(changeRoom(state, [], 11), [message(11, 30)], 11))).toEqual([11]);
	});

	test("[ROOMVIEW6] members and the room's own row change by version", () => {
		const topic = { ...room, version: 12, topic: "tea" };
		const state = changeRoom(opened(), [member("bob", 11), member("ada", 12, "left"), topic], 1);
		expect(state.room.topic).toBe("tea");
		expect(joinedMembers(state).map(({ id }) => id)).toEqual(["bob"]);
		expect(isJoined(state, "ada")).toBe(false);
	});

	test("[ROOMVIEW7] a visitor sees the room and its people, never a message", () => {
		const visitor = roomFrom({ view: { ...view, me: null }, history: null });
		expect(ids(changeRoom(visitor, [message(11)], 1))).toEqual([]);
		expect(visitor.hasOlder).toBe(false);
	});

	test("[ROOMVIEW8] a window that grew too large lets go of its oldest messages, which can be loaded again", () => {
		const state = trimWindow(opened(1), 4, "older");
		expect(ids(state)).toEqual([7, 8, 9, 10]);
		expect(state).toMatchObject({ windowFrom: 7, hasOlder: true });
		expect(trimWindow(state, 4, "older")).toBe(state);
	});

	test("[ROOMVIEW10] a window may lie anywhere: what comes after it waits until it is read, and its end is found", () => {
		const there = showPage(beginPage(opened()), 5, history(3, 4));
		expect(there).toMatchObject({ windowFrom: 3, windowTo: 5, hasOlder: true });
		expect(changeRoom(there, [message(11), message(5, 20)], 1)).toBe(there);
		const on = appendNewer(beginPage(there), 4, { ...history(5, 7), hasMore: true });
		expect(ids(on)).toEqual([3, 4, 5, 6, 7]);
		expect(on.windowTo).toBe(8);
		expect(appendNewer(beginPage(on), 4, history(5, 7))).toMatchObject({ windowTo: 8 });
		const end = appendNewer(changeRoom(beginPage(on), [message(11)], 1), 7, { ...history(8, 10), hasMore: false });
		expect(ids(end)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11]);
		expect(end.windowTo).toBeNull();
		expect(trimWindow(end, 4, "newer")).toMatchObject({ windowFrom: 3, windowTo: 7 });
	});

	test("[ROOMVIEW11] what is pinned is known of messages outside of the window, too", () => {
		const pin = { pinned: { by: "ada", at: 5 } };
		const state = changeRoom(roomFrom({ view: { ...view, pinnedIds: [2, 3] }, history: history(6, 10) }), [], 3);
		expect([...state.pinnedIds]).toEqual([3]);
		const more = changeRoom(state, [{ ...message(4, 20), ...pin }, message(3, 21)], 3);
		expect([...more.pinnedIds]).toEqual([4]);
		expect(changeRoom(more, [{ ...message(4, 22), ...pin }], 3)).toBe(more);
	});

	test("[ROOMVIEW9] whenever pages are loaded and whatever changes, the window equals the server's rows", () => {
		fc.assert(fc.property(fc.array(anyStep, { maxLength: 60 }), fc.integer({ min: 0, max: 12 }), staysTrue), {
			numRuns: 2_000,
		});
	});
});

const anyStep = fc.oneof(
	{ weight: 4, arbitrary: fc.record({ type: fc.constant("send" as const) }) },
	{ weight: 3, arbitrary: fc.record({ type: fc.constant("edit" as const), at: fc.nat(30) }) },
	{ weight: 1, arbitrary: fc.record({ type: fc.constant("prune" as const), by: fc.nat(3) }) },
	{ weight: 3, arbitrary: fc.record({ type: fc.constant("hear" as const) }) },
	{ weight: 2, arbitrary: fc.record({ type: fc.constant("ask" as const) }) },
	{ weight: 2, arbitrary: fc.record({ type: fc.constant("answer" as const) }) },
	{ weight: 1, arbitrary: fc.record({ type: fc.constant("newer" as const) }) },
	{ weight: 1, arbitrary: fc.record({ type: fc.constant("jump" as const), at: fc.nat(40) }) },
	{ weight: 1, arbitrary: fc.record({ type: fc.constant("newest" as const) }) },
	{ weight: 1, arbitrary: fc.record({ type: fc.constant("fail" as const) }) },
	{ weight: 1, arbitrary: fc.record({ type: fc.constant("trim" as const), end: fc.constantFrom("older", "newer") }) },
);
type AnyStep = typeof anyStep extends fc.Arbitrary<infer S> ? S : never;

const PAGE = 3;

/** Events are heard in order and late; a page is read at once and answered late. */
function staysTrue(steps: readonly AnyStep[], before: number): void {
	let rows = new Map<number, Message>();
	let version = 0;
	let seq = 0;
	let floorSeq = 1;
	const line: { row: Message[]; floorSeq: number }[] = [];
	let answer: ((state: RoomState) => RoomState) | null = null;

	const put = (id: number): void => {
		version += 1;
		const row = message(id, version);
		rows.set(id, row);
		line.push({ row: [row], floorSeq });
	};
	const page = (below: number): History => {
		const older = [...rows.values()].filter(({ id }) => id < below).sort((a, b) => a.id - b.id);
		const messages = older.slice(-PAGE);
		return { messages, head: { seq, version, epoch: "e1" }, floorSeq, hasMore: older.length > messages.length };
	};

	const pageAfter = (above: number): History => {
		const newer = [...rows.values()].filter(({ id }) => id > above).sort((a, b) => a.id - b.id);
		const messages = newer.slice(0, PAGE);
		return { messages, head: { seq, version, epoch: "e1" }, floorSeq, hasMore: newer.length > messages.length };
	};
	const ask = (take: (state: RoomState) => RoomState): void => {
		state = beginPage(state);
		answer = take;
	};
	const jump = (below: number): void => {
		const there = page(below);
		ask((now) => showPage(now, below, there));
	};

	for (let n = 0; n < before; n++) put(++seq);
	line.length = 0;
	let state = roomFrom({ view, history: page(Number.MAX_SAFE_INTEGER) });

	const hear = (): void => {
		const next = line.shift();
		if (next) state = changeRoom(state, next.row, next.floorSeq);
	};
	const take = (): void => {
		if (answer) state = answer(state);
		answer = null;
	};
	for (const step of steps) {
		switch (step.type) {
			case "send":
				put(++seq);
				break;
			case "edit":
				if (rows.size > 0) put([...rows.keys()][step.at % rows.size]!);
				break;
			case "prune":
				floorSeq = Math.min(floorSeq + step.by, seq + 1);
				rows = new Map([...rows].filter(([id]) => id >= floorSeq));
				line.push({ row: [], floorSeq });
				break;
			case "hear":
				hear();
				break;
			case "ask": {
				if (answer || !state.hasOlder) break;
				const below = state.windowFrom;
				const older = page(below);
				ask((now) => prependOlder(now, below, older));
				break;
			}
			case "newer": {
				if (answer || state.windowTo === null) break;
				const above = state.windowTo - 1;
				const newer = pageAfter(above);
				ask((now) => appendNewer(now, above, newer));
				break;
			}
			case "jump":
				if (!answer) jump(step.at + 1);
				break;
			case "newest":
				if (!answer) jump(NEWEST);
				break;
			case "answer":
				take();
				break;
			case "fail":
				if (answer) state = abandonPage(state);
				answer = null;
				break;
			case "trim":
				state = trimWindow(state, 5, step.end);
		}
		const shown = ids(state);
		expect(shown).toEqual(shown.map((_, at) => shown[0]! + at));
	}
	while (line.length > 0) hear();
	take();
	const isInside = (id: number): boolean => id >= state.windowFrom && (state.windowTo === null || id < state.windowTo);
	const expected = [...rows.values()].filter(({ id }) => isInside(id)).sort((a, b) => a.id - b.id);
	expect(state.messages).toEqual(expected);
	expect(state.hasOlder).toBe([...rows.keys()].some((id) => id < state.windowFrom));
}
