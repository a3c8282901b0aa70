import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MessageFact, NoteRoomInput, SeqFact } from "./inbox.ts";
import { factOf, factsFor, freshFacts, tally } from "./inbox-facts.ts";
import {
	levelSet,
	muteSet,
	type RoomPosition,
	readUpTo,
	settledSeq,
	unreadFrom,
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
	facts: [],
	threads: [],
	joinedAtSeq: null,
	joinedVersion: 0,
	isMember: true,
	news: [],
	...changes,
});

/** An inbox in a few lines: one room, and the facts of single messages. */
class Inbox {
	room: RoomPosition | undefined;
	readonly facts = new Map<number, { version: number; fact: MessageFact }>();

	note(input: NoteRoomInput): void {
		this.room = withNote(this.room, input);
		for (const [seq, version, fact] of freshFacts(this.facts, input.facts, settledSeq(this.room))) {
			this.facts.set(seq, { version, fact });
		}
	}

	read(seq: number, readEpoch?: number): void {
		this.room = readUpTo(this.room, seq, LIMITS, readEpoch);
	}

	get unread(): number {
		const room = this.room;
		return room?.isMember ? tally(this.facts, settledSeq(room), room.headSeq).unread : 0;
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
		const silent: number[] = [];
		if (change.type === "others-post" || change.type === "own-post") {
			counts.set(counts.size + 1, change.type === "others-post");
			if (change.type === "own-post") silent.push(counts.size);
		} else if (change.type === "delete" && counts.has(change.at)) {
			counts.set(change.at, false);
			silent.push(change.at);
		} else if (change.type === "prune") {
			floorSeq = Math.max(floorSeq, Math.min(change.at, counts.size + 1));
		}
		const version = index + 1;
		const facts = silent.map((seq): SeqFact => [seq, version, "silent"]);
		return note({ version, headSeq: counts.size, floorSeq, facts, name: `name ${index}` });
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
		inbox.note(note({ version: 5, headSeq: 40, joinedAtSeq: 40, joinedVersion: 4 }));
		expect(inbox.unread).toBe(0);
		inbox.note(note({ version: 6, headSeq: 42 }));
		expect(inbox.unread).toBe(2);
		inbox.note(note({ version: 7, headSeq: 42, isMember: false }));
		expect(inbox.unread).toBe(0);
		inbox.note(note({ version: 9, headSeq: 60, joinedAtSeq: 59, joinedVersion: 8 }));
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

	test("[INB9] marking unread goes back, and marks of the epoch before it change nothing any more", () => {
		const inbox = new Inbox();
		inbox.note(note({ version: 5, headSeq: 10, joinedAtSeq: 4, joinedVersion: 1 }));
		inbox.read(10, 0);
		inbox.room = unreadFrom(inbox.room, 3, LIMITS);
		expect([inbox.unread, inbox.room.readEpoch]).toEqual([8, 1]);
		inbox.read(10, 0);
		inbox.note(note({ version: 6, headSeq: 11, joinedAtSeq: 4, joinedVersion: 1 }));
		expect(inbox.unread).toBe(9);
		inbox.read(9, 1);
		expect(inbox.unread).toBe(2);
		inbox.note(note({ version: 9, headSeq: 12, joinedAtSeq: 12, joinedVersion: 8 }));
		expect(inbox.unread).toBe(0);
	});

	test("[INB9] reading goes back to what the room has, and not further than it can tell what counts", () => {
		const room = withNote(undefined, note({ headSeq: 9_000, floorSeq: 5 }));
		expect(refusal(() => unreadFrom(room, 4, LIMITS)).code).toBe("bad_input");
		expect(refusal(() => unreadFrom(room, 9_001, LIMITS)).code).toBe("bad_input");
		expect(refusal(() => unreadFrom(room, 4_000, LIMITS)).details).toMatchObject({ markUnreadMax: 5_000 });
		expect(refusal(() => unreadFrom(undefined, 1, LIMITS)).code).toBe("not_found");
	});

	test("[INB12] level and mute stay through notes, and are for rooms one is in", () => {
		const room = muteSet(levelSet(withNote(undefined, note({})), "nothing"), 50);
		expect(withNote(room, note({ version: 2, headSeq: 3 }))).toMatchObject({ level: "nothing", mutedUntil: 50 });
		expect(muteSet(room, null)).not.toHaveProperty("mutedUntil");
		expect(levelSet(room, "nothing")).toBe(room);
		expect(refusal(() => levelSet(undefined, "all")).code).toBe("not_found");
		expect(refusal(() => muteSet(withNote(undefined, note({ isMember: false })), 9)).code).toBe("not_found");
	});

	test("[INB8] a room one is not in has nothing to read", () => {
		expect(refusal(() => readUpTo(undefined, 1, LIMITS)).code).toBe("not_found");
		const gone = withNote(undefined, note({ isMember: false }));
		expect(refusal(() => readUpTo(gone, 1, LIMITS)).code).toBe("not_found");
	});
});

describe("single messages", () => {
	const nobody = { userIds: [], here: false, room: false };
	const said = (changes: object) => ({
		seq: 1,
		version: 1,
		sender: "bob",
		isEdited: false,
		isDeleted: false,
		isThreadOnly: false,
		mentions: nobody,
		...changes,
	});

	test("[INB10] own, deleted and thread-only messages do not count; a mention does, also from a thread", () => {
		const called = { ...nobody, userIds: ["ada"] };
		expect(factOf(said({}), "ada")).toBe("unread");
		expect(factOf(said({ sender: "ada", mentions: called }), "ada")).toBe("silent");
		expect(factOf(said({ isDeleted: true, mentions: called }), "ada")).toBe("silent");
		expect(factOf(said({ isThreadOnly: true }), "ada")).toBe("silent");
		expect(factOf(said({ isThreadOnly: true, mentions: called }), "ada")).toBe("mention");
		expect(factOf(said({ mentions: { ...nobody, here: true } }), "ada")).toBe("mention");
		expect(factOf(said({ mentions: { ...nobody, room: true } }), "ada")).toBe("mention");
		expect(factOf(said({ mentions: { ...nobody, userIds: ["cyn"] } }), "ada")).toBe("unread");
	});

	test("[INB11] a mention that was edited away is taken back, whichever note comes first", () => {
		const called = said({ seq: 2, version: 2, mentions: { ...nobody, userIds: ["ada"] } });
		const edited = said({ seq: 2, version: 5, isEdited: true });
		const first = note({ version: 2, headSeq: 2, facts: factsFor([said({}), called], "ada") });
		const later = note({ version: 5, headSeq: 2, facts: factsFor([edited], "ada") });
		expect(first.facts).toHaveLength(1);
		for (const notes of [
			[first, later],
			[later, first],
		]) {
			const inbox = new Inbox();
			for (const one of notes) inbox.note(one);
			expect(tally(inbox.facts, 0, 2)).toEqual({ unread: 2, mentions: 0 });
		}
	});
});
