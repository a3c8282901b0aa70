import type { FeedRow } from "@bullpen/domain/feed";

/** Where an actor's feed stands, as kept in its `counters` table. */
export interface Counters {
	readonly seq: number;
	readonly version: number;
	readonly floorSeq: number;
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** What a mutation writes to: sees every earlier change of its batch, and is thrown away whole if the mutation refuses. */
export interface Draft<Row extends FeedRow, Extra> {
	readonly counters: Counters;
	nextSeq(): number;
	/** The row as it will be, with its version. `weight`: bytes of pages that the store will rewrite beside the row's own. */
	put<One extends Row>(row: DistributiveOmit<One, "version">, weight?: number): One;
	/** A row changed earlier in this batch, not yet in the tables. */
	pending(kind: Row["kind"], id: Row["id"]): Row | undefined;
	/** Adds a row beside the feed; `key` names it. `weight` as in `put`. */
	note(key: string, extra: Extra, weight?: number): void;
	/** What was noted under this key: earlier in this batch, or found after a commit failed (see `write`). */
	noted(key: string): Extra | undefined;
	setFloorSeq(floorSeq: number): void;
	/** Rows of another feed with the versions that they had there, and where this feed stands with them. */
	restore(rows: readonly Row[], counters: Counters): void;
}

/** The draft of one batch, or a fork of it for one of its mutations. */
export class OpenDraft<Row extends FeedRow, Extra> implements Draft<Row, Extra> {
	counters: Counters;
	bytes = 0;
	weight = 0;
	readonly #found: ReadonlyMap<string, Extra>;
	readonly #base: OpenDraft<Row, Extra> | undefined;
	#rows = new Map<string, Row>();
	#extras = new Map<string, Extra>();
	#isFloorMoved = false;

	constructor(counters: Counters, found: ReadonlyMap<string, Extra>, base?: OpenDraft<Row, Extra>) {
		this.counters = counters;
		this.#found = found;
		this.#base = base;
	}

	fork(): OpenDraft<Row, Extra> {
		return new OpenDraft(this.counters, this.#found, this);
	}

	adopt(fork: OpenDraft<Row, Extra>): void {
		this.counters = fork.counters;
		this.bytes += fork.bytes;
		this.weight += fork.weight;
		for (const [key, row] of fork.#rows) {
			this.#rows.delete(key); // re-inserted last: rows stay in the order of their versions
			this.#rows.set(key, row);
		}
		for (const [key, extra] of fork.#extras) this.#extras.set(key, extra);
		this.#isFloorMoved ||= fork.#isFloorMoved;
	}

	get isChanged(): boolean {
		return this.#rows.size > 0 || this.#extras.size > 0 || this.#isFloorMoved;
	}

	get rowCount(): number {
		return this.#rows.size + this.#extras.size;
	}

	get rows(): readonly Row[] {
		return [...this.#rows.values()];
	}

	get extras(): readonly Extra[] {
		return [...this.#extras.values()];
	}

	nextSeq(): number {
		this.counters = { ...this.counters, seq: this.counters.seq + 1 };
		return this.counters.seq;
	}

	put<One extends Row>(row: DistributiveOmit<One, "version">, weight = 0): One {
		const version = this.counters.version + 1;
		this.counters = { ...this.counters, version };
		const versioned = { ...row, version } as unknown as One; // the same row with the one field it lacked
		this.#keep(versioned);
		this.weight += weight;
		return versioned;
	}

	pending(kind: Row["kind"], id: Row["id"]): Row | undefined {
		return this.#rows.get(`${kind}:${id}`) ?? this.#base?.pending(kind, id);
	}

	note(key: string, extra: Extra, weight = 0): void {
		this.#extras.set(key, extra);
		this.weight += weight;
	}

	noted(key: string): Extra | undefined {
		return this.#extras.get(key) ?? this.#base?.noted(key) ?? this.#found.get(key);
	}

	restore(rows: readonly Row[], counters: Counters): void {
		for (const row of rows) this.#keep(row);
		this.counters = counters;
	}

	setFloorSeq(floorSeq: number): void {
		this.counters = { ...this.counters, floorSeq, version: this.counters.version + 1 };
		this.#isFloorMoved = true;
	}

	#keep(row: Row): void {
		const key = `${row.kind}:${row.id}`;
		this.#rows.delete(key);
		this.#rows.set(key, row);
		this.bytes += Buffer.byteLength(JSON.stringify(row));
	}
}
