import { expect, test } from "vitest";
import type { NoteRoomInput } from "./inbox.ts";
import { ModelInbox, ModelRoom } from "./test/inbox-world.ts";

const OPERATIONS = process.env.NIGHTLY === "1" ? 100_000 : 10_000;
const SEEDS = process.env.NIGHTLY === "1" ? [1, 2, 3, 4, 5] : [Number(process.env.SEED ?? 1)];
const PEOPLE = 30;
const ROOMS = 6;
/** Small, so that what there is to tell often takes several notes. */
const WINDOW = 4;

/** mulberry32: numbers from 0 up to 1 that a seed decides. */
function chance(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** Thirty people, what their inboxes know, what is on its way, and what is true by definition. */
class World {
	readonly #random: () => number;
	readonly rooms = Array.from({ length: ROOMS }, (_, index) => new ModelRoom(`r-${index}`));
	readonly inboxes = Array.from({ length: PEOPLE }, (_, index) => new ModelInbox(`p${index}`));
	/** Where each person has read to, by what they did and nothing else. */
	readonly #marks = new Map<string, { readSeq: number; readEpoch: number }>();
	readonly #threadMarks = new Map<string, number>();
	/** Each person's other device: the epoch it saw when it last looked. */
	readonly #seen = new Map<string, number>();
	#onTheWay: { room: ModelRoom; note: NoteRoomInput }[] = [];

	constructor(seed: number) {
		this.#random = chance(seed);
		for (const room of this.rooms)
			for (const { userId } of this.inboxes) if (this.#random() < 0.6) this.#join(room, userId);
	}

	step(): void {
		const room = this.#one(this.rooms);
		const inbox = this.#one(this.inboxes);
		const { userId } = inbox;
		const isIn = room.places.get(userId)?.isIn === true;
		const seq = 1 + Math.floor(this.#random() * Math.max(1, room.headSeq));
		const newest = room.headSeq;
		const acts: readonly (readonly [weight: number, act: () => void])[] = [
			[24, () => (isIn ? this.#say(room, userId) : this.#join(room, userId))],
			[6, () => room.edit(seq, this.#text())],
			[4, () => room.delete(seq)],
			[5, () => room.react(seq)],
			[13, () => this.#read(room, inbox, Math.min(newest, seq + Math.floor(this.#random() * 20)))],
			[4, () => this.#readThread(room, inbox)],
			[2, () => isIn && room.choose(userId, this.#rootIn(room) ?? 0, this.#random() < 0.5)],
			[5, () => this.#unread(room, inbox, Math.max(1, newest - Math.floor(this.#random() * 30)))],
			[3, () => room.leave(userId)],
			[2, () => this.#join(room, userId)],
			[2, () => this.#crash(room)],
			[3, () => this.#seen.set(keyOf(room, userId), this.#mark(room, userId).readEpoch)],
			[5, () => this.#reconnect(inbox)],
			[12, () => this.#tell(room)],
			[10, () => this.#arrive()],
		];
		let roll = this.#random() * 100;
		for (const [weight, act] of acts) {
			roll -= weight;
			if (roll >= 0) continue;
			act();
			return;
		}
	}

	/** Everything that is owed is told: then every count of everybody is what it is by definition. */
	settle(): void {
		while (this.#onTheWay.length > 0) this.#arrive();
		for (const room of this.rooms) for (const { userId } of this.inboxes) this.#pull(room, userId);
		this.check(this.inboxes);
	}

	check(inboxes: readonly ModelInbox[]): void {
		for (const inbox of inboxes) {
			for (const room of this.rooms) {
				const told = { who: inbox.userId, where: room.id, ...inbox.counts(room.id) };
				const { readSeq, readEpoch } = this.#mark(room, inbox.userId);
				const truth = room.truth(inbox.userId, readSeq);
				expect(told).toEqual({ who: inbox.userId, where: room.id, ...truth });
				this.#checkThreads(room, inbox);
				if (room.places.get(inbox.userId)?.isIn) expect(inbox.position(room.id)).toMatchObject({ readEpoch });
			}
		}
	}

	#say(room: ModelRoom, userId: string): void {
		room.say(userId, this.#text(), this.#random() < 0.3 ? this.#rootIn(room) : undefined);
	}

	/** One of the latest messages of the room itself that is there, so that threads grow. */
	#rootIn(room: ModelRoom): number | undefined {
		const roots = room.said.slice(-30).filter(({ threadOf, isDeleted }) => threadOf === undefined && !isDeleted);
		return roots.length === 0 ? undefined : this.#one(roots.slice(0, 5)).seq;
	}

	#readThread(room: ModelRoom, inbox: ModelInbox): void {
		const rootId = this.#one([...room.follows.keys(), this.#rootIn(room) ?? 1]);
		const last = room.lastReply(rootId) ?? rootId;
		const seq = Math.max(1, last - Math.floor(this.#random() * 4));
		if (!inbox.readThread(room.id, rootId, seq)) return;
		const key = `${keyOf(room, inbox.userId)} ${rootId}`;
		this.#threadMarks.set(key, Math.max(seq, this.#threadMarks.get(key) ?? 0));
	}

	#checkThreads(room: ModelRoom, inbox: ModelInbox): void {
		const { userId } = inbox;
		const told = inbox.threads(room.id);
		for (const rootId of room.follows.keys()) {
			const truth = room.threadTruth(userId, rootId, this.#threadMarks.get(`${keyOf(room, userId)} ${rootId}`) ?? 0);
			const unread = told.get(rootId) ?? 0;
			const where = { userId, room: room.id, rootId };
			if (unread !== truth) expect({ ...where, unread }).toEqual({ ...where, unread: truth });
		}
	}

	#join(room: ModelRoom, userId: string): void {
		if (room.places.get(userId)?.isIn === true) return;
		room.join(userId);
		const mark = this.#mark(room, userId);
		this.#marks.set(keyOf(room, userId), { ...mark, readSeq: Math.max(mark.readSeq, room.headSeq) });
	}

	#read(room: ModelRoom, inbox: ModelInbox, seq: number): void {
		const mark = this.#mark(room, inbox.userId);
		const readEpoch = this.#random() < 0.3 ? (this.#seen.get(keyOf(room, inbox.userId)) ?? 0) : mark.readEpoch;
		const isTaken = inbox.read(room.id, seq, readEpoch);
		if (isTaken && readEpoch === mark.readEpoch && seq > mark.readSeq) {
			this.#marks.set(keyOf(room, inbox.userId), { ...mark, readSeq: seq });
		}
	}

	#unread(room: ModelRoom, inbox: ModelInbox, seq: number): void {
		if (!inbox.unread(room, seq)) return;
		const { readEpoch } = this.#mark(room, inbox.userId);
		this.#marks.set(keyOf(room, inbox.userId), { readSeq: seq - 1, readEpoch: readEpoch + 1 });
	}

	/** One note for everybody who is owed one; some are lost, some are late, some come twice. */
	#tell(room: ModelRoom): void {
		for (const [userId, place] of room.places) {
			if (place.notified >= room.version || this.#random() < 0.3) continue;
			const note = room.note(userId, { version: place.notified, rowsMax: WINDOW });
			const fate = this.#random();
			if (fate < 0.1) continue;
			if (fate < 0.7) this.#inboxOf(userId).take(note);
			if (fate < 0.7) place.notified = note.version;
			if (fate > 0.6) this.#onTheWay.push({ room, note });
		}
	}

	/** A late note: others of the same room may have come before it. */
	#arrive(): void {
		const [late] = this.#onTheWay.splice(Math.floor(this.#random() * this.#onTheWay.length), 1);
		if (late !== undefined) this.#inboxOf(late.note.userId).take(late.note);
	}

	/** What was acknowledged and not kept yet is told again, what was on its way is gone. */
	#crash(room: ModelRoom): void {
		this.#onTheWay = this.#onTheWay.filter((one) => one.room !== room);
		for (const place of room.places.values()) {
			place.notified = Math.max(place.joinedVersion, place.notified - Math.floor(this.#random() * 10));
		}
	}

	/** A device comes: its inbox asks every room, and is right at once. */
	#reconnect(inbox: ModelInbox): void {
		for (const room of this.rooms) this.#pull(room, inbox.userId);
		this.check([inbox]);
	}

	#pull(room: ModelRoom, userId: string): void {
		const place = room.places.get(userId);
		if (place === undefined) return;
		const inbox = this.#inboxOf(userId);
		for (let isBehind = true; isBehind; ) {
			const note = room.note(userId, { version: place.notified, rowsMax: WINDOW });
			inbox.take(note);
			isBehind = note.version < room.version;
			place.notified = note.version;
		}
	}

	#mark(room: ModelRoom, userId: string): { readSeq: number; readEpoch: number } {
		return this.#marks.get(keyOf(room, userId)) ?? { readSeq: 0, readEpoch: 0 };
	}

	#inboxOf(userId: string): ModelInbox {
		return this.inboxes[Number(userId.slice(1))]!;
	}

	#text(): string {
		const roll = this.#random();
		if (roll < 0.6) return "well";
		if (roll < 0.65) return "<@room> now";
		if (roll < 0.7) return "`<@here>`";
		return `ask <@p${Math.floor(this.#random() * PEOPLE)}> and <@p${Math.floor(this.#random() * PEOPLE)}>`;
	}

	#one<One>(all: readonly One[]): One {
		return all[Math.floor(this.#random() * all.length)]!;
	}
}

const keyOf = (room: ModelRoom, userId: string): string => `${room.id} ${userId}`;

test.each(SEEDS)(
	`[INB1] [INB9] [INB11] [INB17] after ${OPERATIONS} random operations of ${PEOPLE} people every count is true (seed %i)`,
	(seed) => {
		const world = new World(seed);
		for (let count = 1; count <= OPERATIONS; count++) {
			world.step();
			if (count % 250 === 0) world.settle();
		}
	},
	600_000,
);
