import type { MessageFact, NoteRoomInput } from "../inbox.ts";
import { type Countable, factOf, factsFor, freshFacts, tally } from "../inbox-facts.ts";
import { type RoomPosition, readUpTo, settledSeq, unreadFrom, withNote } from "../inbox-rules.ts";
import { LIMITS } from "../limits.ts";
import { mentionsIn } from "../mention.ts";
import { Problem } from "../problem.ts";

interface Said extends Countable {
	readonly text: string;
}
interface Place {
	isIn: boolean;
	/** Version of the last change of this row. */
	version: number;
	joinedAtSeq: number;
	joinedVersion: number;
	/** As the inbox acknowledged it. */
	notified: number;
}
export interface Counts {
	readonly unread: number;
	readonly mentions: number;
}

/** A room as the real one tells of itself: windows of changes by version, and everything above a seq. */
export class ModelRoom {
	readonly id: string;
	readonly said: Said[] = [];
	readonly places = new Map<string, Place>();
	version = 0;

	constructor(id: string) {
		this.id = id;
	}

	get headSeq(): number {
		return this.said.length;
	}

	say(sender: string, text: string, isThreadOnly: boolean): void {
		const flags = { isEdited: false, isDeleted: false, isThreadOnly };
		this.#put({ seq: this.headSeq + 1, version: 0, sender, text, mentions: mentionsIn(text), ...flags });
	}

	edit(seq: number, text: string): void {
		this.#change(seq, { text, mentions: mentionsIn(text), isEdited: true });
	}

	delete(seq: number): void {
		this.#change(seq, { isDeleted: true });
	}

	/** Changes the row's version and nothing that counts. */
	react(seq: number): void {
		this.#change(seq, {});
	}

	join(userId: string): void {
		const place = this.places.get(userId);
		if (place?.isIn === true) return;
		const joinedVersion = this.version++;
		const at = { joinedAtSeq: this.headSeq, joinedVersion, notified: joinedVersion };
		this.places.set(userId, { isIn: true, version: this.version, ...at });
	}

	leave(userId: string): void {
		const place = this.places.get(userId);
		if (place?.isIn === true) Object.assign(place, { isIn: false, version: ++this.version });
	}

	/** One window of at most `rowsMax` changes, or, with `afterSeq`, everything above it. */
	note(userId: string, from: { version?: number; afterSeq?: number; rowsMax: number }): NoteRoomInput {
		const place = this.places.get(userId);
		if (place === undefined) throw new Error("never here");
		const { afterSeq, version: since = 0, rowsMax } = from;
		const changed = this.said.filter(({ version }) => version > since).sort((a, b) => a.version - b.version);
		const rows = afterSeq === undefined ? changed.slice(0, rowsMax) : this.said.filter(({ seq }) => seq > afterSeq);
		const isWhole = afterSeq !== undefined || rows.length === changed.length;
		return {
			...{ userId, roomId: this.id, name: this.id, visibility: "public", floorSeq: 1, lastAt: 0, news: [] },
			version: isWhole || !place.isIn ? this.version : (rows.at(-1)?.version ?? this.version),
			headSeq: place.isIn ? this.headSeq : place.joinedAtSeq,
			facts: place.isIn ? factsFor(rows, userId) : [],
			...{ joinedAtSeq: place.joinedAtSeq, joinedVersion: place.joinedVersion, isMember: place.isIn },
		};
	}

	/** What is unread by definition, above a read mark. */
	truth(userId: string, readSeq: number): Counts {
		if (this.places.get(userId)?.isIn !== true) return { unread: 0, mentions: 0 };
		const facts = this.said.filter(({ seq }) => seq > readSeq).map((message) => factOf(message, userId));
		return {
			unread: facts.filter((fact) => fact !== "silent").length,
			mentions: facts.filter((fact) => fact === "mention").length,
		};
	}

	#change(seq: number, changes: Partial<Said>): void {
		const before = this.said[seq - 1];
		if (before !== undefined && !before.isDeleted) this.#put({ ...before, ...changes });
	}

	#put(message: Said): void {
		this.said[message.seq - 1] = { ...message, version: ++this.version };
	}
}

/** An inbox as the real one keeps it: a position a room, and facts above what is settled. */
export class ModelInbox {
	readonly userId: string;
	readonly #rooms = new Map<string, { position: RoomPosition; facts: Map<number, Kept> }>();

	constructor(userId: string) {
		this.userId = userId;
	}

	position(roomId: string): RoomPosition | undefined {
		return this.#rooms.get(roomId)?.position;
	}

	counts(roomId: string): Counts {
		const room = this.#rooms.get(roomId);
		if (!room?.position.isMember) return { unread: 0, mentions: 0 };
		return tally(room.facts, settledSeq(room.position), room.position.headSeq);
	}

	take(note: NoteRoomInput): void {
		this.#put(withNote(this.position(note.roomId), note), note.facts);
	}

	/** False where it was refused. */
	read(roomId: string, seq: number, readEpoch: number): boolean {
		return accepted(() => this.#put(readUpTo(this.position(roomId), seq, LIMITS, readEpoch)));
	}

	unread(room: ModelRoom, seq: number): boolean {
		return accepted(() => {
			unreadFrom(this.position(room.id), seq, LIMITS);
			const note = room.note(this.userId, { afterSeq: seq - 1, rowsMax: Number.POSITIVE_INFINITY });
			this.#put(unreadFrom(withNote(this.position(room.id), note), seq, LIMITS), note.facts);
		});
	}

	#put(position: RoomPosition, told: NoteRoomInput["facts"] = []): void {
		const facts = this.#rooms.get(position.roomId)?.facts ?? new Map<number, Kept>();
		const settled = settledSeq(position);
		for (const [seq, version, fact] of freshFacts(facts, told, settled)) facts.set(seq, { version, fact });
		for (const seq of facts.keys()) if (seq <= settled) facts.delete(seq);
		this.#rooms.set(position.roomId, { position, facts });
	}
}

interface Kept {
	readonly version: number;
	readonly fact: MessageFact;
}

function accepted(act: () => void): boolean {
	try {
		act();
		return true;
	} catch (error) {
		if (error instanceof Problem) return false;
		throw error;
	}
}
