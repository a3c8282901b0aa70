import type { NoteRoomInput } from "@bullpen/domain/inbox";
import type { MemberRow } from "@bullpen/domain/room";
import type { Frame } from "../frame.ts";
import { HeldConnections } from "../held-connections.ts";
import type { HeldPeer, Peers } from "../peers.ts";
import type { Room } from "./room.ts";
import { type Countable, readCountable } from "./store/reads.ts";
import type { Member } from "./store/room-store.ts";

interface Trouble {
	readonly failures: number;
	/** Not before, unix ms; `Infinity` once given up on until they come here or change. */
	readonly retryAt: number;
}

/** Changes read for one note; what lies beyond goes into the next. `NoteRoomInput.notCounted` holds as many. */
const WINDOW = 1_000;
const FAILURES_MAX = 10;

/**
 * Tells members' inboxes where the room stands, outside the senders' way: one note per member over however many changes,
 * people who are here first. What an inbox has acknowledged is `notified_version`; whatever is newer is still to be told,
 * and an alarm sees to it even if this process dies.
 */
export class Outbox {
	readonly #frame: Frame<unknown>;
	readonly #room: Room;
	readonly #connections: HeldConnections<HeldPeer<"userInbox">>;
	readonly #notified = new Map<string, number>();
	readonly #troubles = new Map<string, Trouble>();
	#timer: NodeJS.Timeout | undefined;
	#flushing: Promise<void> | undefined;
	#awayAt = 0;
	#isDisposed = false;

	constructor(frame: Frame<unknown>, room: Room, peers: Peers) {
		this.#frame = frame;
		this.#room = room;
		this.#connections = new HeldConnections((userId) => peers.connect("userInbox", userId), room.limits);
	}

	/** Takes up what an earlier life left to tell. */
	async wake(): Promise<void> {
		for (const { row, notifiedVersion } of this.#room.members) this.#notified.set(row.id, notifiedVersion);
		if (this.#due().length === 0) return;
		await this.#room.outboxAlarm.ensure(this.#room.limits.inboxNoteRetryMs);
		this.changed();
	}

	/** Something was committed. Soon, but after those who wait for their answers. */
	changed(): void {
		if (this.#timer !== undefined || this.#flushing !== undefined || this.#isDisposed) return;
		this.#timer = setTimeout(() => this.#start(), this.#room.limits.inboxNoteHereMs);
	}

	/** Where a member's notes start: everything before their joining is settled by it. */
	startFrom(userId: string, version: number): void {
		this.#notified.set(userId, Math.max(this.#notified.get(userId) ?? 0, version));
		this.#troubles.delete(userId);
	}

	/** Somebody came: if telling them failed before, it may work now. */
	prefer(userId: string): void {
		if (this.#troubles.delete(userId)) this.changed();
	}

	/** The alarm rang: everybody is due, and it rings again while somebody is left. */
	async ring(): Promise<void> {
		this.#room.outboxAlarm.rang();
		this.#awayAt = 0;
		await this.#start();
		const left = this.#due().flatMap(({ row }) => this.#troubles.get(row.id)?.retryAt ?? this.#room.now());
		const next = Math.min(...left);
		if (!Number.isFinite(next)) return;
		const waitMs = Math.max(this.#room.limits.inboxNoteRetryMs, next - this.#room.now());
		await this.#room.outboxAlarm.ensure(waitMs);
	}

	async dispose(): Promise<void> {
		this.#isDisposed = true;
		clearTimeout(this.#timer);
		await this.#flushing;
		this.#connections.dispose();
	}

	#start(): Promise<void> {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#flushing ??= this.#frame.keepAwake(this.#flush()).finally(() => {
			this.#flushing = undefined;
			this.#planNext();
		});
		return this.#flushing;
	}

	async #flush(): Promise<void> {
		for (let batch = this.#next(); batch.length > 0 && !this.#isDisposed; batch = this.#next()) {
			const acknowledged = new Map<string, number>();
			const windows = new Map<number, Promise<Countable[]>>();
			await Promise.all(batch.map((member) => this.#tell(member, windows, acknowledged)));
			if (acknowledged.size > 0) await this.#room.store.setNotified(acknowledged);
		}
	}

	async #tell(
		member: Member,
		windows: Map<number, Promise<Countable[]>>,
		acknowledged: Map<string, number>,
	): Promise<void> {
		const userId = member.row.id;
		try {
			const note = await this.#noteFor(member, windows);
			await this.#connections.call(userId, (connection) => connection.noteRoom(note));
			this.#notified.set(userId, note.version);
			acknowledged.set(userId, note.version);
			this.#troubles.delete(userId);
		} catch (error) {
			this.#fail(userId, error);
		}
	}

	/** Absolute facts up to one version. What somebody outside may know is that they are outside. */
	async #noteFor({ row, place }: Member, windows: Map<number, Promise<Countable[]>>): Promise<NoteRoomInput> {
		const { room, version, headSeq, floorSeq, lastAt } = this.#room;
		const about = { userId: row.id, roomId: room.id, name: room.name, visibility: room.visibility };
		const isMember = row.status === "joined" || row.status === "invited";
		const joinedAtSeq = place.joinedAtSeq < 0 ? null : place.joinedAtSeq;
		if (row.status !== "joined") {
			const outside = { headSeq: joinedAtSeq ?? 0, floorSeq: 1, lastAt: row.changedAt, notCounted: [] };
			return { ...about, ...outside, version, joinedAtSeq, isMember };
		}
		const from = this.#notified.get(row.id) ?? 0;
		const reading = windows.get(from) ?? readCountable(this.#room.db, from, WINDOW);
		windows.set(from, reading);
		const window = await reading;
		const covered = window.length < WINDOW ? version : Math.min(version, window.at(-1)?.version ?? version);
		const notCounted = window.filter(({ sender, isDeleted }) => isDeleted || sender === row.id).map(({ seq }) => seq);
		return { ...about, version: covered, headSeq, floorSeq, lastAt, notCounted, joinedAtSeq, isMember };
	}

	#fail(userId: string, error: unknown): void {
		const { limits, now } = this.#room;
		const failures = (this.#troubles.get(userId)?.failures ?? 0) + 1;
		const waitMs = Math.min(limits.inboxNoteRetryMaxMs, limits.inboxNoteRetryMs * 2 ** (failures - 1));
		const retryAt = failures < FAILURES_MAX ? now() + waitMs : Number.POSITIVE_INFINITY;
		this.#troubles.set(userId, { failures, retryAt });
		this.#frame.log.warn({ msg: "an inbox could not be told", userId, failures, error: String(error) });
	}

	/** Those to be told now: people who are here, and everybody else when it is their turn. */
	#next(): Member[] {
		const now = this.#room.now();
		const ready = this.#due().filter(({ row }) => (this.#troubles.get(row.id)?.retryAt ?? 0) <= now);
		const here = ready.filter(({ row }) => this.#room.audience.isOnline(row.id));
		if (here.length > 0) return here.slice(0, this.#room.limits.inboxNotesAtOnce);
		if (now < this.#awayAt) return [];
		if (ready.length <= this.#room.limits.inboxNotesAtOnce) this.#awayAt = now + this.#room.limits.inboxNoteAwayMs;
		return ready.slice(0, this.#room.limits.inboxNotesAtOnce);
	}

	#due(): Member[] {
		return [...this.#room.members].filter(({ row, place }) => {
			const isStranger = row.status !== "joined" && place.joinedAtSeq < 0;
			return !isStranger && (this.#notified.get(row.id) ?? 0) < this.#dueVersion(row);
		});
	}

	#dueVersion(row: MemberRow): number {
		return row.status === "joined" ? Math.max(row.version, this.#room.noteVersion) : row.version;
	}

	#planNext(): void {
		const now = this.#room.now();
		const times = this.#due().map(({ row }) => {
			const retryAt = this.#troubles.get(row.id)?.retryAt ?? 0;
			return Math.max(retryAt, this.#room.audience.isOnline(row.id) ? now : this.#awayAt);
		});
		const next = Math.min(...times);
		if (!Number.isFinite(next) || this.#isDisposed || this.#timer !== undefined) return;
		this.#timer = setTimeout(() => this.#start(), Math.max(this.#room.limits.inboxNoteHereMs, next - now));
	}
}
