import type { NotedMessage } from "@bullpen/domain/search";
import type { Frame } from "../frame.ts";
import { HeldConnections } from "../held-connections.ts";
import { LateWrite } from "../late-write.ts";
import { searchDesks } from "../neighbours.ts";
import type { Peers } from "../peers.ts";
import type { RateQueue } from "../rate-queue.ts";
import type { Room } from "./room.ts";
import { keepIndexPosition, readIndexable, readIndexPosition } from "./store/indexable.ts";

const FAILURES_MAX = 10;

/**
 * Tells the index of all rooms what is said here, outside the senders' way: absolute facts from where the index stands, one
 * note over however many changes. What it has acknowledged is kept; the rest is told again by an alarm, whatever dies.
 */
export class IndexFeed {
	readonly #frame: Frame<unknown>;
	readonly #room: Room;
	readonly #connections: HeldConnections<"search">;
	/** Of all rooms of this process. */
	readonly #queue: RateQueue;
	/** What the index has acknowledged. */
	#acknowledged = 0;
	#toldFloor = 1;
	/** Up to here no message changed that was not acknowledged. */
	#seen = 0;
	#failures = 0;
	/** It asked for this room, whether there is anything in it or not. */
	#isWanted = false;
	#timer: NodeJS.Timeout | undefined;
	#isPlanned = false;
	readonly #kept: LateWrite;
	#telling: Promise<void> | undefined;
	#isDisposed = false;

	constructor(frame: Frame<unknown>, room: Room, peers: Peers, queue: RateQueue) {
		this.#frame = frame;
		this.#room = room;
		this.#queue = queue;
		this.#connections = new HeldConnections("search", peers, room.limits, room.now);
		this.#kept = new LateWrite(frame, {
			waitMs: room.limits.searchNoteKeepMs,
			what: "what the index acknowledged",
			write: () => keepIndexPosition(room.db, { version: this.#acknowledged, floorSeq: this.#toldFloor }),
		});
	}

	/** Takes up what an earlier life left to tell. */
	async wake(): Promise<void> {
		const { version, floorSeq } = await readIndexPosition(this.#room.db);
		this.#acknowledged = version;
		this.#seen = version;
		this.#toldFloor = floorSeq;
		if (!this.#isDue) return;
		await this.#room.expectToTell();
		this.changed();
	}

	/** Call after a commit that changes messages: nobody waits for it. */
	changed(): void {
		this.#plan(this.#room.limits.searchNoteGapMs);
	}

	/** The index does not know this room: it is told from the beginning. */
	async beginAgain(): Promise<void> {
		await this.#room.expectToTell();
		this.#acknowledged = 0;
		this.#seen = 0;
		this.#isWanted = true;
		this.changed();
	}

	/** Resolves with `leftMs`. */
	async ring(): Promise<number> {
		await this.#tell();
		return this.leftMs;
	}

	/** How long what the index was not told yet can wait, `Infinity` when that is nothing. */
	get leftMs(): number {
		return this.#isDue ? Math.max(this.#room.limits.searchNoteRetryMs, this.#retryMs) : Number.POSITIVE_INFINITY;
	}

	async dispose(): Promise<void> {
		this.#isDisposed = true;
		clearTimeout(this.#timer);
		await this.#telling;
		await this.#kept.settle();
		this.#connections.dispose();
	}

	get #isDue(): boolean {
		const { isInitialised, version, floorSeq } = this.#room;
		return isInitialised && (this.#isWanted || this.#seen < version || this.#toldFloor < floorSeq);
	}

	get #retryMs(): number {
		const { searchNoteGapMs, searchNoteRetryMs, tellRetryMaxMs } = this.#room.limits;
		if (this.#failures === 0) return searchNoteGapMs;
		return Math.min(tellRetryMaxMs, searchNoteRetryMs * 2 ** Math.min(this.#failures - 1, FAILURES_MAX));
	}

	#plan(waitMs: number): void {
		if (this.#isDisposed || this.#isPlanned) return;
		this.#isPlanned = true;
		this.#timer = setTimeout(async () => {
			await this.#queue.turn();
			this.#isPlanned = false;
			if (!this.#isDisposed) void this.#frame.keepAwake(this.#tell());
		}, waitMs);
	}

	/** Never rejects: what goes wrong is tried again. One note at a time. */
	#tell(): Promise<void> {
		this.#telling ??= this.#tellOnce().finally(() => {
			this.#telling = undefined;
			if (this.#isDue) this.#plan(this.#retryMs);
		});
		return this.#telling;
	}

	async #tellOnce(): Promise<void> {
		if (!this.#isDue || this.#isDisposed) return;
		try {
			const { limits, version, floorSeq } = this.#room;
			const read = await readIndexable(this.#room.db, this.#seen, limits.searchNoteMessages);
			const messages = fitting(read, limits.searchNoteBytesMax);
			const isAll = read.length < limits.searchNoteMessages && messages.length === read.length;
			const to = isAll ? Math.max(version, read.at(-1)?.version ?? 0) : (messages.at(-1)?.version ?? version);
			if (messages.length > 0 || this.#isWanted || this.#toldFloor < floorSeq) await this.#send(to, floorSeq, messages);
			else this.#seen = to;
			this.#failures = 0;
		} catch (error) {
			this.#failures += 1;
			this.#frame.log.warn({ msg: "the index could not be told", failures: this.#failures, error: String(error) });
		}
	}

	async #send(to: number, floorSeq: number, messages: NotedMessage[]): Promise<void> {
		const from = this.#acknowledged;
		const note = { roomId: this.#room.id, epoch: this.#room.store.epoch, from, to, floorSeq, messages };
		const neighbour = searchDesks.get("main");
		const { version } =
			neighbour === undefined
				? await this.#connections.call("main", (index) => index.noteMessages(note))
				: await neighbour.note(note);
		this.#isWanted = false;
		// Less than it had acknowledged: it lost something, and gets it again.
		this.#acknowledged = version;
		this.#seen = version < from ? version : Math.max(version, to);
		this.#toldFloor = version < from ? 1 : floorSeq;
		this.#kept.due();
	}
}

/** The first of them that fit, and never none. */
function fitting(messages: readonly NotedMessage[], bytesMax: number): NotedMessage[] {
	let bytes = 0;
	return messages.filter(({ text }, at) => {
		bytes += Buffer.byteLength(text);
		return at === 0 || bytes <= bytesMax;
	});
}
