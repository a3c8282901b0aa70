import { applyRows, applyTail, EMPTY_TRANSCRIPT, type TranscriptState } from "@bullpen/domain/transcript/reduce";
import type { GetTranscriptInput, Tail, Transcript, WorkspaceFeedRow } from "@bullpen/domain/workspace";
import type { z } from "zod";

type Page = z.infer<typeof GetTranscriptInput>;

interface Options {
	readonly read: (page: Page) => Promise<Transcript>;
	/** Called when something of what is shown has changed. */
	readonly changed: () => void;
	readonly pageItems: number;
	readonly itemsMax: number;
}

type Move = "older" | "newer" | "elsewhere";

/**
 * What is held of a transcript: one run of items without a hole. It ends with the newest, unless somebody went to read
 * further up; then what is new is left out until they come back.
 */
export class TranscriptWindow {
	readonly #options: Options;
	#state: TranscriptState = EMPTY_TRANSCRIPT;
	/** The lowest item held. */
	#from = 1;
	/** The first item above those held; null while the newest is held. */
	#to: number | null = null;
	#hasOlder = false;
	#moving: { readonly kind: Move; readonly done: Promise<boolean> } | null = null;
	/** Changed items while a page is being read, which may be older than they are. */
	#aside: WorkspaceFeedRow[] = [];
	/** Counts what replaced everything: a page that was asked for before belongs to another window. */
	#epoch = 0;

	constructor(options: Options) {
		this.#options = options;
	}

	get state(): TranscriptState {
		return this.#state;
	}
	get hasOlder(): boolean {
		return this.#hasOlder;
	}
	get hasNewer(): boolean {
		return this.#to !== null;
	}
	get moving(): Move | null {
		return this.#moving?.kind ?? null;
	}

	/** A fresh snapshot, with the newest items. */
	replaced(snapshot: Transcript): void {
		this.#epoch++;
		this.#state = applyRows(EMPTY_TRANSCRIPT, snapshot.rows);
		this.#show(snapshot.rows, snapshot.hasMore, snapshot.head.seq + 1, null);
	}

	committed(rows: readonly WorkspaceFeedRow[], floorSeq: number): void {
		const inside = rows.filter((row) => this.#holds(row));
		if (this.#moving !== null) this.#aside.push(...rows.filter((row) => row.kind === "item"));
		this.#state = applyRows(this.#state, inside, floorSeq);
		if (this.#moving === null) this.#trim("older");
	}

	heard(tail: Tail): void {
		if (this.#to === null) this.#state = applyTail(this.#state, tail);
	}

	/** Puts one older page in front. */
	async loadOlder(): Promise<void> {
		if (!this.#hasOlder) return;
		await this.#move("older", async (isCurrent) => {
			const before = this.#from;
			const page = await this.#options.read({ before, limit: this.#options.pageItems });
			if (!isCurrent()) return false;
			this.#show(page.rows, page.hasMore, before, this.#to);
			this.#add(page.rows);
			this.#trim("newer");
			return true;
		});
	}

	/** Adds what comes after, up to the newest. Nothing while that is held. */
	async loadNewer(): Promise<void> {
		if (this.#to === null) return;
		await this.#move("newer", async (isCurrent) => {
			const from = this.#to ?? 0;
			const { rows, seq } = await this.#readRange(from, from + this.#options.pageItems);
			if (!isCurrent()) return false;
			this.#to = seq < from + this.#options.pageItems ? null : from + this.#options.pageItems;
			this.#add(rows);
			this.#trim("older");
			return true;
		});
	}

	/** Makes sure that this item is held, with what stands around it. False when there is none. */
	showItem(itemId: number): Promise<boolean> {
		const isHeld = (): boolean => this.#state.items.some(({ id }) => id === itemId);
		if (isHeld()) return Promise.resolve(true);
		return this.#move("elsewhere", async (isCurrent) => {
			const to = itemId + Math.ceil(this.#options.pageItems / 2);
			let page = await this.#options.read({ before: to, limit: this.#options.pageItems });
			let end = to;
			if (!has(page, itemId)) {
				end = itemId + 1; // what follows it is large, and left no room for it
				page = await this.#options.read({ before: end, limit: this.#options.pageItems });
			}
			if (!isCurrent()) return false;
			if (!has(page, itemId)) return isHeld();
			this.#state = { ...this.#state, items: [], heard: new Map() };
			const isNewest = page.head.seq < end;
			this.#show(page.rows, page.hasMore, end, isNewest ? null : end);
			this.#add(page.rows);
			return true;
		});
	}

	/** Back to the newest items. */
	async showNewest(): Promise<void> {
		if (this.#to === null) return;
		await this.#move("elsewhere", async (isCurrent) => {
			const page = await this.#options.read({ limit: this.#options.pageItems });
			if (!isCurrent()) return false;
			this.#state = { ...this.#state, items: [] };
			this.#show(page.rows, page.hasMore, page.head.seq + 1, null);
			this.#add(page.rows);
			return true;
		});
	}

	/** One move at a time: the same again is the one under way, another waits for it. */
	async #move(kind: Move, move: (isCurrent: () => boolean) => Promise<boolean>): Promise<boolean> {
		if (this.#moving?.kind === kind && kind !== "elsewhere") return this.#moving.done;
		while (this.#moving !== null) await this.#moving.done.catch(() => false); // whoever began it hears of it
		const epoch = this.#epoch;
		const moved = (): Promise<boolean> => move(() => epoch === this.#epoch);
		// It begins when it is known that it did: what changes from then on is put aside.
		const done = Promise.resolve()
			.then(moved)
			.finally(() => {
				this.#moving = null;
				this.#aside = [];
				this.#options.changed();
			});
		this.#moving = { kind, done };
		this.#options.changed();
		return done;
	}

	/** Items from `from` up to `to`, in as many pages as their size takes, and the newest seq there is. */
	async #readRange(from: number, to: number): Promise<{ rows: WorkspaceFeedRow[]; seq: number }> {
		const rows: WorkspaceFeedRow[] = [];
		let before = to;
		let seq = Number.POSITIVE_INFINITY;
		while (before > from) {
			const page = await this.#options.read({ before, limit: before - from });
			rows.push(...page.rows);
			seq = Math.min(seq, page.head.seq);
			const first = lowest(page.rows);
			if (first === null || first >= before) break;
			before = first;
		}
		return { rows, seq };
	}

	#holds(row: WorkspaceFeedRow): boolean {
		return row.kind !== "item" || (row.id >= this.#from && (this.#to === null || row.id < this.#to));
	}

	#add(rows: readonly WorkspaceFeedRow[]): void {
		const aside = this.#aside.filter((row) => this.#holds(row));
		this.#state = applyRows(applyRows(this.#state, rows), aside);
	}

	#show(rows: readonly WorkspaceFeedRow[], hasOlder: boolean, otherwise: number, to: number | null): void {
		this.#hasOlder = hasOlder;
		this.#from = hasOlder ? Math.min(otherwise, lowest(rows) ?? otherwise) : 1;
		this.#to = to;
	}

	/** Lets go of what lies furthest from where one reads. */
	#trim(end: "older" | "newer"): void {
		const { items } = this.#state;
		const { itemsMax } = this.#options;
		if (items.length <= itemsMax * 1.1) return;
		const kept = end === "older" ? items.slice(-itemsMax) : items.slice(0, itemsMax);
		this.#state = { ...this.#state, items: kept };
		if (end === "newer") {
			this.#to = (kept.at(-1)?.id ?? 0) + 1;
			return;
		}
		this.#from = kept[0]?.id ?? this.#from;
		this.#hasOlder = true;
	}
}

const has = ({ rows }: Transcript, itemId: number): boolean =>
	rows.some((row) => row.kind === "item" && row.id === itemId);

const lowest = (rows: readonly WorkspaceFeedRow[]): number | null => {
	const ids = rows.flatMap((row) => (row.kind === "item" ? [row.id] : []));
	return ids.length === 0 ? null : Math.min(...ids);
};
