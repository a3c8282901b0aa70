import { randomUUID } from "node:crypto";
import type { FeedBatch, FeedRow } from "@bullpen/domain/feed";
import type { Limits } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import { type Counters, type Draft, OpenDraft } from "./feed-draft.ts";

/** `commitId`: of the last commit; missing where a store keeps none, and must then be told by the version that it raised. */
export interface StoredCounters extends Counters {
	readonly commitId?: string | null;
}

export interface Commit<Row extends FeedRow, Extra> {
	readonly id: string;
	/** Nothing may be written to tables that stand beyond it: what was thought to have failed may have happened late. */
	readonly from: number;
	readonly rows: readonly Row[];
	readonly extras: readonly Extra[];
	readonly counters: Counters;
}

/** What the writer needs from an actor's tables. `Extra` are rows beside the feed (nonces, hashes) of the same commit. */
export interface FeedStore<Row extends FeedRow, Extra> {
	counters(): Promise<StoredCounters>;
	/** The rows beside the feed that were committed under these keys. */
	find?(keys: readonly string[]): Promise<ReadonlyMap<string, Extra>>;
	/**
	 * Everything in one transaction, `counters` and `id` included, or nothing. Fails if a key that `find` knows is noted again.
	 * Settles when nothing of it is under way any more.
	 */
	commit(commit: Commit<Row, Extra>): Promise<void>;
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
	/** The version of the last commit that is known to have happened. */
	#committed = 0;

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
		return this.#counters ?? (await this.#read());
	}

	async #read(): Promise<StoredCounters> {
		const stored = await this.#options.store.counters();
		if (stored.version < this.#committed) throw new Error("the tables were read as they were before their last commit");
		this.#counters ??= stored;
		return stored;
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
		const { rows, extras, counters } = draft;
		const commit: Commit<Row, Extra> = { id: randomUUID(), from: before.version, rows, extras, counters };
		try {
			await this.#options.store.commit(commit);
		} catch (error) {
			return this.#recover(error, applied, commit, found);
		}
		this.#finish(commit, applied);
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

	#finish({ from, rows, extras, counters }: Commit<Row, Extra>, applied: Applied<Row, Extra>[]): void {
		this.#counters = counters;
		this.#committed = counters.version;
		const { version: to, floorSeq } = counters;
		this.#options.publish({ from, to, rows: [...rows], floorSeq }, extras);
		settle(applied);
	}

	/**
	 * A commit that failed may still have happened: the tables say whose the last one was. If it was another one, the batch is
	 * applied again, knowing which of its keys were noted before, also by what happened late; if that fails too, every
	 * mutation alone, so that a poisoned one fails alone.
	 */
	async #recover(
		error: unknown,
		applied: Applied<Row, Extra>[],
		commit: Commit<Row, Extra>,
		known: ReadonlyMap<string, Extra> | undefined,
	): Promise<void> {
		this.#counters = undefined;
		const batch = applied.map(({ waiting }) => waiting);
		const now = await this.#read().catch(() => undefined);
		if (now === undefined) return rejectAll(batch, error);
		if (hasHappened(commit, now)) return this.#finish(commit, applied);
		const hasMoved = now.version !== commit.from;
		if (known !== undefined && !hasMoved && batch.length === 1) return rejectAll(batch, error);
		const found = (hasMoved ? undefined : known) ?? (await this.#find(batch).catch(() => undefined));
		if (found === undefined) return rejectAll(batch, error);
		if (known === undefined || hasMoved) return this.#flush(batch, found);
		for (const waiting of batch) await this.#flush([waiting], found);
	}
}

/** Where no commit has a name, one that raised no version cannot be told from one that did not happen, and is written again. */
function hasHappened(
	{ id, from, counters }: Pick<Commit<never, never>, "id" | "from" | "counters">,
	{ commitId, version }: StoredCounters,
): boolean {
	return commitId === undefined ? counters.version > from && version === counters.version : commitId === id;
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
