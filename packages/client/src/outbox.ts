import { Nonce, UnixMs } from "@bullpen/domain/id";
import { nonceAt } from "@bullpen/domain/nonce";
import { Problem, ProblemCode, ProblemDetails } from "@bullpen/domain/problem";
import { z } from "zod";
import type { ClientLimits, Clock } from "./limits.ts";
import { ConnectionLost, isPassing, problemIn, waitMsIn } from "./refusal.ts";

/** `sent`: acknowledged, and about to be seen in the feed. `retryAt` is unix ms. */
export type OutgoingState =
	| { readonly type: "waiting"; readonly retryAt?: number }
	| { readonly type: "sending" }
	| { readonly type: "sent"; readonly version: number | null }
	| { readonly type: "failed"; readonly problem: Problem };

/** One send that is not seen in the feed yet. */
export interface Outgoing<Input> {
	readonly nonce: string;
	readonly input: Input;
	readonly createdAt: number;
	readonly state: OutgoingState;
}

/** `sessionStorage`, or anything like it. */
export type OutboxStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export interface OutboxOptions<Input> {
	/** Makes the call over whatever connection there is. The answer is the version the act got, where it has one. */
	readonly deliver: (input: Input & { readonly nonce: string }) => Promise<number | null>;
	readonly changed: () => void;
	readonly limits: ClientLimits;
	readonly clock: Clock;
	readonly makeNonce?: (() => string) | undefined;
	/** Keeps what is not acknowledged over a reload, under `key`; `schema` reads the inputs back. */
	readonly kept?:
		| { readonly storage: OutboxStorage; readonly key: string; readonly schema: z.ZodType<Input> }
		| undefined;
}

/** Tries on an open connection before a send that the server neither takes nor refuses is given up. */
const TRIES_MAX = 8;

/**
 * Sends in order, one at a time, each with a permanent nonce: whatever becomes of calls and connections, a send is told
 * again until the server took or refused it, and takes effect once.
 */
export class Outbox<Input extends object> {
	readonly #options: OutboxOptions<Input>;
	#entries: readonly Outgoing<Input>[];
	#isOpen = false;
	/** What is being delivered. The outcome of any earlier delivery is nobody's business. */
	#delivery: { readonly nonce: string } | null = null;
	#tries = 0;
	#cancelRetry: () => void = () => {};

	constructor(options: OutboxOptions<Input>) {
		this.#options = options;
		this.#entries = readKept(options.kept, options.limits.outboxMax);
	}

	/** In the order of sending. */
	get entries(): readonly Outgoing<Input>[] {
		return this.#entries;
	}

	/** With a `nonce` that was used it takes effect no second time. @throws Problem `queue_full` */
	add(input: Input, known?: string): string {
		const { limits, clock, makeNonce } = this.#options;
		if (this.#entries.length >= limits.outboxMax) {
			throw new Problem("queue_full", "Too much is waiting to be sent.", { max: limits.outboxMax });
		}
		const nonce = known ?? makeNonce?.() ?? nonceAt(clock.now(), crypto.getRandomValues(new Uint8Array(16)));
		this.#replace([...this.#entries, { nonce, input, createdAt: clock.now(), state: { type: "waiting" } }]);
		this.#pump();
		return nonce;
	}

	/** Sends a failed one again, after everything else that waits. */
	retry(nonce: string): void {
		const entry = this.#entries.find((each) => each.nonce === nonce);
		if (entry?.state.type !== "failed") return;
		const others = this.#entries.filter((each) => each !== entry);
		this.#replace([...others, { ...entry, state: { type: "waiting" } }]);
		this.#pump();
	}

	/** Stops telling the server of one that failed or waits. Should it have arrived before, the feed shows it all the same. */
	discard(nonce: string): void {
		const entry = this.#entries.find((each) => each.nonce === nonce);
		if (entry?.state.type === "failed" || entry?.state.type === "waiting") this.seen([nonce]);
	}

	/** These are in the feed: whatever became of their acknowledgements, they took effect. */
	seen(nonces: Iterable<string>): void {
		const gone = new Set(nonces);
		const left = this.#entries.filter((each) => !gone.has(each.nonce));
		if (left.length === this.#entries.length) return;
		this.#replace(left);
		if (this.#delivery !== null && gone.has(this.#delivery.nonce)) this.#next();
	}

	/** The feed is known up to this version: what was acknowledged below it is shown, or lies outside the window. */
	reached(version: number): void {
		this.seen(
			this.#entries
				.filter(({ state }) => state.type === "sent" && state.version !== null && state.version <= version)
				.map(({ nonce }) => nonce),
		);
	}

	opened(): void {
		this.#isOpen = true;
		this.#tries = 0;
		this.#next();
	}

	closed(): void {
		this.#isOpen = false;
		this.#cancelRetry();
		if (this.#delivery !== null) this.#change(this.#delivery.nonce, { type: "waiting" });
		this.#delivery = null;
	}

	/** Nothing is sent any more. What was not acknowledged stays kept. */
	dispose(): void {
		this.closed();
	}

	#next(): void {
		this.#cancelRetry();
		this.#delivery = null;
		this.#pump();
	}

	#pump(): void {
		if (!this.#isOpen || this.#delivery !== null) return;
		const entry = this.#entries.find(({ state }) => state.type === "waiting");
		if (entry === undefined) return;
		const delivery = { nonce: entry.nonce };
		this.#delivery = delivery;
		this.#change(entry.nonce, { type: "sending" });
		const isOurs = (): boolean => this.#delivery === delivery;
		this.#options.deliver({ ...entry.input, nonce: entry.nonce }).then(
			(version) => {
				if (isOurs()) this.#acknowledged(entry.nonce, version);
			},
			(error: unknown) => {
				if (isOurs()) this.#failed(entry.nonce, error);
			},
		);
	}

	#acknowledged(nonce: string, version: number | null): void {
		this.#tries = 0;
		this.#change(nonce, { type: "sent", version });
		this.#next();
	}

	#failed(nonce: string, error: unknown): void {
		const problem = problemIn(error);
		if (problem === null && !(error instanceof ConnectionLost)) throw error;
		const { clock, limits } = this.#options;
		this.#tries += 1;
		const isGivenUp = this.#tries >= TRIES_MAX && problem?.code !== "rate_limited";
		if (isGivenUp || (problem !== null && !isPassing(problem))) {
			this.#refused(nonce, problem ?? new Problem("busy", "The server did not take this. Try again later."));
			return;
		}
		const backoff = Math.min(limits.readRetryMaxMs, limits.readRetryMinMs * 2 ** Math.min(this.#tries - 1, 10));
		const waitMs = (problem && waitMsIn(problem)) ?? backoff;
		// It keeps its place: those behind it wait with it.
		this.#change(nonce, { type: "waiting", retryAt: clock.now() + waitMs });
		this.#cancelRetry = clock.after(waitMs, () => this.#next());
	}

	#refused(nonce: string, problem: Problem): void {
		this.#tries = 0;
		this.#change(nonce, { type: "failed", problem });
		this.#next();
	}

	#change(nonce: string, state: OutgoingState): void {
		this.#replace(this.#entries.map((each) => (each.nonce === nonce ? { ...each, state } : each)));
	}

	#replace(entries: readonly Outgoing<Input>[]): void {
		this.#entries = entries;
		keep(this.#options.kept, entries);
		this.#options.changed();
	}
}

const KeptProblem = z.object({ code: ProblemCode, sentence: z.string(), details: ProblemDetails });
const KeptEntry = z.object({ nonce: Nonce, createdAt: UnixMs, input: z.unknown(), problem: KeptProblem.nullable() });

const readKept = <Input>(kept: OutboxOptions<Input>["kept"], max: number): Outgoing<Input>[] => {
	const text = kept?.storage.getItem(kept.key);
	if (!kept || !text) return [];
	const read = z.array(KeptEntry.extend({ input: kept.schema })).safeParse(parseJson(text));
	if (!read.success) return []; // made by another version: its sends cannot be read, and guessing would send the wrong thing
	return read.data.slice(0, max).map(({ nonce, createdAt, input, problem }) => ({
		nonce,
		createdAt,
		input,
		state: problem
			? { type: "failed", problem: new Problem(problem.code, problem.sentence, problem.details) }
			: { type: "waiting" },
	}));
};

const keep = <Input>(kept: OutboxOptions<Input>["kept"], entries: readonly Outgoing<Input>[]): void => {
	if (!kept) return;
	const open = entries.filter(({ state }) => state.type !== "sent");
	const rows = open.map(({ nonce, createdAt, input, state }) => ({
		nonce,
		createdAt,
		input,
		problem:
			state.type === "failed"
				? { code: state.problem.code, sentence: state.problem.message, details: state.problem.details }
				: null,
	}));
	try {
		if (rows.length === 0) kept.storage.removeItem(kept.key);
		else kept.storage.setItem(kept.key, JSON.stringify(rows));
	} catch {
		// The storage is full or forbidden: sending goes on, only a reload would forget.
	}
};

const parseJson = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return undefined; // not ours, as the schema will say
	}
};
