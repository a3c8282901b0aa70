import { isNewer } from "@bullpen/domain/feed";
import type { Message } from "@bullpen/domain/message";
import type { ActionOutput } from "@bullpen/domain/wire";

interface Options {
	readonly read: (ids: number[]) => Promise<ActionOutput<"chatRoom", "getMessages">>;
	readonly isReady: () => boolean;
	readonly changed: () => void;
}

const KEPT_MAX = 300;
const ASKED_AT_ONCE = 50;

/** Single messages that a screen shows wherever they stand: what a reply quotes, what is pinned, where a thread begins. */
export class MessageShelf {
	readonly #options: Options;
	#kept: ReadonlyMap<number, Message | null> = new Map();
	readonly #wanted = new Set<number>();
	#isReading = false;

	constructor(options: Options) {
		this.#options = options;
	}

	/** Null: the room does not have it any more. Absent: not read yet. */
	get messages(): ReadonlyMap<number, Message | null> {
		return this.#kept;
	}

	/** These are shown: they are read once, and then kept as true as the room itself. */
	want(ids: Iterable<number>): void {
		for (const id of ids) if (!this.#kept.has(id)) this.#wanted.add(id);
		void this.#read();
	}

	opened(): void {
		void this.#read();
	}

	changed(rows: readonly Message[], floorSeq: number): void {
		const next = new Map(this.#kept);
		let isChanged = false;
		for (const row of rows) {
			const known = next.get(row.id);
			if ((known === undefined && !this.#wanted.has(row.id)) || !isNewer(row, known ?? undefined)) continue;
			next.set(row.id, row);
			isChanged = true;
		}
		for (const [id, message] of next) {
			if (message === null || id >= floorSeq) continue;
			next.set(id, null);
			isChanged = true;
		}
		if (isChanged) this.#keep(next);
	}

	/** A fresh snapshot: of what is kept, nothing is known to be true any more. */
	restart(): void {
		for (const id of this.#kept.keys()) this.#wanted.add(id);
		this.#kept = new Map();
		void this.#read();
	}

	#keep(next: Map<number, Message | null>): void {
		for (const id of next.keys()) {
			if (next.size <= KEPT_MAX) break;
			next.delete(id);
		}
		this.#kept = next;
		this.#options.changed();
	}

	async #read(): Promise<void> {
		if (this.#isReading || this.#wanted.size === 0 || !this.#options.isReady()) return;
		this.#isReading = true;
		try {
			while (this.#wanted.size > 0) await this.#readSome([...this.#wanted].slice(0, ASKED_AT_ONCE).sort(ascending));
		} catch {
			// Shown as not read yet; asked for again with the next wish or connection.
		} finally {
			this.#isReading = false;
		}
	}

	async #readSome(ids: number[]): Promise<void> {
		const { messages, isWhole } = await this.#options.read(ids);
		const read = new Map(messages.map((message) => [message.id, message]));
		const last = isWhole ? Number.POSITIVE_INFINITY : (messages.at(-1)?.id ?? 0);
		const next = new Map(this.#kept);
		for (const id of ids) {
			if (id > last) break;
			this.#wanted.delete(id);
			const message = read.get(id);
			const known = next.get(id);
			if (message === undefined) next.set(id, null);
			else if (isNewer(message, known ?? undefined)) next.set(id, message);
		}
		this.#keep(next);
	}
}

const ascending = (a: number, b: number): number => a - b;
