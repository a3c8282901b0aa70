import { type Bucket, fullBucket, type Rate, refilled } from "@bullpen/domain/rate-limit";

/** Counts bytes of one address, and answers how many milliseconds nothing more of it should be heard. */
export type Pace = (bytes: number) => number;

/** How much of each address is heard: beyond its budget it is read later, not refused. Bounded: oldest forgotten first. */
export class Hearing {
	readonly #rate: Rate;
	readonly #addressesMax: number;
	readonly #buckets = new Map<string, Bucket>();

	constructor(rate: Rate, addressesMax = 10_000) {
		this.#rate = rate;
		this.#addressesMax = addressesMax;
	}

	/** What came, came: a budget goes below zero and the address waits until it is back. */
	take(address: string, bytes: number, now: number): number {
		const before = this.#buckets.get(address) ?? fullBucket(this.#rate.burst, now);
		const tokens = refilled(before, this.#rate, now).tokens - bytes;
		this.#buckets.delete(address);
		this.#buckets.set(address, { tokens, at: now });
		const [oldest] = this.#buckets.keys();
		if (this.#buckets.size > this.#addressesMax && oldest !== undefined) this.#buckets.delete(oldest);
		return Math.max(0, Math.ceil((-tokens * 1000) / this.#rate.perSecond));
	}
}
