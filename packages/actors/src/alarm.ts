import type { Frame } from "./frame.ts";

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
		const events = await this.#frame.schedule.list();
		for (const { action, runAt } of events) {
			if (action === this.#action) this.#armedFor = Math.min(this.#armedFor, runAt);
		}
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
}
