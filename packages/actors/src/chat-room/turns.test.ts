import { expect, test } from "vitest";
import { type Due, type Rank, sharedBudgets, Turns } from "./turns.ts";

const LIMITS = {
	...{ inboxNotesAtOnce: 32, inboxNoteGapMs: 800, inboxNoteAwayMs: 2_000, inboxNoteSeeingMs: 10_000 },
	...{ inboxNoteBurst: 3, inboxNotePerSecond: 1, inboxNotePerSecondBusy: 1 },
	...{ inboxNoteBurstAllRooms: 100, inboxNotePerSecondAllRooms: 10, inboxNoteKeptForOpen: 20 },
	...{ inboxWakeBurst: 4, inboxWakesPerSecond: 2 },
};
const NONE = { count: 0, troubled: 0 };

interface Person extends Due {
	readonly name: string;
}
const one = (name: string, rank: Rank, fields: Partial<Due> = {}): Person => ({
	...{ name, rank, version: 0, retryAt: 0, isTroubled: false, isAsleep: false, ...fields },
});
const many = (count: number, rank: Rank): Person[] =>
	Array.from({ length: count }, (_, index) => one(`${rank}${index}`, rank));

function openWorld(limits: Partial<typeof LIMITS> = {}) {
	const clock = { now: 1_000_000 };
	const all = { ...LIMITS, ...limits };
	const shared = sharedBudgets(all, () => clock.now);
	const rate = { burst: all.inboxNoteBurstAllRooms, perSecond: all.inboxNotePerSecondAllRooms };
	const turns = new Turns({ limits: all, now: () => clock.now, shared });
	const next = (due: readonly Person[], telling = NONE): string[] => turns.next(due, telling).map(({ name }) => name);
	return { clock, turns, next, shared: shared.notes, rate };
}

test("whoever has their inbox open is told in each turn, however many others use up what the room may tell", () => {
	const { clock, next, turns } = openWorld();
	const everybody = [...many(5, "away"), ...many(2, "looking"), ...many(4, "open")];
	expect(next(everybody)).toEqual(["open0", "open1", "open2", "open3", "looking0", "looking1", "away0"]);
	for (let turn = 0; turn < 5; turn++) {
		clock.now += LIMITS.inboxNoteGapMs;
		expect(next(everybody).slice(0, 4)).toEqual(["open0", "open1", "open2", "open3"]);
	}
	expect(next(everybody)).not.toContain("open0");
	turns.isBusy = true;
	clock.now += LIMITS.inboxNoteGapMs;
	expect(next(everybody).length).toBeLessThan(4);
});

test("of what all rooms may tell together, some is kept for open inboxes", () => {
	const { next, shared, rate } = openWorld({ inboxNoteBurst: 1_000, inboxNotesAtOnce: 1_000 });
	expect(next(many(200, "away"))).toHaveLength(80);
	expect(next(many(200, "looking"))).toHaveLength(0);
	expect(next(many(200, "open"))).toHaveLength(20);
	expect(shared.left(rate)).toBe(0);
});

test("who was told waits for their next turn, also while others of the same change still wait", () => {
	const { clock, next, turns } = openWorld();
	const due = [one("here", "looking"), ...many(5, "away")];
	expect(next(due)).toEqual(["here", "away0", "away1"]);
	clock.now += LIMITS.inboxNoteGapMs - 1;
	expect(next([one("here", "looking")])).toEqual([]);
	expect(turns.waitMs([one("here", "looking")])).toBeGreaterThanOrEqual(1);
	clock.now += 1_000;
	expect(next([one("here", "looking"), one("away2", "away")])).toEqual(["here"]);
	turns.callAll();
	clock.now += 10_000;
	expect(next(many(2, "away"))).toEqual(["away0", "away1"]);
	clock.now += 1_000;
	expect(turns.waitMs(many(1, "away"))).toBe(LIMITS.inboxNoteAwayMs - 1_000);
});

test("those who know least come first, so that nobody waits for ever for those who are told again and again", () => {
	const { next } = openWorld();
	const due = [one("told", "looking", { version: 9 }), one("behind", "looking", { version: 2 }), one("new", "looking")];
	expect(next(due, { count: 30, troubled: 0 })).toEqual(["new", "behind"]);
});

test("whoever could not be told waits, and then has a few lanes of all", () => {
	const { clock, next, turns } = openWorld({ inboxNoteBurst: 100 });
	const troubled = Array.from({ length: 12 }, (_, index) => one(`bad${index}`, "away", { isTroubled: true }));
	const later = one("later", "away", { retryAt: clock.now + 5_000, isTroubled: true });
	expect(next([...troubled, later, one("good", "away")], { count: 2, troubled: 2 })).toHaveLength(6 + 1);
	expect(turns.waitMs([later])).toBe(5_000);
	expect(turns.waitMs([])).toBe(Number.POSITIVE_INFINITY);
});

test("when nothing may be told, it says how long that lasts", () => {
	const { next, turns } = openWorld();
	expect(next(many(3, "looking"))).toHaveLength(3);
	expect(turns.waitMs(many(1, "away"))).toBe(3_000);
	expect(turns.waitMs(many(1, "open"))).toBe(0);
});

test("whoever sees it anyway is told once nobody has said anything for a while, and whoever was called at once", () => {
	const { clock, next, turns } = openWorld();
	const due = [one("seeing", "seeing"), one("called", "called"), one("looking", "looking")];
	for (let at = 0; at < 3 * LIMITS.inboxNoteSeeingMs; at += LIMITS.inboxNoteSeeingMs / 2) {
		turns.happened();
		expect(next(due)).toEqual(["called", "looking"]);
		turns.callAll();
		clock.now += LIMITS.inboxNoteSeeingMs / 2;
	}
	expect(turns.waitMs(due.slice(0, 1))).toBe(LIMITS.inboxNoteSeeingMs / 2);
	clock.now += LIMITS.inboxNoteSeeingMs / 2;
	expect(next(due.slice(0, 1))).toEqual(["seeing"]);
});

test("so many inboxes are woken and no more, but for those of people who were called", () => {
	const { clock, next, turns } = openWorld({ inboxNoteBurst: 1_000 });
	const asleep = (count: number, rank: Rank) => many(count, rank).map((each) => ({ ...each, isAsleep: true }));
	const due = [...asleep(1, "called"), ...asleep(9, "away"), one("awake", "away")];
	expect(next(due)).toEqual(["called0", "away0", "away1", "away2", "awake"]);
	expect(next(due.slice(1))).toEqual(["awake"]);
	clock.now += LIMITS.inboxNoteAwayMs;
	expect(next(asleep(9, "away"))).toHaveLength(4);
	expect(turns.waitMs(asleep(1, "away"))).toBe(2_000);
	expect(next(asleep(6, "called"))).toHaveLength(6);
});
