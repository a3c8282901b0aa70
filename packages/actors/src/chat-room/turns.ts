import type { Limits } from "@bullpen/domain/limits";
import type { Rate } from "@bullpen/domain/rate-limit";
import { NoteBudget } from "./note-budget.ts";

/**
 * `open`: has their inbox open and does not look at this room, so that its count is all they see of it. `first`: looks at the
 * room, or was called. `away`: everybody else.
 */
export type Rank = "open" | "first" | "away";

/** Somebody whose inbox is to be told something. */
export interface Due {
	readonly rank: Rank;
	/** What of the room their inbox has acknowledged. */
	readonly version: number;
	/** Not before, unix ms. */
	readonly retryAt: number;
	/** Telling them failed the last time. */
	readonly isTroubled: boolean;
}

const RANKS = ["open", "first", "away"] as const satisfies Rank[];
const NOW: Readonly<Record<Rank, number>> = { open: 0, first: 0, away: 0 };

type TurnLimits = Pick<
	Limits,
	| "inboxNotesAtOnce"
	| "inboxNoteGapMs"
	| "inboxNoteAwayMs"
	| "inboxNoteBurst"
	| "inboxNotePerSecond"
	| "inboxNotePerSecondBusy"
	| "inboxNoteBurstAllRooms"
	| "inboxNotePerSecondAllRooms"
	| "inboxNoteKeptForOpen"
>;

interface Options {
	readonly limits: TurnLimits;
	readonly now: () => number;
	/** Of all rooms of this process. */
	readonly shared: NoteBudget;
}

/** Whose inbox a room tells next, and when: those first who wait for it, and never more than what leaves the machine to the senders. */
export class Turns {
	readonly #limits: TurnLimits;
	readonly #now: () => number;
	readonly #own: NoteBudget;
	readonly #shared: NoteBudget;
	/** When whose turn comes, unix ms. Within one, any number of changes is one note. */
	#turnAt: Readonly<Record<Rank, number>> = NOW;
	/** Commits come faster than in a conversation: then nobody goes past the room's own budget. */
	isBusy = false;

	constructor({ limits, now, shared }: Options) {
		this.#limits = limits;
		this.#now = now;
		this.#own = new NoteBudget(limits.inboxNoteBurst, now);
		this.#shared = shared;
	}

	/** It is everybody's turn. */
	callAll(): void {
		this.#turnAt = NOW;
	}

	/** Those to be told now. The troubled have a few lanes, so that who is slow to fail keeps nobody waiting. */
	next<One extends Due>(due: readonly One[], telling: { readonly count: number; readonly troubled: number }): One[] {
		const now = this.#now();
		const { inboxNotesAtOnce, inboxNoteGapMs, inboxNoteAwayMs } = this.#limits;
		const ready = due.filter(({ rank, retryAt }) => Math.max(retryAt, this.#turnAt[rank]) <= now);
		let lanes = Math.max(0, inboxNotesAtOnce / 4 - telling.troubled);
		const turns = RANKS.flatMap((rank) => ready.filter((one) => one.rank === rank).sort(byVersion));
		const admitted = turns.filter(({ isTroubled }) => !isTroubled || lanes-- > 0);
		const next = this.#affordable(admitted, inboxNotesAtOnce - telling.count);
		const left = new Set(ready);
		for (const one of next) left.delete(one);
		for (const rank of new Set(next.map((one) => one.rank))) {
			const isOver = ![...left].some((one) => one.rank === rank);
			const gapMs = rank === "away" ? inboxNoteAwayMs : inboxNoteGapMs;
			if (isOver) this.#turnAt = { ...this.#turnAt, [rank]: now + gapMs };
		}
		return next;
	}

	/** Milliseconds until it is worth to ask for the next; `Infinity` when that is nobody. */
	waitMs(due: readonly Due[]): number {
		const now = this.#now();
		const openMs = this.#shared.waitMs(this.#sharedRate);
		const otherMs = Math.max(this.#own.waitMs(this.#rate), this.#shared.waitMs(this.#sharedRate, this.#kept));
		const waits = due.map(({ rank, retryAt }) =>
			Math.max(retryAt - now, this.#turnAt[rank] - now, this.#isFree(rank) ? openMs : otherMs),
		);
		return Math.min(Number.POSITIVE_INFINITY, ...waits);
	}

	/** As many of these, in their order, as there are lanes and notes for. */
	#affordable<One extends Due>(turns: readonly One[], free: number): One[] {
		let open = Math.min(free, this.#shared.left(this.#sharedRate));
		let others = Math.min(this.#own.left(this.#rate), this.#shared.left(this.#sharedRate, this.#kept));
		const next: One[] = [];
		for (const one of turns) {
			const isFree = this.#isFree(one.rank);
			if (open <= 0 || (!isFree && others <= 0)) continue;
			open -= 1;
			if (!isFree) others -= 1;
			next.push(one);
		}
		this.#shared.spend(next.length);
		this.#own.spend(next.filter(({ rank }) => !this.#isFree(rank)).length);
		return next;
	}

	/** An open inbox is awake beside the room: telling it costs its commit alone. */
	#isFree(rank: Rank): boolean {
		return rank === "open" && !this.isBusy;
	}

	get #kept(): number {
		return this.#limits.inboxNoteKeptForOpen;
	}

	get #rate(): Rate {
		const { inboxNoteBurst, inboxNotePerSecond, inboxNotePerSecondBusy } = this.#limits;
		return { burst: inboxNoteBurst, perSecond: this.isBusy ? inboxNotePerSecondBusy : inboxNotePerSecond };
	}

	get #sharedRate(): Rate {
		return sharedRateOf(this.#limits);
	}
}

export const sharedRateOf = (limits: Pick<Limits, "inboxNoteBurstAllRooms" | "inboxNotePerSecondAllRooms">): Rate => ({
	burst: limits.inboxNoteBurstAllRooms,
	perSecond: limits.inboxNotePerSecondAllRooms,
});

/** Those first that know least: nobody waits for ever for those who are told again and again. */
const byVersion = (one: Due, other: Due): number => one.version - other.version;
