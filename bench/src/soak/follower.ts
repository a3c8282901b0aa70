import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { FeedBatch } from "@bullpen/domain/feed";
import type { RoomFeedRow } from "@bullpen/domain/room";
import { addToHash, canonicalMessage, digestPrefix, hashText } from "@bullpen/domain/room-hash";
import type { RawRoom } from "../ours/raw-room.ts";
import { until } from "../pace.ts";
import { within } from "../within.ts";

const OPEN_MS = 30_000;
const AGAIN_MS = 500;
const REOPEN_MS = 20_000;
const PAGE_ROWS_MAX = 500;

/** Follows a room's feed as our own client does, through any number of connections, and notices whatever is missing. */
export class Follower {
	readonly #connect: () => RawRoom;
	#link: RawRoom | undefined;
	#version = 0;
	#seq = 0;
	#wrong = 0;
	#comebacks = 0;
	#isLeaving = false;
	#reading: Promise<void> | undefined;
	/** SHA-256 prefixes by seq, of those who keep the whole room for comparing it with the server's. */
	readonly #kept: Map<number, bigint> | undefined;

	private constructor(connect: () => RawRoom, keeps: boolean) {
		this.#connect = connect;
		this.#kept = keeps ? new Map() : undefined;
	}

	/** Resolves once it follows. `keeps`: everything from here on. */
	static async enter(connect: () => RawRoom, keeps = false): Promise<Follower> {
		const follower = new Follower(connect, keeps);
		await follower.#open();
		return follower;
	}

	get seq(): number {
		return this.#seq;
	}

	/** Messages that came twice or never. */
	get wrong(): number {
		return this.#wrong;
	}

	get comebacks(): number {
		return this.#comebacks;
	}

	/** Takes nothing from the network for a while. */
	async beSlow(ms: number): Promise<void> {
		const link = this.#link;
		link?.pause();
		await sleep(ms);
		link?.resume();
	}

	/** Reads what is missing up to now. */
	async sync(): Promise<void> {
		await this.#reading;
		await this.#read();
	}

	async leave(): Promise<void> {
		this.#isLeaving = true;
		await this.#link?.dispose();
	}

	/** In what everything kept is not what the room has; undefined when in nothing. Only while nobody writes. */
	async difference(): Promise<string | undefined> {
		if (!this.#kept) return "a keeper kept nothing";
		await until(() => this.#link?.isOpen === true, REOPEN_MS); // its lease may just have ended
		if (!this.#link) return "a keeper is not connected";
		try {
			const { hash, floorSeq } = await this.#link.getHash();
			let sum = 0n;
			for (const [seq, prefix] of this.#kept) if (seq >= floorSeq) sum = addToHash(sum, prefix);
			if (hashText(sum) === hash) return undefined;
			return `the hash of what a keeper heard from ${floorSeq} on is ${hashText(sum)}, the room's is ${hash}`;
		} catch (error) {
			return `a keeper could not ask the room: ${String(error)}`;
		}
	}

	async #open(): Promise<void> {
		const link = this.#connect();
		try {
			await within(OPEN_MS, "connecting", link.ready);
			await link.join();
			link.on("roomChanged", (batch) => this.#take(batch));
			await this.#begin(link);
		} catch (error) {
			await link.dispose();
			throw error;
		}
		void link.ended.then(() => this.#comeBack());
	}

	/** Subscribed already: what is sent from now on is either heard or asked for. */
	async #begin(link: RawRoom): Promise<void> {
		this.#link = link;
		if (this.#version > 0) return await this.#read();
		const { head } = await link.getRoom();
		if (this.#version > 0) return;
		this.#version = head.version;
		this.#seq = head.seq;
	}

	async #comeBack(): Promise<void> {
		while (!this.#isLeaving) {
			this.#comebacks++;
			await sleep(AGAIN_MS * (1 + Math.random()));
			try {
				return await this.#open();
			} catch {
				// refused or not there: tried again until we leave, and counted
			}
		}
	}

	#take(batch: FeedBatch<RoomFeedRow>): void {
		if (this.#version === 0) return; // covered by the head that is being asked for
		if (batch.from <= this.#version) this.#apply(batch.to, batch.rows);
		else this.#reading ??= this.#catchUp();
	}

	async #catchUp(): Promise<void> {
		try {
			await this.#read();
		} catch {
			// the connection broke: the next one starts with reading
		} finally {
			this.#reading = undefined;
		}
	}

	async #read(): Promise<void> {
		for (let isDone = false; !isDone && this.#link; ) {
			const page = await this.#link.changesSince({ version: this.#version, limit: PAGE_ROWS_MAX });
			this.#apply(page.to, page.rows);
			isDone = page.caughtUp;
		}
	}

	#apply(to: number, rows: readonly RoomFeedRow[]): void {
		if (to <= this.#version) return;
		const known = this.#version;
		this.#version = to;
		for (const row of rows) {
			if (row.kind !== "message" || row.version <= known) continue;
			if (row.id !== this.#seq + 1) this.#wrong += Math.max(1, row.id - this.#seq - 1);
			this.#seq = Math.max(this.#seq, row.id);
			this.#kept?.set(row.id, digestPrefix(createHash("sha256").update(canonicalMessage(row)).digest()));
		}
	}
}
