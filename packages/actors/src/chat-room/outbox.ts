import { notOpenToYou } from "@bullpen/domain/authorization";
import type { NoteRoomInput } from "@bullpen/domain/inbox";
import { mentionsIn } from "@bullpen/domain/mention";
import type { Message } from "@bullpen/domain/message";
import { type Bucket, fullBucket, takeToken } from "@bullpen/domain/rate-limit";
import type { MemberRow } from "@bullpen/domain/room";
import type { Frame } from "../frame.ts";
import { HeldConnections } from "../held-connections.ts";
import { LateWrite } from "../late-write.ts";
import { inboxes } from "../neighbours.ts";
import type { Peers } from "../peers.ts";
import { Notes } from "./notes.ts";
import type { Room } from "./room.ts";
import type { Member } from "./store/room-store.ts";
import { type Due, type Rank, type SharedBudgets, Turns } from "./turns.ts";

interface Trouble {
	readonly failures: number;
	/** Not before, unix ms; `Infinity` once given up on until they come here or change. */
	readonly retryAt: number;
}

const FAILURES_MAX = 10;

/**
 * Tells members' inboxes where the room stands, outside the senders' way: one note per member over however many changes,
 * people with an inbox open and those who were called first. What an inbox has acknowledged is `notified_version`; whatever is
 * newer is still to be told, and an alarm sees to it even if this process dies.
 */
export class Outbox {
	readonly #frame: Frame<unknown>;
	readonly #room: Room;
	readonly #connections: HeldConnections<"userInbox">;
	readonly #notified = new Map<string, number>();
	readonly #troubles = new Map<string, Trouble>();
	readonly #notes: Notes;
	/** Who was mentioned or spoken to directly, and was not told yet. Forgotten with this process: then they wait like others. */
	readonly #called = new Set<string>();
	/** Whose following of a thread changed at which version, until it was told. */
	readonly #followed = new Map<string, number>();
	readonly #telling = new Map<string, Promise<void>>();
	/** Up to which version, and not kept yet. */
	readonly #acknowledged = new Map<string, number>();
	readonly #kept: LateWrite;
	#timer: NodeJS.Timeout | undefined;
	#timerAt = Number.POSITIVE_INFINITY;
	readonly #turns: Turns;
	/** Empty while commits come faster than in a conversation. */
	#calm: Bucket;
	#isDisposed = false;

	constructor(frame: Frame<unknown>, room: Room, peers: Peers, shared: SharedBudgets) {
		this.#frame = frame;
		this.#room = room;
		this.#turns = new Turns({ limits: room.limits, now: room.now, shared });
		this.#calm = fullBucket(room.limits.busyRoomCommitsPerSecond, room.now());
		this.#notes = new Notes(room);
		this.#connections = new HeldConnections("userInbox", peers, room.limits, room.now);
		this.#kept = new LateWrite(frame, {
			waitMs: room.limits.inboxNoteKeepMs,
			what: "what inboxes acknowledged",
			write: () => this.#keep(),
		});
	}

	/** Takes up what an earlier life left to tell. */
	async wake(): Promise<void> {
		for (const { row, notifiedVersion } of this.#room.members) this.#notified.set(row.id, notifiedVersion);
		if (this.#due().length === 0) return;
		await this.#room.expectToTell();
		this.changed();
	}

	/** Something was committed. Soon, but after those who wait for their answers. */
	changed(messages: readonly Message[] = []): void {
		for (const message of messages) this.#noteCalls(message);
		const { busyRoomCommitsPerSecond: rate } = this.#room.limits;
		const { bucket, waitMs } = takeToken(this.#calm, { burst: rate, perSecond: rate }, this.#room.now());
		this.#calm = bucket;
		this.#turns.isBusy = waitMs > 0;
		this.#turns.happened();
		this.#plan(this.#room.limits.inboxNoteHereMs);
	}

	/** Somebody follows a thread, or does not any more: theirs alone is due. */
	followed(userId: string, version: number): void {
		this.#followed.set(userId, version);
	}

	/** Whether somebody's inbox was not told everything yet. */
	owes(userId: string): boolean {
		const member = this.#room.memberWith(userId);
		return member !== undefined && this.#owes(member);
	}

	/**
	 * How the room stands for one of its people: since a version, or above a seq.
	 * @throws Problem `not_found` for whoever never was in it
	 */
	async positionOf(userId: string, from: { version?: number | undefined; afterSeq?: number | undefined }) {
		const member = this.#room.memberWith(userId);
		if (member === undefined || isStranger(member)) throw notOpenToYou();
		if (from.afterSeq !== undefined) return this.#notes.above(member, from.afterSeq);
		return this.#notes.since(member, Math.max(from.version ?? 0, member.place.joinedAtVersion));
	}

	/** An inbox asked for what changed since a version, and keeps the answer. One that stood beyond what we told is told the rest. */
	took(userId: string, from: number, version: number): void {
		if (from <= (this.#notified.get(userId) ?? 0)) this.#acknowledge(userId, version);
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

	/** Somebody looks at the room no more: what they saw of it is news to their inbox. */
	left(userId: string): void {
		if (this.owes(userId)) this.#plan(this.#room.limits.inboxNoteHereMs);
	}

	/** Everybody is due. Resolves with `leftMs`. */
	async ring(): Promise<number> {
		this.#turns.callAll();
		this.#pump();
		await Promise.all(this.#telling.values());
		return this.leftMs;
	}

	/** How long those who are not told yet can wait, `Infinity` when nobody is. */
	get leftMs(): number {
		const { limits } = this.#room;
		const waits = this.#waiting().map(({ rank, retryAt }) =>
			Math.max(rank === "seeing" ? limits.outboxAlarmMs : limits.inboxNoteRetryMs, retryAt - this.#room.now()),
		);
		return Math.min(Number.POSITIVE_INFINITY, ...waits);
	}

	async dispose(): Promise<void> {
		this.#isDisposed = true;
		clearTimeout(this.#timer);
		await Promise.all(this.#telling.values());
		await this.#kept.settle();
		this.#connections.dispose();
	}

	#plan(waitMs: number): void {
		const at = this.#room.now() + waitMs;
		if (this.#isDisposed || this.#timerAt <= at) return;
		clearTimeout(this.#timer);
		this.#timerAt = at;
		this.#timer = setTimeout(() => this.#pump(), waitMs);
	}

	/** Starts telling whoever is next; each that ends makes room for another. Who is slow to answer holds one lane. */
	#pump(): void {
		clearTimeout(this.#timer);
		this.#timerAt = Number.POSITIVE_INFINITY;
		if (this.#isDisposed) return;
		if (this.#telling.size >= this.#room.limits.inboxNotesAtOnce) return;
		const waiting = this.#waiting();
		const troubled = [...this.#telling.keys()].filter((userId) => this.#troubles.has(userId)).length;
		const next = new Set(this.#turns.next(waiting, { count: this.#telling.size, troubled }));
		for (const { member } of next) {
			const userId = member.row.id;
			const telling = this.#frame.keepAwake(this.#tell(member)).finally(() => {
				this.#telling.delete(userId);
				this.#pump();
			});
			this.#telling.set(userId, telling);
		}
		if (this.#telling.size >= this.#room.limits.inboxNotesAtOnce) return;
		const waitMs = this.#turns.waitMs(waiting.filter((one) => !next.has(one)));
		if (Number.isFinite(waitMs)) this.#plan(Math.max(this.#room.limits.inboxNoteHereMs, waitMs));
	}

	/** Never rejects: what goes wrong is the recipient's trouble, and is tried again. */
	async #tell(member: Member): Promise<void> {
		const userId = member.row.id;
		try {
			const note = await this.#notes.since(member, this.#notified.get(userId) ?? 0);
			await this.#send(note);
			this.#acknowledge(userId, note.version);
		} catch (error) {
			this.#fail(userId, error);
		}
	}

	#acknowledge(userId: string, upTo: number): void {
		const version = Math.max(upTo, this.#notified.get(userId) ?? 0);
		this.#notified.set(userId, version);
		this.#acknowledged.set(userId, version);
		if (version >= this.#room.noteVersion) this.#called.delete(userId);
		if (version >= (this.#followed.get(userId) ?? 0)) this.#followed.delete(userId);
		this.#troubles.delete(userId);
		this.#kept.due();
	}

	async #send(note: NoteRoomInput): Promise<void> {
		const neighbour = inboxes.get(note.userId);
		if (neighbour === undefined)
			return this.#connections.call(note.userId, async (inbox) => void (await inbox.noteRoom(note)));
		try {
			await neighbour.noteRoom(note);
		} catch (error) {
			inboxes.fellAsleep(note.userId, neighbour); // if it is not what it seems, the next try goes by the engine
			throw error;
		}
	}

	async #keep(): Promise<void> {
		const versions = new Map(this.#acknowledged);
		await this.#room.store.setNotified(versions);
		for (const [userId, version] of versions) {
			if (this.#acknowledged.get(userId) === version) this.#acknowledged.delete(userId);
		}
	}

	#noteCalls({ text, sender }: Message): void {
		const { here, room, userIds } = mentionsIn(text);
		const isForAll = here || room || this.#room.room.visibility === "direct";
		const called = isForAll ? [...this.#room.members].map(({ row }) => row.id) : userIds;
		for (const userId of called) if (userId !== sender && this.#room.isJoined(userId)) this.#called.add(userId);
	}

	#rankOf({ row }: Member): Rank {
		const isLooking = this.#room.audience.isOnline(row.id);
		const isWatched = inboxes.get(row.id)?.isWatched === true;
		if (isWatched && !isLooking) return "open";
		// An inbox that does not know of the room yet cannot ask it anything either.
		if (this.#called.has(row.id) || (this.#notified.get(row.id) ?? 0) < row.version) return "called";
		if (!isLooking) return "away";
		return isWatched ? "looking" : "seeing";
	}

	#fail(userId: string, error: unknown): void {
		const { limits, now } = this.#room;
		const failures = (this.#troubles.get(userId)?.failures ?? 0) + 1;
		const waitMs = Math.min(limits.inboxNoteRetryMaxMs, limits.inboxNoteRetryMs * 2 ** (failures - 1));
		const retryAt = failures < FAILURES_MAX ? now() + waitMs : Number.POSITIVE_INFINITY;
		this.#troubles.set(userId, { failures, retryAt });
		this.#frame.log.warn({ msg: "an inbox could not be told", userId, failures, error: String(error) });
	}

	/** Those who are not told everything, nor being told. */
	#waiting(): (Due & { readonly member: Member })[] {
		const waiting = this.#due().filter(({ row }) => !this.#telling.has(row.id));
		return waiting.map((member) => {
			const trouble = this.#troubles.get(member.row.id);
			return {
				member,
				rank: this.#rankOf(member),
				version: this.#notified.get(member.row.id) ?? 0,
				retryAt: trouble?.retryAt ?? 0,
				isTroubled: trouble !== undefined,
				isAsleep: inboxes.get(member.row.id) === undefined,
			};
		});
	}

	#due(): Member[] {
		return [...this.#room.members].filter((member) => this.#owes(member));
	}

	#owes(member: Member): boolean {
		return !isStranger(member) && (this.#notified.get(member.row.id) ?? 0) < this.#dueVersion(member.row);
	}

	#dueVersion(row: MemberRow): number {
		const { room, noteVersion } = this.#room;
		const followed = this.#followed.get(row.id) ?? 0;
		return row.status === "joined" ? Math.max(row.version, room.version, noteVersion, followed) : row.version;
	}
}

/** Somebody who never came: banned ahead of time. */
const isStranger = ({ row, place }: Member): boolean => row.status !== "joined" && place.joinedAtSeq < 0;
