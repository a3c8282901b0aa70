import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Message } from "./message.ts";
import type { History, MemberRow, RoomRow, RoomView } from "./room.ts";
import {
	abandonOlder,
	beginOlder,
	changeRoom,
	headSeqOf,
	isJoined,
	joinedMembers,
	messageIn,
	prependOlder,
	type RoomState,
	roomFrom,
	trimRoom,
} from "./room-view.ts";

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
		const reading = changeRoom(beginOlder(opened()), [message(3, 20)], 1);
		const state = prependOlder(reading, 6, history(2, 5));
		expect(ids(state)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
		expect(messageIn(state, 3)?.version).toBe(20);
		expect(state.hasOlder).toBe(true);
		expect(prependOlder(beginOlder(state), 2, history(1, 1)).hasOlder).toBe(false);
	});

	test("[ROOMVIEW4] a page that was read for another window is ignored", () => {
		const reset = opened(8);
		expect(prependOlder(reset, 6, history(2, 5))).toBe(reset);
		const failed = abandonOlder(beginOlder(reset));
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
		const state = trimRoom(opened(1), 4);
		expect(ids(state)).toEqual([7, 8, 9, 10]);
		expect(state).toMatchObject({ windowFrom: 7, hasOlder: true });
		expect(trimRoom(state, 4)).toBe(state);
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
	{ weight: 1, arbitrary: fc.record({ type: fc.constant("fail" as const) }) },
	{ weight: 1, arbitrary: fc.record({ type: fc.constant("trim" as const) }) },
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
	let answer: { before: number; history: History } | null = null;

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

	for (let n = 0; n < before; n++) put(++seq);
	line.length = 0;
	let state = roomFrom({ view, history: page(Number.MAX_SAFE_INTEGER) });

	const hear = (): void => {
		const next = line.shift();
		if (next) state = changeRoom(state, next.row, next.floorSeq);
	};
	const take = (): void => {
		if (answer) state = prependOlder(state, answer.before, answer.history);
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
			case "ask":
				if (answer || !state.hasOlder) break;
				state = beginOlder(state);
				answer = { before: state.windowFrom, history: page(state.windowFrom) };
				break;
			case "answer":
				take();
				break;
			case "fail":
				if (answer) state = abandonOlder(state);
				answer = null;
				break;
			case "trim":
				state = trimRoom(state, 5);
		}
		const shown = ids(state);
		expect(shown).toEqual(shown.map((_, at) => shown[0]! + at));
	}
	while (line.length > 0) hear();
	take();
	const expected = [...rows.values()].filter(({ id }) => id >= state.windowFrom).sort((a, b) => a.id - b.id);
	expect(state.messages).toEqual(expected);
	expect(state.hasOlder).toBe([...rows.keys()].some((id) => id < state.windowFrom));
}
