import { LIMITS } from "@bullpen/domain/limits";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Frame } from "../frame.ts";
import type { Peers } from "../peers.ts";
import { NoteBudget } from "./note-budget.ts";
import { Outbox } from "./outbox.ts";
import type { Room } from "./room.ts";
import type { Member } from "./store/room-store.ts";

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

const TOLD = 4;
const HEAD = 9;

test("what an inbox asked for and took is not told to it again, unless it had asked from beyond what it was told", () => {
	const bob = { row: { id: "bob", status: "joined", version: 1 }, place: { joinedAtSeq: 0 } } as Member;
	const [version, memberWith] = [HEAD, () => bob];
	const room = { limits: LIMITS, now: Date.now, room: { version: 1 }, version, noteVersion: version, memberWith };
	const budget = new NoteBudget(LIMITS.inboxNoteBurstAllRooms, Date.now);
	const outbox = new Outbox({} as Frame<unknown>, room as unknown as Room, {} as Peers, budget);
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
