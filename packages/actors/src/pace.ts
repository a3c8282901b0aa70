/** RivetKit 2.3.19 loses events silently in bursts: none below about 1,000 deliveries per 50 ms. */
const DELIVERIES_AT_ONCE = 1_000;
const DELIVERIES_PER_MS = DELIVERIES_AT_ONCE / 50;
const WAIT_MS_MAX = 1_000;

/** How fast an actor may speak: what it said and the engine has not had time for yet. */
export class Pace {
	readonly #now: () => number;
	/** Deliveries still owed at `#owedAt`. */
	#owed = 0;
	#owedAt = 0;

	constructor(now: () => number) {
		this.#now = now;
	}

	owe(deliveries: number): void {
		this.#owed = this.#stillOwed() + deliveries;
		this.#owedAt = this.#now();
	}

	/** Resolves when the next delivery will not be lost. */
	wait(): Promise<void> {
		return this.#settle(DELIVERIES_AT_ONCE);
	}

	/** Resolves when everything was delivered. */
	catchUp(): Promise<void> {
		return this.#settle(0);
	}

	#stillOwed(): number {
		return Math.max(0, this.#owed - Math.max(0, this.#now() - this.#owedAt) * DELIVERIES_PER_MS);
	}

	async #settle(allowed: number): Promise<void> {
		const waitMs = (this.#stillOwed() - allowed) / DELIVERIES_PER_MS;
		if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, Math.min(waitMs, WAIT_MS_MAX)));
	}
}
