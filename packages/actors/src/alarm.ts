import type { Limits } from "@bullpen/domain/limits";
import type { Frame } from "./frame.ts";

const FAILURES_MAX = 10;

/**
 * A persistent alarm of an actor: it also wakes an actor that crashed and that nobody calls. At most one waits for each
 * action, unless an earlier one is needed.
 */
export class Alarm {
	readonly #frame: Pick<Frame<unknown>, "schedule">;
	readonly #action: string;
	readonly #now: () => number;
	#armedFor = Number.POSITIVE_INFINITY;

	constructor(frame: Pick<Frame<unknown>, "schedule">, action: string, now: () => number) {
		this.#frame = frame;
		this.#action = action;
		this.#now = now;
	}

	/** Call from `onWake`: an alarm set by an earlier life still rings. */
	async restore(): Promise<void> {
		for (const { runAt } of await this.#set()) this.#armedFor = Math.min(this.#armedFor, runAt);
	}

	/** Resolves when the alarm is kept: it rings within `waitMs`, whatever happens to this process. */
	async ensure(waitMs: number): Promise<void> {
		const at = this.#now() + waitMs;
		if (this.#armedFor <= at) return;
		const before = this.#armedFor;
		this.#armedFor = at;
		try {
			await this.#frame.schedule.after(waitMs, this.#action);
		} catch (error) {
			this.#armedFor = before;
			throw error;
		}
	}

	/** Call first when it rings. */
	rang(): void {
		this.#armedFor = Number.POSITIVE_INFINITY;
	}

	/** There is nothing left to ring for: a sleeping actor is not woken. */
	async disarm(): Promise<void> {
		await Promise.all((await this.#set()).map(({ id }) => this.#frame.schedule.cancel(id)));
		this.rang();
	}

	/** Those that are still to ring: one that was needed sooner leaves the later one standing. */
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
