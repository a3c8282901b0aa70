import type { ModelUsage } from "./model-usage.ts";

/** Sums of one proxy since it was opened. */
export interface ModelCounters {
	readonly requests: number;
	/** Of these, refused here before the provider was asked. */
	readonly refused: number;
	/** Of these, asked and not answered with success. */
	readonly failed: number;
	readonly running: number;
	readonly input: number;
	readonly cacheRead: number;
	readonly cacheWrite: number;
	readonly output: number;
	/** Micro-dollars of what has a known price, and how many requests have none. */
	readonly costMicros: number;
	readonly unpriced: number;
	readonly estimated: number;
}

const NONE: ModelCounters = {
	requests: 0,
	refused: 0,
	failed: 0,
	running: 0,
	input: 0,
	cacheRead: 0,
	cacheWrite: 0,
	output: 0,
	costMicros: 0,
	unpriced: 0,
	estimated: 0,
};

export class Counters {
	#sums = NONE;

	get snapshot(): ModelCounters {
		return this.#sums;
	}

	add(name: "requests" | "refused" | "failed" | "running", by = 1): void {
		this.#sums = { ...this.#sums, [name]: this.#sums[name] + by };
	}

	addUsage({ tokens, costMicros, isEstimated }: ModelUsage): void {
		const sums = this.#sums;
		this.#sums = {
			...sums,
			input: sums.input + tokens.input,
			cacheRead: sums.cacheRead + tokens.cacheRead,
			cacheWrite: sums.cacheWrite + tokens.cacheWrite + tokens.cacheWriteLong,
			output: sums.output + tokens.output,
			costMicros: sums.costMicros + (costMicros ?? 0),
			unpriced: sums.unpriced + (costMicros === undefined ? 1 : 0),
			estimated: sums.estimated + (isEstimated ? 1 : 0),
		};
	}
}
