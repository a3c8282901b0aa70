import type { ChangesPage, FeedBatch, FeedRow } from "./feed.ts";
import { unreachable } from "./unreachable.ts";

/** How much a follower holds while it waits, and how far it follows before it starts afresh. */
export interface FeedLimits {
	/** Rows kept of batches that arrived while a read was under way; above it they are dropped and read again. */
	readonly bufferRowsMax: number;
	readonly pageRows: number;
	/** Pages of one catch-up; a feed that is further ahead is read afresh. */
	readonly catchUpPagesMax: number;
}

/** Where a follower stands in the feed: everything up to `version` of this `epoch` is known. */
interface Position {
	readonly version: number;
	readonly epoch: string;
}
/** Batches that arrived while a read was under way, and the highest version heard of, kept batch or not. */
interface Waiting<Row extends FeedRow> {
	readonly batches: readonly FeedBatch<Row>[];
	readonly seen: number;
}
/** One read asked of the server. An answer to any other request is late and ignored. */
interface Asked {
	readonly request: number;
	/** The server had told of this version before the read was asked, so an honest answer reaches it. */
	readonly expects: number;
}

/**
 * `idle` knows nothing and waits for a connection · `opening` reads a snapshot · `live` applies what comes ·
 * `catching-up` reads what was missed · `paused` knows a position and waits for a connection.
 */
export type FeedPhase<Row extends FeedRow> =
	| { readonly type: "idle" }
	| { readonly type: "opening"; readonly asked: Asked; readonly waiting: Waiting<Row> }
	| { readonly type: "live"; readonly position: Position }
	| {
			readonly type: "catching-up";
			readonly position: Position;
			readonly asked: Asked;
			readonly waiting: Waiting<Row>;
			/** What the pages so far brought. Shown only when the last one is there: no state that never was. */
			readonly read: { readonly to: number; readonly pages: number; readonly rows: readonly Row[]; floorSeq: number };
	  }
	| { readonly type: "paused"; readonly position: Position };

export interface FeedState<Row extends FeedRow> {
	readonly requests: number;
	readonly phase: FeedPhase<Row>;
}

export type FeedInput<Row extends FeedRow, Snapshot> =
	/** A connection is open and subscribed to the feed's event. */
	| { readonly type: "connected" }
	| { readonly type: "disconnected" }
	| { readonly type: "batch-added"; readonly batch: FeedBatch<Row> }
	/** A snapshot made of several reads is known up to the lowest of their versions; `seen` is the highest. */
	| {
			readonly type: "snapshot-read";
			readonly request: number;
			readonly head: Position;
			readonly seen: number;
			readonly snapshot: Snapshot;
	  }
	| { readonly type: "changes-read"; readonly request: number; readonly page: ChangesPage<Row> }
	/** Somebody was told this version (an acknowledgement): we should have it by now. */
	| { readonly type: "version-noted"; readonly version: number }
	/** Nothing was heard for a while: the loss of the newest batch leaves no gap to notice. */
	| { readonly type: "check" }
	/** What is known may be wrong (a read was refused): start afresh. */
	| { readonly type: "restart" };

/** What the follower must do, in this order: show rows, or ask the server. */
export type FeedEffect<Row extends FeedRow, Snapshot> =
	| { readonly type: "snapshot-replaced"; readonly snapshot: Snapshot }
	/** Rows to merge (`isNewer`), then drop what lies below `floorSeq`. */
	| { readonly type: "rows-changed"; readonly rows: readonly Row[]; readonly floorSeq: number }
	| { readonly type: "read-snapshot"; readonly request: number }
	| {
			readonly type: "read-changes";
			readonly request: number;
			readonly version: number;
			readonly epoch: string;
			readonly limit: number;
	  };

export interface FeedStep<Row extends FeedRow, Snapshot> {
	readonly state: FeedState<Row>;
	readonly effects: readonly FeedEffect<Row, Snapshot>[];
}

export const FEED_START: FeedState<never> = { requests: 0, phase: { type: "idle" } };

/** One step of following a feed. Pure: the caller carries out the effects and reports what came of the reads. */
export const followFeed = <Row extends FeedRow, Snapshot>(
	state: FeedState<Row>,
	input: FeedInput<Row, Snapshot>,
	limits: FeedLimits,
): FeedStep<Row, Snapshot> => {
	const { phase } = state;
	switch (input.type) {
		case "connected":
			if (phase.type === "idle") return open(state);
			if (phase.type === "paused") return catchUp(state, phase.position, NOTHING_WAITING, limits);
			return stay(state);
		case "disconnected":
			if (phase.type === "live" || phase.type === "catching-up") {
				return stay({ ...state, phase: { type: "paused", position: phase.position } });
			}
			return stay(phase.type === "opening" ? { ...state, phase: { type: "idle" } } : state);
		case "batch-added":
			if (phase.type === "live") {
				return settle(state, phase.position, wait(NOTHING_WAITING, input.batch, limits), [], limits);
			}
			if (phase.type !== "opening" && phase.type !== "catching-up") return stay(state);
			return stay({ ...state, phase: { ...phase, waiting: wait(phase.waiting, input.batch, limits) } });
		case "snapshot-read": {
			if (phase.type !== "opening" || phase.asked.request !== input.request) return stay(state);
			const waiting = { ...phase.waiting, seen: Math.max(phase.waiting.seen, input.seen) };
			const shown = { type: "snapshot-replaced", snapshot: input.snapshot } as const;
			return settle(state, input.head, waiting, [shown], limits);
		}
		case "changes-read":
			if (phase.type !== "catching-up" || phase.asked.request !== input.request) return stay(state);
			return readPage(state, phase, input.page, limits);
		case "version-noted":
			if (phase.type === "live" && input.version > phase.position.version) {
				return catchUp(state, phase.position, { batches: [], seen: input.version }, limits);
			}
			if (phase.type !== "opening" && phase.type !== "catching-up") return stay(state);
			return stay({
				...state,
				phase: { ...phase, waiting: { ...phase.waiting, seen: Math.max(phase.waiting.seen, input.version) } },
			});
		case "check":
			return phase.type === "live" ? catchUp(state, phase.position, NOTHING_WAITING, limits) : stay(state);
		case "restart":
			if (phase.type === "idle" || phase.type === "paused") return stay({ ...state, phase: { type: "idle" } });
			return open(state);
		default:
			return unreachable(input);
	}
};

const NOTHING_WAITING: Waiting<never> = { batches: [], seen: 0 };

const stay = <Row extends FeedRow, Snapshot>(state: FeedState<Row>): FeedStep<Row, Snapshot> => ({
	state,
	effects: [],
});

const open = <Row extends FeedRow, Snapshot>(state: FeedState<Row>): FeedStep<Row, Snapshot> => {
	const request = state.requests + 1;
	const asked = { request, expects: 0 };
	return {
		state: { requests: request, phase: { type: "opening", asked, waiting: NOTHING_WAITING } },
		effects: [{ type: "read-snapshot", request }],
	};
};

const wait = <Row extends FeedRow>(waiting: Waiting<Row>, batch: FeedBatch<Row>, limits: FeedLimits): Waiting<Row> => {
	const seen = Math.max(waiting.seen, batch.to);
	const batches = [...waiting.batches, batch];
	const rows = batches.reduce((sum, each) => sum + each.rows.length + 1, 0);
	return { seen, batches: rows > limits.bufferRowsMax ? [] : batches };
};

/** Applies what waits, as far as it reaches without a gap, and goes live or catches up. */
const settle = <Row extends FeedRow, Snapshot>(
	state: FeedState<Row>,
	from: Position,
	waiting: Waiting<Row>,
	before: readonly FeedEffect<Row, Snapshot>[],
	limits: FeedLimits,
): FeedStep<Row, Snapshot> => {
	const rows: Row[] = [];
	let { version } = from;
	let floorSeq = 0;
	const left = waiting.batches.filter((batch) => {
		floorSeq = Math.max(floorSeq, batch.floorSeq);
		if (batch.to <= version) return false;
		if (batch.from > version) return true;
		rows.push(...batch.rows);
		version = batch.to;
		return false;
	});
	const position = { version, epoch: from.epoch };
	const effects = [...before];
	if (version > from.version || floorSeq > 0) effects.push({ type: "rows-changed", rows, floorSeq });
	if (version >= waiting.seen) return { state: { ...state, phase: { type: "live", position } }, effects };
	const next = catchUp<Row, Snapshot>(state, position, { batches: left, seen: waiting.seen }, limits);
	return { state: next.state, effects: [...effects, ...next.effects] };
};

const catchUp = <Row extends FeedRow, Snapshot>(
	state: FeedState<Row>,
	position: Position,
	waiting: Waiting<Row>,
	limits: FeedLimits,
): FeedStep<Row, Snapshot> =>
	askChanges(state, position, waiting, { to: position.version, pages: 0, rows: [], floorSeq: 0 }, limits);

const askChanges = <Row extends FeedRow, Snapshot>(
	state: FeedState<Row>,
	position: Position,
	waiting: Waiting<Row>,
	read: Extract<FeedPhase<Row>, { type: "catching-up" }>["read"],
	limits: FeedLimits,
): FeedStep<Row, Snapshot> => {
	const request = state.requests + 1;
	const asked = { request, expects: waiting.seen };
	const question = { version: read.to, epoch: position.epoch, limit: limits.pageRows };
	return {
		state: { requests: request, phase: { type: "catching-up", position, asked, waiting, read } },
		effects: [{ type: "read-changes", request, ...question }],
	};
};

const readPage = <Row extends FeedRow, Snapshot>(
	state: FeedState<Row>,
	phase: Extract<FeedPhase<Row>, { type: "catching-up" }>,
	page: ChangesPage<Row>,
	limits: FeedLimits,
): FeedStep<Row, Snapshot> => {
	const { position, waiting } = phase;
	if (page.reset) return open(state);
	const read = {
		to: page.to,
		pages: phase.read.pages + 1,
		rows: [...phase.read.rows, ...page.rows],
		floorSeq: Math.max(phase.read.floorSeq, page.floorSeq),
	};
	if (!page.caughtUp) {
		const isStuck = page.to <= phase.read.to;
		if (isStuck || read.pages >= limits.catchUpPagesMax) return open(state);
		return askChanges(state, position, waiting, read, limits);
	}
	// It denies a version it has told us of: this is not the feed we knew.
	if (page.to < phase.asked.expects) return open(state);
	const shown = { type: "rows-changed", rows: read.rows, floorSeq: read.floorSeq } as const;
	return settle(state, { version: page.to, epoch: position.epoch }, waiting, [shown], limits);
};
