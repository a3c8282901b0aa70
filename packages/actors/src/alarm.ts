import type { Limits } from "@bullpen/domain/limits";
import type { Frame } from "./frame.ts";

const FAILURES_MAX = 10;

/** A sooner alarm leaves the later ones standing, which are needed again afterwards; but not more than so many. */
const STANDING_MAX = 3;
/** An alarm may ring so much before its time by our clock. Forgetting one that then still rings costs a second ring. */
const EARLY_MS = 20;

/** One that did not ring by then is not counted on: it was lost, or what it called broke before it could say that it rang. */
const LATE_MS = 60_000;

interface Standing {
	/** Unix ms. */
	readonly at: number;
	/** Resolves with its id when it is kept. */
	readonly id: Promise<string>;
}

/**
 * A persistent alarm of an actor: it also wakes an actor that crashed and that nobody calls. It is set only when none stands
 * that rings soon enough: an actor has 1,000 in all (`maxSchedules`), and setting one costs as much as a small commit.
 */
export class Alarm {
	readonly #frame: Pick<Frame<unknown>, "schedule">;
	readonly #action: string;
	readonly #now: () => number;
	/** The soonest first. */
	#standing: readonly Standing[] = [];

	constructor(frame: Pick<Frame<unknown>, "schedule">, action: string, now: () => number) {
		this.#frame = frame;
		this.#action = action;
		this.#now = now;
	}

	/** Call from `onWake`: an alarm set by an earlier life still rings. */
	async restore(): Promise<void> {
		for (const { id, runAt } of await this.#set()) this.#add({ at: runAt, id: Promise.resolve(id) });
		await this.#cancelSurplus();
	}

	/** Resolves when the alarm is kept: it rings within `waitMs`, whatever happens to this process. */
	async ensure(waitMs: number): Promise<void> {
		const at = this.#now() + waitMs;
		this.#forget(this.#now() - LATE_MS);
		const [soonest] = this.#standing;
		if (soonest !== undefined && soonest.at <= at) {
			await soonest.id;
			return;
		}
		const standing = { at, id: this.#frame.schedule.after(waitMs, this.#action) };
		this.#add(standing);
		try {
			await standing.id;
		} catch (error) {
			this.#standing = this.#standing.filter((one) => one !== standing);
			throw error;
		}
		await this.#cancelSurplus();
	}

	/** Call first when it rings. */
	rang(): void {
		this.#forget(this.#now() + EARLY_MS);
	}

	/** There is nothing left to ring for: a sleeping actor is not woken. */
	async disarm(): Promise<void> {
		this.#standing = [];
		await Promise.all((await this.#set()).map(({ id }) => this.#frame.schedule.cancel(id)));
	}

	#add(standing: Standing): void {
		this.#standing = [...this.#standing, standing].sort((one, other) => one.at - other.at);
	}

	#forget(until: number): void {
		this.#standing = this.#standing.filter(({ at }) => at > until);
	}

	async #cancelSurplus(): Promise<void> {
		const surplus = this.#standing.slice(STANDING_MAX);
		this.#standing = this.#standing.slice(0, STANDING_MAX);
		await Promise.all(surplus.map(async ({ id }) => this.#frame.schedule.cancel(await id)));
	}

	/** Those of this action that are still to ring. */
	async #set() {
		return (await this.#frame.schedule.list()).filter(({ action }) => action === this.#action);
	}
}

/** An alarm for what is done again, ever more seldom, until it succeeds. */
export class InsistentAlarm extends Alarm {
	readonly #log: Frame<unknown>["log"];
	readonly #limits: Pick<Limits, "tellRetryMs" | "tellRetryMaxMs">;
	#failures = 0;

	constructor(
		frame: Pick<Frame<unknown>, "schedule" | "log">,
		action: string,
		now: () => number,
		limits: Pick<Limits, "tellRetryMs" | "tellRetryMaxMs">,
	) {
		super(frame, action, now);
		this.#log = frame.log;
		this.#limits = limits;
	}

	/** Call before a commit that something follows from: it happens soon even if this process dies. */
	expect(): Promise<void> {
		return this.ensure(this.#limits.tellRetryMs);
	}

	/** Call when it rings. `what`: what is said of a failure. */
	async insist(what: string, work: () => Promise<void>): Promise<void> {
		this.rang();
		try {
			await work();
			this.#failures = 0;
		} catch (error) {
			this.#failures += 1;
			this.#log.warn({ msg: what, failures: this.#failures, error: String(error) });
			const { tellRetryMs, tellRetryMaxMs } = this.#limits;
			await this.ensure(Math.min(tellRetryMaxMs, tellRetryMs * 2 ** Math.min(this.#failures, FAILURES_MAX)));
		}
	}
}
