import type { Limits } from "@bullpen/domain/limits";
import type { Rate } from "@bullpen/domain/rate-limit";
import { NoteBudget } from "./note-budget.ts";

/**
 * `open`: has their inbox open and does not look at this room, so that its count is all they see of it. `called`: was spoken
 * to, or their own part in it changed.
 * `looking`: looks at the room, and has their inbox open. `away`: does neither. `seeing`: looks at the room, and at no count.
 */
export type Rank = "open" | "called" | "looking" | "away" | "seeing";

/** Somebody whose inbox is to be told something. */
export interface Due {
	readonly rank: Rank;
	/** What of the room their inbox has acknowledged. */
	readonly version: number;
	/** Not before, unix ms. */
	readonly retryAt: number;
	/** Telling them failed the last time. */
	readonly isTroubled: boolean;
	/** Their inbox is not awake in this process: it is woken for it. */
	readonly isAsleep: boolean;
}

const RANKS = ["open", "called", "looking", "away", "seeing"] as const satisfies Rank[];
const NOW: Readonly<Record<Rank, number>> = { open: 0, called: 0, looking: 0, away: 0, seeing: 0 };

type TurnLimits = Pick<
	Limits,
	| "inboxNotesAtOnce"
	| "inboxNoteGapMs"
	| "inboxNoteAwayMs"
	| "inboxNoteSeeingMs"
	| "inboxNoteBurst"
	| "inboxNotePerSecond"
	| "inboxNotePerSecondBusy"
	| "inboxNoteBurstAllRooms"
	| "inboxNotePerSecondAllRooms"
	| "inboxNoteKeptForOpen"
	| "inboxWakeBurst"
	| "inboxWakesPerSecond"
>;

/** What all rooms of a process may tell together. */
export interface SharedBudgets {
	readonly notes: NoteBudget;
	/** Notes to inboxes that sleep, of those. */
	readonly wakes: NoteBudget;
}

export const sharedBudgets = (
	limits: Pick<Limits, "inboxNoteBurstAllRooms" | "inboxWakeBurst">,
	now: () => number,
): SharedBudgets => ({
	notes: new NoteBudget(limits.inboxNoteBurstAllRooms, now),
	wakes: new NoteBudget(limits.inboxWakeBurst, now),
});

interface Options {
	readonly limits: TurnLimits;
	readonly now: () => number;
	readonly shared: SharedBudgets;
}

/** Whose inbox a room tells next, and when: those first who wait for it, and never more than what leaves the machine to the senders. */
export class Turns {
	readonly #limits: TurnLimits;
	readonly #now: () => number;
	readonly #own: NoteBudget;
	readonly #shared: NoteBudget;
	readonly #wakes: NoteBudget;
	/** When whose turn comes, unix ms. Within one, any number of changes is one note. */
	#turnAt: Readonly<Record<Rank, number>> = NOW;
	/** Commits come faster than in a conversation: then nobody goes past the room's own budget. */
	isBusy = false;

	constructor({ limits, now, shared }: Options) {
		this.#limits = limits;
		this.#now = now;
		this.#own = new NoteBudget(limits.inboxNoteBurst, now);
		this.#shared = shared.notes;
		this.#wakes = shared.wakes;
	}

	/** Something happened, which those who look at it have seen. */
	happened(): void {
		this.#turnAt = { ...this.#turnAt, seeing: this.#now() + this.#limits.inboxNoteSeeingMs };
	}

	/** It is everybody's turn, but for those who see it anyway. */
	callAll(): void {
		this.#turnAt = { ...NOW, seeing: this.#turnAt.seeing };
	}

	/** Those to be told now. The troubled have a few lanes, so that who is slow to fail keeps nobody waiting. */
	next<One extends Due>(due: readonly One[], telling: { readonly count: number; readonly troubled: number }): One[] {
		const now = this.#now();
		const { inboxNotesAtOnce } = this.#limits;
		const ready = due.filter(({ rank, retryAt }) => Math.max(retryAt, this.#turnAt[rank]) <= now);
		let lanes = Math.max(0, inboxNotesAtOnce / 4 - telling.troubled);
		const turns = RANKS.flatMap((rank) => ready.filter((one) => one.rank === rank).sort(byVersion));
		const admitted = turns.filter(({ isTroubled }) => !isTroubled || lanes-- > 0);
		const next = this.#affordable(admitted, inboxNotesAtOnce - telling.count);
		const left = new Set(ready);
		for (const one of next) left.delete(one);
		for (const rank of new Set(next.map((one) => one.rank))) {
			const isOver = ![...left].some((one) => one.rank === rank);
			if (isOver) this.#turnAt = { ...this.#turnAt, [rank]: now + this.#gapMs(rank) };
		}
		return next;
	}

	/** Milliseconds until it is worth to ask for the next; `Infinity` when that is nobody. */
	waitMs(due: readonly Due[]): number {
		const now = this.#now();
		const openMs = this.#shared.waitMs(this.#sharedRate);
		const otherMs = Math.max(this.#own.waitMs(this.#rate), this.#shared.waitMs(this.#sharedRate, this.#kept));
		const asleepMs = Math.max(otherMs, this.#wakes.waitMs(this.#wakeRate));
		const budgetMs = (one: Due) => (this.#isFree(one.rank) ? openMs : this.#isWoken(one) ? asleepMs : otherMs);
		const waits = due.map((one) => Math.max(one.retryAt - now, this.#turnAt[one.rank] - now, budgetMs(one)));
		return Math.min(Number.POSITIVE_INFINITY, ...waits);
	}

	/** As many of these, in their order, as there are lanes and notes for. */
	#affordable<One extends Due>(turns: readonly One[], free: number): One[] {
		let open = Math.min(free, this.#shared.left(this.#sharedRate));
		let others = Math.min(this.#own.left(this.#rate), this.#shared.left(this.#sharedRate, this.#kept));
		let wakes = this.#wakes.left(this.#wakeRate);
		const next: One[] = [];
		for (const one of turns) {
			const isFree = this.#isFree(one.rank);
			if (open <= 0 || (!isFree && others <= 0) || (this.#isWoken(one) && wakes <= 0)) continue;
			open -= 1;
			if (!isFree) others -= 1;
			if (one.isAsleep) wakes -= 1;
			next.push(one);
		}
		this.#shared.spend(next.length);
		this.#wakes.spend(next.filter(({ isAsleep }) => isAsleep).length);
		this.#own.spend(next.filter(({ rank }) => !this.#isFree(rank)).length);
		return next;
	}

	/** An open inbox is awake beside the room: telling it costs its commit alone. */
	#isFree(rank: Rank): boolean {
		return rank === "open" && !this.isBusy;
	}

	/** It counts as one that is woken. Whoever is called is told all the same. */
	#isWoken({ rank, isAsleep }: Due): boolean {
		return isAsleep && rank !== "called";
	}

	#gapMs(rank: Rank): number {
		const { inboxNoteGapMs, inboxNoteAwayMs, inboxNoteSeeingMs } = this.#limits;
		if (rank === "seeing") return inboxNoteSeeingMs;
		return rank === "away" ? inboxNoteAwayMs : inboxNoteGapMs;
	}

	get #wakeRate(): Rate {
		return { burst: this.#limits.inboxWakeBurst, perSecond: this.#limits.inboxWakesPerSecond };
	}

	get #kept(): number {
		return this.#limits.inboxNoteKeptForOpen;
	}

	get #rate(): Rate {
		const { inboxNoteBurst, inboxNotePerSecond, inboxNotePerSecondBusy } = this.#limits;
		return { burst: inboxNoteBurst, perSecond: this.isBusy ? inboxNotePerSecondBusy : inboxNotePerSecond };
	}

	get #sharedRate(): Rate {
		return { burst: this.#limits.inboxNoteBurstAllRooms, perSecond: this.#limits.inboxNotePerSecondAllRooms };
	}
}

/** Those first that know least: nobody waits for ever for those who are told again and again. */
const byVersion = (one: Due, other: Due): number => one.version - other.version;
