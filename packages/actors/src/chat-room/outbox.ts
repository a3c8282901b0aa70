import type { NoteRoomInput } from "@bullpen/domain/inbox";
import type { Limits } from "@bullpen/domain/limits";
import { type Bucket, fullBucket, type Rate, takeToken } from "@bullpen/domain/rate-limit";
import type { MemberRow } from "@bullpen/domain/room";
import type { Frame } from "../frame.ts";
import { HeldConnections } from "../held-connections.ts";
import type { Peers } from "../peers.ts";
import { NoteBudget } from "./note-budget.ts";
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
	readonly #connections: HeldConnections<"userInbox">;
	readonly #notified = new Map<string, number>();
	readonly #troubles = new Map<string, Trouble>();
	#window: { from: number; version: number; rows: Promise<Countable[]> } | undefined;
	readonly #telling = new Map<string, Promise<void>>();
	readonly #acknowledged = new Map<string, number>();
	#keeping: Promise<void> | undefined;
	#timer: NodeJS.Timeout | undefined;
	#timerAt = Number.POSITIVE_INFINITY;
	/** Whose turn comes when, unix ms. Within one, any number of changes is one note. */
	#hereAt = 0;
	#awayAt = 0;
	readonly #budget: NoteBudget;
	/** Of all rooms of this process. */
	readonly #sharedBudget: NoteBudget;
	/** Empty while commits come faster than in a conversation. */
	#calm: Bucket;
	#isBusy = false;
	#isDisposed = false;

	constructor(frame: Frame<unknown>, room: Room, peers: Peers, sharedBudget: NoteBudget) {
		this.#frame = frame;
		this.#room = room;
		this.#budget = new NoteBudget(room.limits.inboxNoteBurst, room.now);
		this.#sharedBudget = sharedBudget;
		this.#calm = fullBucket(room.limits.busyRoomCommitsPerSecond, room.now());
		this.#connections = new HeldConnections("userInbox", peers, room.limits, room.now);
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
		const { busyRoomCommitsPerSecond: rate } = this.#room.limits;
		const { bucket, waitMs } = takeToken(this.#calm, { burst: rate, perSecond: rate }, this.#room.now());
		this.#calm = bucket;
		this.#isBusy = waitMs > 0;
		this.#plan(this.#room.limits.inboxNoteHereMs);
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
		this.#hereAt = 0;
		this.#awayAt = 0;
		this.#pump();
		await Promise.all(this.#telling.values());
		const left = this.#due().map(({ row }) => this.#troubles.get(row.id)?.retryAt ?? this.#room.now());
		const next = Math.min(...left);
		if (!Number.isFinite(next)) return;
		await this.#room.outboxAlarm.ensure(Math.max(this.#room.limits.inboxNoteRetryMs, next - this.#room.now()));
	}

	async dispose(): Promise<void> {
		this.#isDisposed = true;
		clearTimeout(this.#timer);
		await Promise.all(this.#telling.values());
		await this.#keeping;
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
		for (const member of this.#ready()) {
			const userId = member.row.id;
			const telling = this.#frame.keepAwake(this.#tell(member)).finally(() => {
				this.#telling.delete(userId);
				this.#pump();
			});
			this.#telling.set(userId, telling);
		}
		this.#planNext();
	}

	/** Never rejects: what goes wrong is the recipient's trouble, and is tried again. */
	async #tell(member: Member): Promise<void> {
		const userId = member.row.id;
		try {
			const note = await this.#noteFor(member);
			await this.#connections.call(userId, (inbox) => inbox.noteRoom(note));
			this.#notified.set(userId, note.version);
			this.#acknowledged.set(userId, note.version);
			this.#troubles.delete(userId);
			await this.#keep();
		} catch (error) {
			this.#fail(userId, error);
		}
	}

	/** One statement at a time keeps what was acknowledged meanwhile. Losing some of it only repeats notes. */
	#keep(): Promise<void> {
		this.#keeping ??= (async () => {
			while (this.#acknowledged.size > 0) {
				const versions = new Map(this.#acknowledged);
				this.#acknowledged.clear();
				await this.#room.store.setNotified(versions);
			}
		})().finally(() => {
			this.#keeping = undefined;
		});
		return this.#keeping;
	}

	/** Absolute facts up to one version. What somebody outside may know is that they are outside. */
	async #noteFor({ row, place }: Member): Promise<NoteRoomInput> {
		const { room, version, headSeq, floorSeq, lastAt } = this.#room;
		const about = { userId: row.id, roomId: room.id, name: room.name, visibility: room.visibility };
		const isMember = row.status === "joined" || row.status === "invited";
		const joinedAtSeq = place.joinedAtSeq < 0 ? null : place.joinedAtSeq;
		if (row.status !== "joined") {
			const outside = { headSeq: joinedAtSeq ?? 0, floorSeq: 1, lastAt: row.changedAt, notCounted: [] };
			return { ...about, ...outside, version, joinedAtSeq, isMember };
		}
		const from = this.#notified.get(row.id) ?? 0;
		const window = await this.#readWindow(from, version);
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

	/** Most members were told the same last, so that one read serves them all. */
	#readWindow(from: number, version: number): Promise<Countable[]> {
		if (this.#window?.from !== from || this.#window.version !== version) {
			this.#window = { from, version, rows: readCountable(this.#room.db, from, WINDOW) };
		}
		return this.#window.rows;
	}

	/**
	 * Those to be told next: people who are here first, everybody else when it is their turn, the troubled in a few lanes;
	 * never more than what leaves the machine to the senders.
	 */
	#ready(): Member[] {
		const now = this.#room.now();
		const { limits, audience } = this.#room;
		const budgeted = Math.min(this.#budget.left(this.#rate), this.#sharedBudget.left(sharedRateOf(limits)));
		const free = Math.min(limits.inboxNotesAtOnce - this.#telling.size, budgeted);
		if (free <= 0) return [];
		const due = this.#due().filter(({ row }) => !this.#telling.has(row.id) && this.#retryAt(row) <= now);
		const [here, away] = partition(due, ({ row }) => audience.isOnline(row.id));
		const turns = [...(now >= this.#hereAt ? here : []), ...(now >= this.#awayAt ? away : [])];
		const isAll = turns.length <= free;
		if (isAll && now >= this.#hereAt) this.#hereAt = now + limits.inboxNoteGapMs;
		if (isAll && now >= this.#awayAt) this.#awayAt = now + limits.inboxNoteAwayMs;
		const troubled = [...this.#telling.keys()].filter((userId) => this.#troubles.has(userId)).length;
		let lanes = Math.max(0, limits.inboxNotesAtOnce / 4 - troubled);
		const next = turns.filter(({ row }) => !this.#troubles.has(row.id) || lanes-- > 0).slice(0, free);
		this.#budget.spend(next.length);
		this.#sharedBudget.spend(next.length);
		return next;
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

	#retryAt(row: MemberRow): number {
		return this.#troubles.get(row.id)?.retryAt ?? 0;
	}

	#planNext(): void {
		if (this.#telling.size >= this.#room.limits.inboxNotesAtOnce) return;
		const now = this.#room.now();
		const waiting = this.#due().filter(({ row }) => !this.#telling.has(row.id));
		const times = waiting.map(({ row }) =>
			Math.max(this.#retryAt(row), this.#room.audience.isOnline(row.id) ? this.#hereAt : this.#awayAt),
		);
		const next = Math.min(...times);
		const { limits } = this.#room;
		const budgetMs = Math.max(this.#budget.waitMs(this.#rate), this.#sharedBudget.waitMs(sharedRateOf(limits)));
		if (Number.isFinite(next)) this.#plan(Math.max(limits.inboxNoteHereMs, next - now, budgetMs));
	}

	get #rate(): Rate {
		const { inboxNoteBurst, inboxNotePerSecond, inboxNotePerSecondBusy } = this.#room.limits;
		return { burst: inboxNoteBurst, perSecond: this.#isBusy ? inboxNotePerSecondBusy : inboxNotePerSecond };
	}
}

const sharedRateOf = (limits: Limits): Rate => ({
	burst: limits.inboxNoteBurstAllRooms,
	perSecond: limits.inboxNotePerSecondAllRooms,
});

function partition<One>(all: readonly One[], test: (one: One) => boolean): [One[], One[]] {
	return [all.filter(test), all.filter((one) => !test(one))];
}
