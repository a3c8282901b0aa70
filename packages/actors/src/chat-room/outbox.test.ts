import type { NoteRoomInput } from "@bullpen/domain/inbox";
import { LIMITS } from "@bullpen/domain/limits";
import type { Message } from "@bullpen/domain/message";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Frame } from "../frame.ts";
import { inboxes } from "../neighbours.ts";
import type { Peers } from "../peers.ts";
import type { Inbox } from "../user-inbox/inbox.ts";
import { Notes } from "./notes.ts";
import { Outbox } from "./outbox.ts";
import type { Room } from "./room.ts";
import type { Member } from "./store/room-store.ts";
import { sharedBudgets } from "./turns.ts";

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
});

const TOLD = 4;
const HEAD = 9;

test("what an inbox asked for and took is not told to it again, unless it had asked from beyond what it was told", () => {
	const bob = { row: { id: "bob", status: "joined", version: 1 }, place: { joinedAtSeq: 0 } } as Member;
	const [version, memberWith] = [HEAD, () => bob];
	const room = { limits: LIMITS, now: Date.now, room: { version: 1 }, version, noteVersion: version, memberWith };
	const outbox = new Outbox(
		{} as Frame<unknown>,
		room as unknown as Room,
		{} as Peers,
		sharedBudgets(LIMITS, Date.now),
	);
	outbox.startFrom("bob", TOLD);
	expect(outbox.owes("bob")).toBe(true);
	outbox.took("bob", TOLD + 1, HEAD);
	expect(outbox.owes("bob")).toBe(true);
	outbox.took("bob", TOLD, HEAD - 1);
	expect(outbox.owes("bob")).toBe(true);
	outbox.took("bob", TOLD, HEAD);
	expect(outbox.owes("bob")).toBe(false);
	outbox.took("bob", TOLD, HEAD - 1);
	expect(outbox.owes("bob")).toBe(false);
});

test("whoever looks at the room with no inbox open is told when they leave, and at once when called or when their part in it changed", async () => {
	const clock = { seq: HEAD };
	const bob = { row: { id: "bob", status: "joined", version: 1, role: "member" }, place: { joinedAtSeq: 0 } } as Member;
	const people = { isHere: true };
	const room = {
		...{ limits: LIMITS, now: Date.now, room: { version: 1, visibility: "private" }, members: [bob] },
		...{ memberWith: () => bob, isJoined: () => true, audience: { isOnline: () => people.isHere } },
		get noteVersion() {
			return clock.seq;
		},
	};
	const frame = { keepAwake: <T>(work: Promise<T>) => work, log: { warn: () => undefined } };
	const told: number[] = [];
	const inbox = { isWatched: false, noteRoom: async ({ version }: { version: number }) => void told.push(version) };
	inboxes.wokeUp("bob", inbox as unknown as Inbox);
	vi.spyOn(Notes.prototype, "since").mockImplementation(
		async () => ({ userId: "bob", version: clock.seq }) as unknown as NoteRoomInput,
	);
	const outbox = new Outbox(frame as never, room as unknown as Room, {} as Peers, sharedBudgets(LIMITS, Date.now));
	outbox.startFrom("bob", HEAD);
	const happens = async (text = "hello", waitMs = 2_000): Promise<void> => {
		clock.seq += 1;
		outbox.changed([{ text, sender: "ada" } as Message]);
		await vi.advanceTimersByTimeAsync(waitMs);
	};
	for (let said = 0; said < 10; said++) await happens();
	expect(told).toEqual([]);
	await vi.advanceTimersByTimeAsync(LIMITS.inboxNoteSeeingMs);
	expect(told).toEqual([HEAD + 10]);
	await happens("<@bob>, look");
	expect(told.slice(1)).toEqual([HEAD + 11]);
	Object.assign(bob.row, { version: HEAD + 12 });
	await happens();
	expect(told.slice(2)).toEqual([HEAD + 12]);
	await happens();
	expect(told.slice(3)).toEqual([]);
	people.isHere = false;
	outbox.left("bob");
	await vi.advanceTimersByTimeAsync(LIMITS.inboxNoteHereMs);
	expect(told.slice(3)).toEqual([HEAD + 13]);
	await outbox.dispose();
	inboxes.fellAsleep("bob", inbox as unknown as Inbox);
});
