import type { SearchHit, SearchHits } from "@bullpen/domain/search";
import type { Connection } from "./connection.ts";
import type { ClientLimits, Clock } from "./limits.ts";
import { Line } from "./line.ts";
import { Notifier } from "./notifier.ts";
import { ConnectionLost, isPassing, problemIn, waitMsIn } from "./refusal.ts";
import { type StoreOptions, withDefaults } from "./store-options.ts";

/** What somebody looks for, and what was found of it so far. */
export interface SearchShown {
	/** As it was asked; empty while nothing is looked for. */
	readonly query: string;
	/** `waiting`: it is asked as soon as there is a connection. `failed`: `retry` goes on from there. */
	readonly state: "idle" | "asking" | "waiting" | "failed" | "ready";
	/** Newest first. */
	readonly hits: readonly SearchHit[];
	/** `far`: the last stretch held nothing, going on is the reader's to say. `full`: as many are held as can be. */
	readonly more: "none" | "near" | "far" | "full";
	/** Everything from here on was looked at, unix ms; null when that is all there is, or nothing yet. */
	readonly scannedBackTo: number | null;
	readonly failure: unknown;
	/** The index does not know everything yet: more may be found later. */
	readonly isFilling: boolean;
}

/** One question from its first page on. Another one takes its place, and what is answered to it counts for nothing. */
interface Question {
	readonly query: string;
	state: "asking" | "failed" | "ready";
	hits: readonly SearchHit[];
	/** Where the next page begins: undefined at the newest, null when there is none. */
	next: string | null | undefined;
	scannedBackTo: number | null;
	/** Pages without a hit, and passing refusals, in a row. */
	emptyPages: number;
	refusals: number;
	failure: unknown;
}

/** Looks for messages in all of our rooms, over as many connections as it takes. The newest question wins. */
export class SearchStore {
	readonly #line: Line<"search">;
	readonly #notifier: Notifier;
	readonly #limits: ClientLimits;
	readonly #clock: Clock;
	#question: Question | null = null;
	#isFilling = false;
	/** The call under way. One that another connection was to answer is none. */
	#call: object | null = null;
	#cancelRetry: () => void = () => {};
	#shown: SearchShown;

	constructor(options: StoreOptions = {}) {
		const { limits, clock } = withDefaults(options);
		this.#limits = limits;
		this.#clock = clock;
		this.#line = new Line({
			listen: () => [],
			opened: () => {
				this.#askState();
				this.#go();
			},
			closed: () => {
				this.#call = null;
				this.#notifier.tell();
			},
		});
		this.#notifier = new Notifier(
			() => {
				this.#shown = this.#show();
			},
			limits.notifyMs,
			clock,
		);
		this.#shown = this.#show();
	}

	readonly subscribe = (listener: () => void): (() => void) => this.#notifier.subscribe(listener);
	readonly getSnapshot = (): SearchShown => this.#shown;

	attach(connection: Connection<"search">): () => void {
		return this.#line.attach(connection);
	}

	/** Begins anew, unless this is what is shown. Ids for people and rooms, unix ms for days; empty for nothing at all. */
	ask(query: string): void {
		if (query === (this.#question?.query ?? "")) return;
		this.#begin(query === "" ? null : query);
	}

	/** The next page. Nothing while one is under way or there is none. */
	readonly loadMore = (): void => {
		const question = this.#question;
		if (question?.state !== "ready" || !["near", "far"].includes(this.#shown.more)) return;
		question.emptyPages = 0;
		question.state = "asking";
		this.#go();
	};

	/** Asks again what failed. */
	readonly retry = (): void => {
		const question = this.#question;
		if (question?.state !== "failed") return;
		Object.assign(question, { state: "asking", failure: null, refusals: 0 });
		this.#go();
	};

	dispose(): void {
		this.#cancelRetry();
		this.#question = null;
		this.#notifier.dispose();
		this.#line.dispose();
	}

	#begin(query: string | null): void {
		this.#cancelRetry();
		this.#call = null;
		this.#question =
			query === null
				? null
				: {
						...{ query, state: "asking", hits: [], next: undefined, scannedBackTo: null },
						...{ emptyPages: 0, refusals: 0, failure: null },
					};
		if (query !== null && this.#isFilling) this.#askState();
		this.#go();
	}

	/** Asks for what is wanted next, if that can be done now. */
	#go(): void {
		const question = this.#question;
		const isDue = question?.state === "asking" && this.#call === null && this.#line.isOpen;
		if (question && isDue) void this.#page(question);
		this.#notifier.tell();
	}

	async #page(question: Question): Promise<void> {
		const call = {};
		this.#call = call;
		const { query, next } = question;
		try {
			const page = await this.#line.call("search", { query, ...(typeof next === "string" && { before: next }) });
			if (this.#call !== call) return;
			this.#call = null;
			this.#take(question, page);
		} catch (error) {
			if (this.#call !== call) return;
			this.#call = null;
			this.#failed(question, error);
		}
		this.#go();
	}

	#take(question: Question, { hits, next, scannedBackTo }: SearchHits): void {
		question.hits = [...question.hits, ...hits].slice(0, this.#limits.searchHitsMax);
		question.emptyPages = hits.length === 0 ? question.emptyPages + 1 : 0;
		question.refusals = 0;
		Object.assign(question, { next, scannedBackTo });
		const goesOn = hits.length === 0 && next !== null && question.emptyPages < this.#limits.searchEmptyPagesMax;
		question.state = goesOn ? "asking" : "ready";
	}

	/** A lost connection is waited for; what may pass on this one is asked again a few times. */
	#failed(question: Question, error: unknown): void {
		const problem = problemIn(error);
		const mayPass = problem === null ? error instanceof ConnectionLost : isPassing(problem);
		if (mayPass && !this.#line.isOpen) return;
		if (!mayPass || question.refusals >= this.#limits.searchRefusalsMax) {
			Object.assign(question, { state: "failed", failure: problem ?? error });
			return;
		}
		question.refusals += 1;
		const pause = {};
		this.#call = pause;
		const waitMs = (problem && waitMsIn(problem)) ?? this.#limits.readRetryMinMs;
		this.#cancelRetry = this.#clock.after(waitMs, () => {
			if (this.#call === pause) this.#call = null;
			this.#go();
		});
	}

	#askState(): void {
		this.#line.call("getIndexState").then(
			({ isFilling }) => {
				this.#isFilling = isFilling;
				this.#notifier.changed();
			},
			() => {}, // it is a remark beside the answer, which tells of whatever is wrong
		);
	}

	#show(): SearchShown {
		const question = this.#question;
		const isFilling = this.#isFilling;
		if (question === null) return { ...NOTHING, isFilling };
		const { query, hits, scannedBackTo, failure } = question;
		const state = question.state === "asking" && !this.#line.isOpen ? "waiting" : question.state;
		return { query, state, hits, more: this.#more(question), scannedBackTo, failure, isFilling };
	}

	#more({ hits, next, emptyPages }: Question): SearchShown["more"] {
		if (next === null || next === undefined) return "none";
		if (hits.length >= this.#limits.searchHitsMax) return "full";
		return emptyPages > 0 ? "far" : "near";
	}
}

const NOTHING = { query: "", state: "idle", hits: [], more: "none", scannedBackTo: null, failure: null } as const;
