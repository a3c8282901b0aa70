import type { ChangesPage, FeedBatch, FeedRow } from "@bullpen/domain/feed";
import { FEED_START, type FeedEffect, type FeedInput, type FeedState, followFeed } from "@bullpen/domain/feed-follower";
import type { Problem } from "@bullpen/domain/problem";
import { unreachable } from "@bullpen/domain/unreachable";
import type { ClientLimits, Clock } from "./limits.ts";
import { ConnectionLost, isFinal, problemIn, waitMsIn } from "./refusal.ts";

export interface ReadSnapshot<Snapshot> {
	readonly version: number;
	readonly epoch: string;
	/** The highest version any of its reads had; the lowest is `version`. */
	readonly seen: number;
	readonly snapshot: Snapshot;
}

/** One actor's feed over whatever connection there is. Reads belong to the connection that is open now. */
export interface FeedSource<Row extends FeedRow, Snapshot> {
	readSnapshot(): Promise<ReadSnapshot<Snapshot>>;
	readChanges(input: { version: number; epoch: string; limit: number }): Promise<ChangesPage<Row>>;
}

/** Whoever shows the rows. */
export interface FeedTarget<Row extends FeedRow, Snapshot> {
	replaced(snapshot: Snapshot): void;
	changed(rows: readonly Row[], floorSeq: number): void;
	/** Why the feed cannot be read, null when it can (again). */
	refused(problem: Problem | null): void;
}

type Read = Pick<Extract<FeedEffect<FeedRow, unknown>, { request: number }>, "type" | "request">;

/** Runs the feed machine: carries out its reads, tries failed ones again, checks when nothing was heard for long. */
export class FeedRunner<Row extends FeedRow, Snapshot> {
	readonly #source: FeedSource<Row, Snapshot>;
	readonly #target: FeedTarget<Row, Snapshot>;
	readonly #limits: ClientLimits;
	readonly #clock: Clock;
	#state: FeedState<Row> = FEED_START;
	#isConnected = false;
	#failures = 0;
	#cancelRetry: () => void = nothing;
	#cancelCheck: () => void = nothing;
	#cancelArrival: (() => void) | null = null;
	#noted = 0;
	#missing: (() => boolean)[] = [];

	constructor(
		source: FeedSource<Row, Snapshot>,
		target: FeedTarget<Row, Snapshot>,
		limits: ClientLimits,
		clock: Clock,
	) {
		this.#source = source;
		this.#target = target;
		this.#limits = limits;
		this.#clock = clock;
	}

	/** The version that is shown, or -1 before anything is. */
	get version(): number {
		const { phase } = this.#state;
		return phase.type === "idle" || phase.type === "opening" ? -1 : phase.position.version;
	}

	connected(): void {
		this.#isConnected = true;
		this.#failures = 0;
		this.#take({ type: "connected" });
	}

	disconnected(): void {
		this.#isConnected = false;
		this.dispose();
		this.#take({ type: "disconnected" });
	}

	batch(batch: FeedBatch<Row>): void {
		this.#take({ type: "batch-added", batch });
	}

	/** Asks now whether anything was missed. */
	check(): void {
		this.#take({ type: "check" });
	}

	/** Reads everything afresh: what may be read has changed. */
	restart(): void {
		this.#cancelRetry();
		this.#failures = 0;
		this.#take({ type: "restart" });
	}

	/** We were told of this version. It usually arrives by itself, so it is asked for only when it does not. */
	noteVersion(version: number): void {
		this.#noted = Math.max(this.#noted, version);
		if (version > this.version) this.#lookLater();
	}

	/** Something of ours took effect and should arrive by itself; what is still missing then is asked for. */
	expect(isMissing: () => boolean): void {
		this.#missing.push(isMissing);
		this.#lookLater();
	}

	dispose(): void {
		this.#cancelRetry();
		this.#cancelCheck();
		this.#cancelArrival?.();
		this.#cancelArrival = null;
		this.#missing = [];
	}

	/** At the first of what is expected; the next connection asks anyway. */
	#lookLater(): void {
		this.#cancelArrival ??= this.#clock.after(this.#limits.arrivalMs, () => {
			this.#cancelArrival = null;
			const isMissing = this.#missing.splice(0).some((isOneMissing) => isOneMissing());
			if (this.#noted > this.version) this.#take({ type: "version-noted", version: this.#noted });
			else if (isMissing) this.check();
		});
	}

	#take(input: FeedInput<Row, Snapshot>): void {
		const step = followFeed(this.#state, input, this.#limits);
		this.#state = step.state;
		for (const effect of step.effects) this.#carryOut(effect);
		this.#cancelCheck();
		if (!this.#isConnected) return;
		const ms = this.#limits.checkMs * (0.75 + this.#clock.random() / 2);
		this.#cancelCheck = this.#clock.after(ms, () => this.check());
	}

	#carryOut(effect: FeedEffect<Row, Snapshot>): void {
		switch (effect.type) {
			case "snapshot-replaced":
				this.#noted = 0;
				this.#target.replaced(effect.snapshot);
				break;
			case "rows-changed":
				this.#target.changed(effect.rows, effect.floorSeq);
				break;
			case "read-snapshot":
				this.#read(effect, async () => {
					const { version, epoch, seen, snapshot } = await this.#source.readSnapshot();
					return { type: "snapshot-read", request: effect.request, head: { version, epoch }, seen, snapshot };
				});
				break;
			case "read-changes":
				this.#read(effect, async () => {
					const { version, epoch, limit, request } = effect;
					return { type: "changes-read", request, page: await this.#source.readChanges({ version, epoch, limit }) };
				});
				break;
			default:
				unreachable(effect);
		}
	}

	/** The answer goes back to the machine, which ignores it when it is late. */
	#read(effect: Read, ask: () => Promise<FeedInput<Row, Snapshot>>): void {
		const isLatest = (): boolean => this.#isConnected && this.#state.requests === effect.request;
		ask().then(
			(answer) => {
				if (!isLatest()) return;
				this.#failures = 0;
				this.#target.refused(null);
				this.#take(answer);
			},
			(error: unknown) => {
				if (isLatest()) this.#failed(error, effect, ask);
			},
		);
	}

	#failed(error: unknown, effect: Read, ask: () => Promise<FeedInput<Row, Snapshot>>): void {
		const problem = problemIn(error);
		if (problem === null && !(error instanceof ConnectionLost)) throw error;
		if (problem !== null && isFinal(problem)) {
			// What could be read before cannot any more: the snapshot will say what is left, or refuse too.
			if (effect.type === "read-changes") this.restart();
			else this.#target.refused(problem);
			return;
		}
		const full = Math.min(this.#limits.readRetryMaxMs, this.#limits.readRetryMinMs * 2 ** Math.min(this.#failures, 10));
		const waitMs = (problem && waitMsIn(problem)) ?? full * (0.5 + this.#clock.random() / 2);
		this.#failures += 1;
		this.#cancelRetry();
		this.#cancelRetry = this.#clock.after(waitMs, () => this.#read(effect, ask));
	}
}

const nothing = (): void => {};
