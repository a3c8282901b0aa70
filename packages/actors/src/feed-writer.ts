import type { FeedBatch, FeedRow } from "@bullpen/domain/feed";
import type { Limits } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";

/** Where an actor's feed stands, as kept in its `counters` table. */
export interface Counters {
	readonly seq: number;
	readonly version: number;
	readonly floorSeq: number;
}

/** What the writer needs from an actor's tables. `Extra` are rows beside the feed (nonces, hashes) of the same commit. */
export interface FeedStore<Row extends FeedRow, Extra> {
	counters(): Promise<Counters>;
	/** The rows beside the feed that were committed under these keys. */
	find?(keys: readonly string[]): Promise<ReadonlyMap<string, Extra>>;
	/** Everything in one transaction, `counters` included, or nothing. Fails if a key that `find` knows is noted again. */
	commit(change: { rows: readonly Row[]; extras: readonly Extra[]; counters: Counters }): Promise<void>;
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
}

export type Mutation<Row extends FeedRow, Extra, Result> = (draft: Draft<Row, Extra>) => Result | Promise<Result>;

interface Waiting<Row extends FeedRow, Extra> {
	readonly run: (draft: Draft<Row, Extra>) => Promise<() => void>;
	readonly onceKey: string | undefined;
	readonly reject: (error: unknown) => void;
}

interface Options<Row extends FeedRow, Extra> {
	readonly store: FeedStore<Row, Extra>;
	readonly limits: Limits;
	/** Tells everybody, once per commit and only after it. */
	readonly publish: (batch: FeedBatch<Row>, extras: readonly Extra[]) => void;
	/** Resolves when the audience can take another batch. */
	readonly pace: () => Promise<void>;
	readonly keepAwake: <T>(work: Promise<T>) => Promise<T>;
}

/**
 * The one writer of an actor. Mutations that arrive while a commit runs share the next one: each is applied in order to
 * one draft, refusals drop only their own changes, the rest is one transaction, one broadcast, then every caller's answer.
 */
export class FeedWriter<Row extends FeedRow, Extra = never> {
	readonly #options: Options<Row, Extra>;
	#waiting: Waiting<Row, Extra>[] = [];
	#isRunning = false;
	#counters: Counters | undefined;

	constructor(options: Options<Row, Extra>) {
		this.#options = options;
	}

	/**
	 * `onceKey` is the key that the mutation notes unless it sees it noted. Such keys are nearly always new, so nothing is
	 * read before a commit: if one is not, the commit fails, and the batch is applied again to what `find` knows of them.
	 * @throws Problem of the mutation; `busy` when too much waits; the store's error when the commit failed for good.
	 */
	write<Result>(mutation: Mutation<Row, Extra, Result>, onceKey?: string): Promise<Result> {
		if (this.#waiting.length >= this.#options.limits.pendingWritesMax)
			return Promise.reject(
				new Problem("busy", "Too much is being written here right now. Try again.", { waitMs: 1000 }),
			);
		return new Promise<Result>((resolve, reject) => {
			const run = async (draft: Draft<Row, Extra>): Promise<() => void> => {
				const result = await mutation(draft);
				return () => resolve(result);
			};
			this.#waiting.push({ run, onceKey, reject });
			if (!this.#isRunning) this.#start();
		});
	}

	/** The committed counters: the truth that reads are stamped with. */
	async counters(): Promise<Counters> {
		this.#counters ??= await this.#options.store.counters();
		return this.#counters;
	}

	#start(): void {
		this.#isRunning = true;
		void this.#options.keepAwake(this.#drain()).finally(() => {
			this.#isRunning = false;
			if (this.#waiting.length > 0) this.#start();
		});
	}

	async #drain(): Promise<void> {
		while (this.#waiting.length > 0) {
			await this.#options.pace();
			await this.#flush(this.#waiting.splice(0, this.#options.limits.commitRowsMax));
		}
	}

	async #flush(batch: Waiting<Row, Extra>[], found?: ReadonlyMap<string, Extra>): Promise<void> {
		const before = await this.counters().catch((error: unknown) => rejectAll(batch, error));
		if (before === undefined) return;
		const draft = new OpenDraft<Row, Extra>(before, found ?? new Map());
		const applied = await this.#apply(batch, draft);
		if (applied.length === 0) return;
		if (!draft.isChanged) return settle(applied);
		try {
			await this.#commit(draft);
		} catch (error) {
			return this.#recover(error, applied, draft, found);
		}
		this.#finish(before, draft, applied);
	}

	async #find(batch: readonly Waiting<Row, Extra>[]): Promise<ReadonlyMap<string, Extra>> {
		const keys = batch.flatMap(({ onceKey }) => (onceKey === undefined ? [] : [onceKey]));
		return keys.length === 0 ? new Map() : ((await this.#options.store.find?.(keys)) ?? new Map());
	}

	/** Applies mutations until the commit is as large as one may be; the rest goes back to the front of the queue. */
	async #apply(batch: Waiting<Row, Extra>[], draft: OpenDraft<Row, Extra>): Promise<Applied<Row, Extra>[]> {
		const applied: Applied<Row, Extra>[] = [];
		for (const [index, waiting] of batch.entries()) {
			if (applied.length > 0 && this.#isFull(draft)) {
				this.#waiting.unshift(...batch.slice(index));
				break;
			}
			const fork = draft.fork();
			try {
				const answer = await waiting.run(fork);
				draft.adopt(fork);
				applied.push({ waiting, answer });
			} catch (error) {
				waiting.reject(error);
			}
		}
		return applied;
	}

	/** One mutation more could be too much for a commit (the engine's limit on dirty pages) or for a frame. */
	#isFull({ bytes, weight, rowCount }: OpenDraft<Row, Extra>): boolean {
		const { commitBytesMax, commitRowsMax } = this.#options.limits;
		return bytes > commitBytesMax / 2 || bytes + weight > commitBytesMax || rowCount >= commitRowsMax;
	}

	async #commit(draft: OpenDraft<Row, Extra>): Promise<void> {
		await this.#options.store.commit({ rows: draft.rows, extras: draft.extras, counters: draft.counters });
		this.#counters = draft.counters;
	}

	#finish(before: Counters, draft: OpenDraft<Row, Extra>, applied: Applied<Row, Extra>[]): void {
		const { version: to, floorSeq } = draft.counters;
		this.#options.publish({ from: before.version, to, rows: [...draft.rows], floorSeq }, draft.extras);
		settle(applied);
	}

	/**
	 * A commit that failed may still have happened. The tables say: if they stand where this batch would have put them, it
	 * did (one that raised no version cannot be told, and is written again). Otherwise the batch is applied again, knowing
	 * which of its keys were noted before; if that fails too, every mutation alone, so that a poisoned one fails alone.
	 */
	async #recover(
		error: unknown,
		applied: Applied<Row, Extra>[],
		draft: OpenDraft<Row, Extra>,
		known: ReadonlyMap<string, Extra> | undefined,
	): Promise<void> {
		const before = this.#counters;
		this.#counters = undefined;
		const batch = applied.map(({ waiting }) => waiting);
		const now = await this.counters().catch(() => undefined);
		const isRaised = before !== undefined && draft.counters.version > before.version;
		if (isRaised && now?.version === draft.counters.version) return this.#finish(before, draft, applied);
		if (now === undefined || (known !== undefined && batch.length === 1)) return rejectAll(batch, error);
		const found = known ?? (await this.#find(batch).catch(() => undefined));
		if (found === undefined) return rejectAll(batch, error);
		if (known === undefined) return this.#flush(batch, found);
		for (const waiting of batch) await this.#flush([waiting], found);
	}
}

interface Applied<Row extends FeedRow, Extra> {
	readonly waiting: Waiting<Row, Extra>;
	readonly answer: () => void;
}

function rejectAll<Row extends FeedRow, Extra>(batch: readonly Waiting<Row, Extra>[], error: unknown): undefined {
	for (const { reject } of batch) reject(error);
}

function settle<Row extends FeedRow, Extra>(applied: Applied<Row, Extra>[]): void {
	for (const { answer } of applied) answer();
}

class OpenDraft<Row extends FeedRow, Extra> implements Draft<Row, Extra> {
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
		const key = `${versioned.kind}:${versioned.id}`;
		this.#rows.delete(key);
		this.#rows.set(key, versioned);
		this.bytes += Buffer.byteLength(JSON.stringify(versioned));
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

	setFloorSeq(floorSeq: number): void {
		this.counters = { ...this.counters, floorSeq, version: this.counters.version + 1 };
		this.#isFloorMoved = true;
	}
}
