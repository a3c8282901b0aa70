import type { MessageFact, NoteRoomInput, ThreadNote } from "../inbox.ts";
import { type Countable, factOf, factsFor, freshFacts, tally } from "../inbox-facts.ts";
import { type RoomPosition, readUpTo, settledSeq, unreadFrom, withNote } from "../inbox-rules.ts";
import { replyFactOf, type ThreadState, threadReadUpTo, unreadThreads, withThreadNote } from "../inbox-threads.ts";
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
interface Follow {
	/** Replies above it concern them; null: none does. */
	readonly from: number | null;
	readonly version: number;
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
	/** Who follows which thread, by its first message. */
	readonly follows = new Map<number, Map<string, Follow>>();
	/** Seqs of the replies of each. */
	readonly #replies = new Map<number, number[]>();
	version = 0;

	constructor(id: string) {
		this.id = id;
	}

	get headSeq(): number {
		return this.said.length;
	}

	/** With `threadOf` only its thread shows it. */
	say(sender: string, text: string, threadOf?: number): void {
		const mentions = mentionsIn(text);
		const flags = { isEdited: false, isDeleted: false, isThreadOnly: threadOf !== undefined };
		const seq = this.headSeq + 1;
		this.#put({ seq, version: 0, sender, text, mentions, ...flags, threadOf });
		const root = this.said[(threadOf ?? 0) - 1];
		if (threadOf === undefined || root === undefined) return;
		this.#replies.set(threadOf, [...(this.#replies.get(threadOf) ?? []), seq]);
		const before = this.follows.get(threadOf);
		const follow = (userId: string, from: number): void => {
			if (!this.#followsNow(threadOf, userId)) this.#follow(threadOf, userId, from, this.version);
		};
		if (before === undefined && root.sender !== sender) follow(root.sender, threadOf);
		follow(sender, seq);
		for (const userId of mentions.userIds) if (this.places.get(userId)?.isIn) follow(userId, seq - 1);
		this.#put({ ...root, version: 0 });
	}

	/** By their own choice. */
	choose(userId: string, threadOf: number, isFollowing: boolean): void {
		const root = this.said[threadOf - 1];
		if (root === undefined || root.isDeleted || this.#followsNow(threadOf, userId) === isFollowing) return;
		if (!this.follows.has(threadOf)) this.#follow(threadOf, root.sender, threadOf, this.version + 1);
		const last = this.lastReply(threadOf) ?? threadOf;
		this.#follow(threadOf, userId, isFollowing ? last : null, this.version + 1);
		this.#put(root);
	}

	lastReply(threadOf: number): number | undefined {
		return this.#replies.get(threadOf)?.at(-1);
	}

	#repliesOf(threadOf: number): Said[] {
		return (this.#replies.get(threadOf) ?? []).flatMap((seq) => this.said[seq - 1] ?? []);
	}

	#followsNow(threadOf: number, userId: string): boolean {
		const thread = this.follows.get(threadOf);
		if (thread === undefined) return this.said[threadOf - 1]?.sender === userId;
		return (thread.get(userId)?.from ?? null) !== null;
	}

	#follow(threadOf: number, userId: string, from: number | null, version: number): void {
		const thread = this.follows.get(threadOf) ?? new Map<string, Follow>();
		this.follows.set(threadOf, thread.set(userId, { from, version }));
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
			threads: place.isIn && afterSeq === undefined ? this.#threads(userId, rows, since, isWhole) : [],
		};
	}

	/** Of the threads that somebody follows what changed, and everything of those whose following did. */
	#threads(userId: string, rows: readonly Said[], since: number, isWhole: boolean): ThreadNote[] {
		const to = isWhole ? this.version : (rows.at(-1)?.version ?? this.version);
		const joined = this.places.get(userId)?.joinedAtSeq ?? 0;
		return [...this.follows].flatMap(([rootId, people]) => {
			const follow = people.get(userId);
			if (follow === undefined) return [];
			const from = follow.from === null ? null : Math.max(follow.from, joined);
			const isNew = follow.version > since && follow.version <= to;
			const told = (isNew ? this.#repliesOf(rootId) : rows).filter(
				({ threadOf, seq }) => threadOf === rootId && from !== null && seq >= from,
			);
			if (!isNew && told.length === 0) return [];
			const replies = told.map((said): ThreadNote["replies"][number] => [
				...([said.seq, said.version] as const),
				replyFactOf(said, userId),
			]);
			return [{ rootId, version: follow.version, from, replies }];
		});
	}

	/** What is unread in one thread by definition, above what somebody marked as read there. */
	threadTruth(userId: string, rootId: number, readSeq: number): number {
		const place = this.places.get(userId);
		const from = this.follows.get(rootId)?.get(userId)?.from ?? null;
		if (place?.isIn !== true || from === null) return 0;
		const replies = this.#repliesOf(rootId);
		const own = replies.findLast(({ sender }) => sender === userId)?.seq ?? 0;
		const settled = Math.max(from, readSeq, own, place.joinedAtSeq);
		return replies.filter(({ seq, sender, isDeleted }) => seq > settled && sender !== userId && !isDeleted).length;
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
	readonly #threads = new Map<string, Map<number, ThreadState>>();

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
		const threads = this.#threadsOf(note.roomId);
		for (const thread of note.threads) threads.set(thread.rootId, withThreadNote(threads.get(thread.rootId), thread));
	}

	/** Unread replies by thread, of those that have some. */
	threads(roomId: string): Map<number, number> {
		const position = this.position(roomId);
		if (position === undefined) return new Map();
		const { threads } = unreadThreads(this.#threadsOf(roomId).values(), position, Number.POSITIVE_INFINITY);
		return new Map(threads.map(({ rootId, unread }) => [rootId, unread]));
	}

	/** False where it was refused. */
	readThread(roomId: string, rootId: number, seq: number): boolean {
		const threads = this.#threadsOf(roomId);
		return accepted(() =>
			threads.set(rootId, threadReadUpTo(threads.get(rootId), this.position(roomId), { rootId, seq }, LIMITS)),
		);
	}

	#threadsOf(roomId: string): Map<number, ThreadState> {
		const threads = this.#threads.get(roomId) ?? new Map<number, ThreadState>();
		this.#threads.set(roomId, threads);
		return threads;
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
