import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ChangesPage, type FeedBatch, isNewer } from "./feed.ts";
import {
	FEED_START,
	type FeedEffect,
	type FeedInput,
	type FeedLimits,
	type FeedState,
	followFeed,
} from "./feed-follower.ts";

interface Row {
	kind: "message";
	id: number;
	version: number;
	text: string;
}
interface Snapshot {
	rows: Row[];
	floorSeq: number;
}
type Rows = ReadonlyMap<number, Row>;

const LIMITS: FeedLimits = { bufferRowsMax: 6, pageRows: 3, catchUpPagesMax: 4 };
const row = (id: number, version: number): Row => ({ kind: "message", id, version, text: `${id} at ${version}` });
const batch = (from: number, to: number, rows: Row[], floorSeq = 1): FeedBatch<Row> => ({ from, to, rows, floorSeq });
const above = (rows: Rows, floorSeq: number): Row[] =>
	[...rows.values()].filter((each) => each.id >= floorSeq).sort((a, b) => a.id - b.id);

/** The feed as an actor keeps it, with every state it ever had. */
class Server {
	epoch = "e1";
	version = 0;
	floorSeq = 1;
	rows: Rows = new Map();
	headSeq = 0;
	readonly past = new Map<string, Rows>([["e1:0", new Map()]]);

	/** One commit: some changed rows and some added ones. */
	commit(changed: readonly number[], added: number): FeedBatch<Row> {
		const from = this.version;
		const ids = changed.map((n) => 1 + (n % Math.max(1, this.headSeq))).filter((id) => this.rows.has(id));
		for (let n = 0; n < added; n++) ids.push(++this.headSeq);
		if (ids.length === 0) return batch(from, from, [], this.floorSeq);
		const next = new Map(this.rows);
		for (const id of ids) next.set(id, row(id, ++this.version));
		this.rows = next;
		this.past.set(`${this.epoch}:${this.version}`, next);
		const rows = [...new Set(ids)].map((id) => next.get(id)!);
		return { from, to: this.version, rows, floorSeq: this.floorSeq };
	}

	prune(to: number): FeedBatch<Row> {
		this.floorSeq = Math.max(this.floorSeq, Math.min(to, this.headSeq + 1));
		this.rows = new Map([...this.rows].filter(([id]) => id >= this.floorSeq));
		return batch(this.version, this.version, [], this.floorSeq);
	}

	/** A backup is restored: fewer rows, lower versions, another epoch. */
	restore(): void {
		this.epoch = `e${this.epoch.length}${this.version}${this.past.size}`;
		this.rows = new Map([...this.rows].slice(0, Math.floor(this.rows.size / 2)));
		this.version = Math.max(0, ...[...this.rows.values()].map((each) => each.version));
		this.headSeq = Math.max(this.floorSeq - 1, ...this.rows.keys());
		this.past.set(`${this.epoch}:${this.version}`, this.rows);
	}

	snapshot(request: number): FeedInput<Row, Snapshot> {
		const head = { version: this.version, epoch: this.epoch };
		const snapshot = { rows: above(this.rows, this.floorSeq), floorSeq: this.floorSeq };
		return { type: "snapshot-read", request, head, seen: head.version, snapshot };
	}

	changes(request: number, since: number, epoch: string, limit: number): FeedInput<Row, Snapshot> {
		return { type: "changes-read", request, page: this.page(since, epoch, limit) };
	}

	page(since: number, epoch: string, limit: number): ChangesPage<Row> {
		const { floorSeq } = this;
		if (epoch !== this.epoch || since > this.version) {
			return { rows: [], to: this.version, caughtUp: true, reset: true, floorSeq };
		}
		const missed = [...this.rows.values()].filter((each) => each.version > since).sort((a, b) => a.version - b.version);
		const rows = missed.slice(0, limit);
		const caughtUp = missed.length <= limit;
		return { rows, to: caughtUp ? this.version : rows.at(-1)!.version, caughtUp, floorSeq };
	}
}

/** A follower on a bad line: its reads wait to be answered, its events wait to be delivered. */
class Follower {
	state: FeedState<Row> = FEED_START;
	rows: Rows = new Map();
	floorSeq = 1;
	readonly reads: Exclude<FeedEffect<Row, Snapshot>, { type: "snapshot-replaced" | "rows-changed" }>[] = [];
	readonly limits: FeedLimits;

	constructor(limits: FeedLimits = LIMITS) {
		this.limits = limits;
	}

	take(input: FeedInput<Row, Snapshot>): string[] {
		const step = followFeed(this.state, input, this.limits);
		this.state = step.state;
		for (const effect of step.effects) {
			if (effect.type === "snapshot-replaced") this.#show(new Map(), effect.snapshot.rows, effect.snapshot.floorSeq);
			else if (effect.type === "rows-changed") {
				this.#show(this.rows, effect.rows, Math.max(this.floorSeq, effect.floorSeq));
			} else this.reads.push(effect);
		}
		return step.effects.map((effect) => effect.type);
	}

	#show(base: Rows, rows: readonly Row[], floorSeq: number): void {
		const next = new Map(base);
		for (const each of rows) if (isNewer(each, next.get(each.id))) next.set(each.id, each);
		this.floorSeq = floorSeq;
		this.rows = new Map(above(next, floorSeq).map((each) => [each.id, each]));
	}

	answerNext(server: Server): boolean {
		const read = this.reads.shift();
		if (!read) return false;
		if (read.type === "read-snapshot") this.take(server.snapshot(read.request));
		else this.take(server.changes(read.request, read.version, read.epoch, read.limit));
		return true;
	}

	answerAll(server: Server): void {
		for (let rounds = 0; this.answerNext(server); rounds++) {
			if (rounds > 500) throw new Error("the follower never stops asking");
		}
	}
}

const live = (server = new Server(), follower = new Follower()): { server: Server; follower: Follower } => {
	server.commit([], 3);
	follower.take({ type: "connected" });
	follower.answerAll(server);
	return { server, follower };
};
const types = (follower: Follower): string[] => follower.reads.map((read) => read.type);

describe("following a feed", () => {
	test("[FEED1] a change between subscribing and reading is in the snapshot or in the buffer", () => {
		for (const isCommitBeforeRead of [true, false]) {
			const server = new Server();
			const follower = new Follower();
			server.commit([], 2);
			follower.take({ type: "connected" });
			const early = isCommitBeforeRead ? undefined : server.snapshot(1);
			follower.take({ type: "batch-added", batch: server.commit([1], 1) });
			follower.take(early ?? server.snapshot(1));
			expect(follower.state.phase).toMatchObject({ type: "live", position: { version: 4 } });
			expect([...follower.rows.values()]).toEqual(above(server.rows, 1));
		}
	});

	test("[FEED2] the next batch is applied, one known already changes nothing", () => {
		const { server, follower } = live();
		const next = server.commit([0], 1);
		follower.take({ type: "batch-added", batch: next });
		const shown = follower.rows;
		expect(above(shown, 1)).toEqual(above(server.rows, 1));
		follower.take({ type: "batch-added", batch: next });
		expect(follower.rows).toEqual(shown);
		expect(follower.reads).toEqual([]);
	});

	test("[FEED2] a batch that begins before and ends after what is known is applied", () => {
		const { follower } = live();
		follower.take({ type: "batch-added", batch: batch(1, 5, [row(2, 4), row(4, 5)]) });
		expect(follower.state.phase).toMatchObject({ type: "live", position: { version: 5 } });
		expect(follower.reads).toEqual([]);
	});

	test("[FEED3] a gap is read from the version known, and what arrives meanwhile is not lost", () => {
		const { server, follower } = live();
		server.commit([], 1);
		follower.take({ type: "batch-added", batch: server.commit([], 1) });
		expect(follower.reads).toEqual([{ type: "read-changes", request: 2, version: 3, epoch: "e1", limit: 3 }]);
		const page = server.changes(2, 3, "e1", 3);
		follower.take({ type: "batch-added", batch: server.commit([], 1) });
		follower.take(page);
		expect(follower.state.phase).toMatchObject({ type: "live", position: { version: 6 } });
		expect(above(follower.rows, 1)).toEqual(above(server.rows, 1));
	});

	test("[FEED4] a catch-up of several pages is shown once, when it is whole", () => {
		const { server, follower } = live();
		for (let n = 0; n < 7; n++) server.commit([], 1);
		const before = follower.rows;
		follower.take({ type: "check" });
		follower.answerNext(server);
		follower.answerNext(server);
		expect(follower.rows).toBe(before);
		follower.answerNext(server);
		expect(above(follower.rows, 1)).toEqual(above(server.rows, 1));
	});

	test("[FEED5] a full buffer is dropped, and what it held is read again", () => {
		const { server, follower } = live();
		follower.take({ type: "check" });
		const early = server.changes(2, 3, "e1", 3);
		for (let n = 0; n < 9; n++) follower.take({ type: "batch-added", batch: server.commit([], 1) });
		follower.reads.length = 0;
		follower.take(early);
		expect(types(follower)).toEqual(["read-changes"]);
		follower.answerAll(server);
		expect(above(follower.rows, 1)).toEqual(above(server.rows, 1));
	});

	test("[FEED6] rows below the floor are dropped, whether a batch or a page tells it", () => {
		const { server, follower } = live();
		follower.take({ type: "batch-added", batch: server.prune(2) });
		expect([...follower.rows.keys()]).toEqual([2, 3]);
		server.prune(3);
		follower.take({ type: "check" });
		follower.answerAll(server);
		expect([...follower.rows.keys()]).toEqual([3]);
	});

	test("[FEED7] a reset keeps what is shown until the fresh snapshot replaces it", () => {
		const { server, follower } = live();
		server.restore();
		follower.take({ type: "disconnected" });
		follower.take({ type: "connected" });
		follower.answerNext(server);
		expect(follower.rows.size).toBe(3);
		expect(types(follower)).toEqual(["read-snapshot"]);
		follower.answerAll(server);
		expect(above(follower.rows, 1)).toEqual(above(server.rows, 1));
	});

	test("[FEED8] after a reconnect the changes are always asked for: no gap tells of a lost newest batch", () => {
		const { server, follower } = live();
		follower.take({ type: "disconnected" });
		server.commit([], 1);
		follower.take({ type: "connected" });
		expect(types(follower)).toEqual(["read-changes"]);
		follower.answerAll(server);
		expect(above(follower.rows, 1)).toEqual(above(server.rows, 1));
	});

	test("[FEED8] a higher version heard of elsewhere starts a catch-up, a known one does not", () => {
		const { server, follower } = live();
		follower.take({ type: "version-noted", version: 3 });
		expect(follower.reads).toEqual([]);
		follower.take({ type: "version-noted", version: server.commit([], 1).to });
		expect(types(follower)).toEqual(["read-changes"]);
	});

	test("[FEED9] a follower that is too far behind starts afresh", () => {
		const { server, follower } = live();
		for (let n = 0; n < 20; n++) server.commit([], 1);
		follower.take({ type: "check" });
		for (let n = 0; n < LIMITS.catchUpPagesMax; n++) follower.answerNext(server);
		expect(types(follower)).toEqual(["read-snapshot"]);
	});

	test("[FEED10] an answer to a read of an earlier connection is ignored", () => {
		const { server, follower } = live();
		follower.take({ type: "check" });
		const late = server.changes(2, 3, "e1", 3);
		follower.take({ type: "disconnected" });
		follower.take({ type: "connected" });
		server.commit([], 1);
		follower.take(late);
		expect(follower.state.phase.type).toBe("catching-up");
	});

	test("[FEED11] a server that denies a version it told of, or makes no progress, is read afresh", () => {
		const denied = live().follower;
		denied.take({ type: "version-noted", version: 9 });
		denied.take({ type: "changes-read", request: 2, page: { rows: [], to: 3, caughtUp: true, floorSeq: 1 } });
		expect(denied.state.phase.type).toBe("opening");
		const stuck = live().follower;
		stuck.take({ type: "check" });
		stuck.take({ type: "changes-read", request: 2, page: { rows: [], to: 3, caughtUp: false, floorSeq: 1 } });
		expect(stuck.state.phase.type).toBe("opening");
	});

	test("[FEED12] snapshot + events = fresh snapshot, whatever is cut, lost, doubled, reordered, pruned or restored", () => {
		fc.assert(fc.property(fc.array(anyEvent, { maxLength: 60 }), anyLimits, converges), { numRuns: 3_000 });
	});
});

const anyEvent = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.record({
			type: fc.constant("commit" as const),
			changed: fc.array(fc.nat(20), { maxLength: 2 }),
			added: fc.nat(2),
		}),
	},
	{ weight: 6, arbitrary: fc.record({ type: fc.constant("deliver" as const), at: fc.nat(3) }) },
	{ weight: 4, arbitrary: fc.record({ type: fc.constant("answer" as const), isLate: fc.boolean() }) },
	{ weight: 1, arbitrary: fc.record({ type: fc.constant("prune" as const), to: fc.nat(12) }) },
	...(["lose", "double", "read", "disconnect", "connect", "check", "note", "restore"] as const).map((type) => ({
		weight: type === "restore" ? 1 : 2,
		arbitrary: fc.record({ type: fc.constant(type) }),
	})),
);
type AnyEvent = typeof anyEvent extends fc.Arbitrary<infer E> ? E : never;
const anyLimits = fc.record({
	bufferRowsMax: fc.integer({ min: 1, max: 8 }),
	pageRows: fc.integer({ min: 1, max: 4 }),
	catchUpPagesMax: fc.integer({ min: 1, max: 5 }),
});

function converges(events: readonly AnyEvent[], limits: FeedLimits): void {
	const server = new Server();
	const follower = new Follower(limits);
	const line: FeedBatch<Row>[] = [];
	/** Answers made by the server and still on their way. */
	const answers: FeedInput<Row, Snapshot>[] = [];
	let isConnected = false;

	const readNext = (): void => {
		const read = follower.reads.shift();
		if (read?.type === "read-snapshot") answers.push(server.snapshot(read.request));
		else if (read) answers.push(server.changes(read.request, read.version, read.epoch, read.limit));
	};
	const disconnect = (): void => {
		isConnected = false;
		line.length = 0;
		follower.take({ type: "disconnected" });
	};
	const connect = (): void => {
		isConnected = true;
		follower.take({ type: "connected" });
	};
	const play = (event: AnyEvent): void => {
		switch (event.type) {
			case "commit":
				line.push(server.commit(event.changed, event.added));
				return;
			case "prune":
				line.push(server.prune(event.to));
				return;
			case "deliver": {
				const [next] = line.splice(Math.min(event.at, Math.max(0, line.length - 1)), 1);
				if (next && isConnected) follower.take({ type: "batch-added", batch: next });
				return;
			}
			case "lose":
				line.shift();
				return;
			case "double":
				if (line[0]) line.push(line[0]);
				return;
			case "read":
				readNext();
				return;
			case "answer": {
				if (answers.length === 0) readNext();
				const answer = event.isLate ? answers.pop() : answers.shift();
				if (answer) follower.take(answer);
				return;
			}
			case "disconnect":
				disconnect();
				return;
			case "connect":
				if (!isConnected) connect();
				return;
			case "check":
				follower.take({ type: "check" });
				return;
			case "note":
				if (isConnected) follower.take({ type: "version-noted", version: server.version });
				return;
			case "restore":
				disconnect();
				server.restore();
		}
	};

	for (const event of events) {
		play(event);
		showsAStateThatWas(server, follower);
	}
	if (!isConnected) connect();
	for (const answer of answers) follower.take(answer);
	for (const each of line) follower.take({ type: "batch-added", batch: each });
	follower.answerAll(server);
	follower.take({ type: "check" });
	follower.answerAll(server);
	expect(follower.state.phase).toMatchObject({ type: "live", position: { version: server.version } });
	expect(above(follower.rows, follower.floorSeq)).toEqual(above(server.rows, server.floorSeq));
}

/** Between any two steps the rows shown are those the server had at the version known. */
function showsAStateThatWas(server: Server, follower: Follower): void {
	const { phase } = follower.state;
	if (phase.type !== "live" && phase.type !== "catching-up" && phase.type !== "paused") return;
	const then = server.past.get(`${phase.position.epoch}:${phase.position.version}`);
	expect(then).toBeDefined();
	expect(above(follower.rows, follower.floorSeq)).toEqual(above(then!, follower.floorSeq));
}
