import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NoteRoomInput } from "./inbox.ts";
import {
	countsToKeep,
	type RoomPosition,
	readUpTo,
	settledSeq,
	unreadCount,
	withNote,
	withWorkspaceNote,
} from "./inbox-rules.ts";
import { LIMITS } from "./limits.ts";
import { refusal } from "./test/refusal.ts";

const note = (changes: Partial<NoteRoomInput>): NoteRoomInput => ({
	userId: "ada",
	roomId: "r-1",
	name: "one",
	visibility: "public",
	version: 1,
	headSeq: 0,
	floorSeq: 1,
	lastAt: 0,
	notCounted: [],
	joinedAtSeq: null,
	isMember: true,
	...changes,
});

/** An inbox in a few lines: one room, and the set of seqs that do not count. */
class Inbox {
	room: RoomPosition | undefined;
	readonly notCounted = new Set<number>();

	note(input: NoteRoomInput): void {
		this.room = withNote(this.room, input);
		for (const seq of countsToKeep(this.room, input.notCounted)) this.notCounted.add(seq);
	}

	read(seq: number): void {
		this.room = readUpTo(this.room, seq, LIMITS);
	}

	get unread(): number {
		const room = this.room;
		if (room === undefined) return 0;
		const above = [...this.notCounted].filter((seq) => seq > settledSeq(room) && seq <= room.headSeq);
		return unreadCount(room, above.length);
	}
}

/** A room's life as seen by one member: posts by others or oneself, tombstones, pruning. */
const life = fc.array(
	fc.oneof(
		{ weight: 4, arbitrary: fc.constant({ type: "others-post" } as const) },
		{ weight: 2, arbitrary: fc.constant({ type: "own-post" } as const) },
		fc.record({ type: fc.constant("delete" as const), at: fc.nat(50) }),
		fc.record({ type: fc.constant("prune" as const), at: fc.nat(50) }),
	),
	{ minLength: 1, maxLength: 40 },
);

/** Notes as a room would send them, one per change, and what is unread at the end by definition. */
function told(changes: typeof life extends fc.Arbitrary<infer T> ? T : never) {
	const counts = new Map<number, boolean>();
	let floorSeq = 1;
	const notes = changes.map((change, index) => {
		const notCounted: number[] = [];
		if (change.type === "others-post" || change.type === "own-post") {
			counts.set(counts.size + 1, change.type === "others-post");
			if (change.type === "own-post") notCounted.push(counts.size);
		} else if (change.type === "delete" && counts.has(change.at)) {
			counts.set(change.at, false);
			notCounted.push(change.at);
		} else if (change.type === "prune") {
			floorSeq = Math.max(floorSeq, Math.min(change.at, counts.size + 1));
		}
		return note({ version: index + 1, headSeq: counts.size, floorSeq, notCounted, name: `name ${index}` });
	});
	const unreadAbove = (readSeq: number): number =>
		[...counts].filter(([seq, isCounted]) => isCounted && seq > readSeq && seq >= floorSeq).length;
	return { notes, unreadAbove, headSeq: counts.size };
}

describe("notes from rooms", () => {
	test("[INB1] late, doubled and shuffled notes give the same unread count as the room itself", () => {
		fc.assert(
			fc.property(life, fc.infiniteStream(fc.nat()), fc.nat(50), (changes, random, readAt) => {
				const { notes, unreadAbove, headSeq } = told(changes);
				const shuffled = [...notes, ...notes]
					.map((value) => ({ value, order: random.next().value as number }))
					.sort((one, other) => one.order - other.order)
					.map(({ value }) => value);
				const readSeq = Math.min(readAt, headSeq);
				const inbox = new Inbox();
				const half = shuffled.length >> 1;
				for (const one of shuffled.slice(0, half)) inbox.note(one);
				if (inbox.room) inbox.read(readSeq);
				for (const one of shuffled.slice(half)) inbox.note(one);
				expect(inbox.unread).toBe(unreadAbove(half > 0 ? readSeq : 0));
				expect(inbox.room?.name).toBe(notes.at(-1)?.name);
			}),
		);
	});

	test("[INB2] who joins starts reading at the head, again after having left", () => {
		const inbox = new Inbox();
		inbox.note(note({ version: 5, headSeq: 40, joinedAtSeq: 40 }));
		expect(inbox.unread).toBe(0);
		inbox.note(note({ version: 6, headSeq: 42 }));
		expect(inbox.unread).toBe(2);
		inbox.note(note({ version: 7, headSeq: 42, isMember: false }));
		expect(inbox.unread).toBe(0);
		inbox.note(note({ version: 9, headSeq: 60, joinedAtSeq: 59 }));
		expect(inbox.unread).toBe(1);
	});

	test("[INB3] an older note never takes membership or name back", () => {
		const newer = note({ version: 9, isMember: false, name: "new" });
		const older = note({ version: 8, isMember: true, name: "old" });
		const once = withNote(undefined, newer);
		expect(withNote(once, older)).toMatchObject({ isMember: false, name: "new" });
		expect(withNote(withNote(undefined, older), newer)).toEqual(withNote(once, older));
	});

	test("[INB4] a note that says nothing new changes nothing", () => {
		const once = withNote(undefined, note({ version: 3, headSeq: 3 }));
		expect(withNote(once, note({ version: 3, headSeq: 3 }))).toBe(once);
	});

	test("[INB5] a workspace's newest note stands", () => {
		const input = {
			userId: "ada",
			workspaceId: "w-1",
			name: "one",
			agent: "demo",
			state: "idle",
			needsYou: false,
			version: 4,
			lastAt: 1,
			isMember: true,
		};
		expect(withWorkspaceNote(undefined, input)).toMatchObject({ id: "w-1", state: "idle" });
		expect(withWorkspaceNote({ noteVersion: 4 }, input)).toBeUndefined();
		expect(withWorkspaceNote({ noteVersion: 3 }, input)).toBeDefined();
	});
});

describe("reading", () => {
	test("[INB6] reading only goes forward and clears only what lies at or below the mark", () => {
		const inbox = new Inbox();
		inbox.note(note({ version: 1, headSeq: 10, joinedAtSeq: 0 }));
		inbox.read(4);
		expect(inbox.unread).toBe(6);
		inbox.read(2);
		expect(inbox.unread).toBe(6);
	});

	test("[INB7] a client may be ahead of its inbox, within reason", () => {
		const inbox = new Inbox();
		inbox.note(note({ version: 1, headSeq: 10 }));
		inbox.read(12);
		expect(inbox.unread).toBe(0);
		inbox.note(note({ version: 4, headSeq: 13 }));
		expect(inbox.unread).toBe(1);
		expect(refusal(() => inbox.read(1e9))).toMatchObject({ code: "bad_input", details: { headSeq: 13 } });
	});

	test("[INB8] a room one is not in has nothing to read", () => {
		expect(refusal(() => readUpTo(undefined, 1, LIMITS)).code).toBe("not_found");
		const gone = withNote(undefined, note({ isMember: false }));
		expect(refusal(() => readUpTo(gone, 1, LIMITS)).code).toBe("not_found");
	});
});
