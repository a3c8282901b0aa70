import type { Clock } from "../src/limits.ts";

/** Time that passes only when a test says so. Chance is always one half, unless a test says otherwise. */
export class ManualClock implements Clock {
	#now = 0;
	#timers: { at: number; run: () => void }[] = [];
	chance = 0.5;

	now(): number {
		return this.#now;
	}

	random(): number {
		return this.chance;
	}

	after(ms: number, run: () => void): () => void {
		const timer = { at: this.#now + ms, run };
		this.#timers.push(timer);
		return () => {
			this.#timers = this.#timers.filter((each) => each !== timer);
		};
	}

	/** When the next timer is due, in milliseconds from now. */
	get next(): number | null {
		const at = Math.min(...this.#timers.map((timer) => timer.at));
		return Number.isFinite(at) ? at - this.#now : null;
	}

	/** Lets time pass, timer by timer, with everything that follows from each. */
	async pass(ms: number): Promise<void> {
		const end = this.#now + ms;
		await settled();
		for (;;) {
			const due = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
			if (due === undefined) break;
			this.#timers = this.#timers.filter((timer) => timer !== due);
			this.#now = Math.max(this.#now, due.at);
			due.run();
			await settled();
		}
		this.#now = end;
	}
}

/** Every promise that can go on has gone on. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
