import type { ChangesPage, FeedBatch, FeedRow, Head } from "@bullpen/domain/feed";
import type { ActorName } from "@bullpen/domain/identity";
import type { Problem } from "@bullpen/domain/problem";
import { mergeRows, type RowMap } from "@bullpen/domain/row-map";
import type { Connection } from "./connection.ts";
import { FeedRunner } from "./feed-runner.ts";
import type { ClientLimits, Clock } from "./limits.ts";
import { Line } from "./line.ts";
import { Notifier } from "./notifier.ts";

/** How one actor's feed of rows is had. */
export interface RowsFeedOptions<A extends ActorName, Row extends FeedRow> {
	readonly read: (line: Line<A>) => Promise<{ readonly rows: readonly Row[]; readonly head: Head }>;
	readonly readChanges: (
		line: Line<A>,
		input: { version: number; epoch: string; limit: number },
	) => Promise<ChangesPage<Row>>;
	readonly listen: (connection: Connection<A>, heard: (batch: FeedBatch<Row>) => void) => () => void;
	readonly opened?: (() => void) | undefined;
	/** Makes the next snapshot of the store. */
	readonly refresh: () => void;
	readonly limits: ClientLimits;
	readonly clock: Clock;
}

/** A feed small enough to be held whole: all its rows, kept true over any number of connections. */
export class RowsFeed<A extends ActorName, Row extends FeedRow> {
	readonly line: Line<A>;
	readonly notifier: Notifier;
	readonly #feed: FeedRunner<Row, readonly Row[]>;
	#rows: RowMap<Row> = new Map();
	#isLoaded = false;
	#problem: Problem | null = null;

	constructor({ read, readChanges, listen, opened, refresh, limits, clock }: RowsFeedOptions<A, Row>) {
		this.notifier = new Notifier(refresh, limits.notifyMs, clock);
		this.line = new Line<A>({
			listen: (connection) => [listen(connection, (batch) => this.#feed.batch(batch))],
			opened: () => {
				this.#feed.connected();
				opened?.();
			},
			closed: () => this.#feed.disconnected(),
		});
		this.#feed = new FeedRunner<Row, readonly Row[]>(
			{
				readSnapshot: async () => {
					const { rows, head } = await read(this.line);
					return { version: head.version, seen: head.version, epoch: head.epoch, snapshot: rows };
				},
				readChanges: (input) => readChanges(this.line, input),
			},
			{
				replaced: (rows) => this.#show(mergeRows<Row>(new Map(), rows), true),
				changed: (rows) => this.#show(mergeRows(this.#rows, rows), this.#isLoaded),
				refused: (problem) => {
					if (problem === this.#problem) return;
					this.#problem = problem;
					this.notifier.changed();
				},
			},
			limits,
			clock,
		);
	}

	get rows(): RowMap<Row> {
		return this.#rows;
	}

	get isLoaded(): boolean {
		return this.#isLoaded;
	}

	get problem(): Problem | null {
		return this.#problem;
	}

	check(): void {
		if (this.line.isOpen) this.#feed.check();
	}

	dispose(): void {
		this.line.dispose();
		this.#feed.dispose();
		this.notifier.dispose();
	}

	#show(rows: RowMap<Row>, isLoaded: boolean): void {
		if (rows === this.#rows && isLoaded === this.#isLoaded) return;
		this.#rows = rows;
		this.#isLoaded = isLoaded;
		this.notifier.changed();
	}
}
