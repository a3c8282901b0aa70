import { type Bucket, fullBucket, type Rate, takeToken } from "@bullpen/domain/rate-limit";

/** A bucket for each of many keys. Bounded: the key unused for longest is forgotten first. */
export class Buckets {
	readonly #rate: Rate;
	readonly #keysMax: number;
	readonly #buckets = new Map<string, Bucket>();

	constructor(rate: Rate, keysMax = 10_000) {
		this.#rate = rate;
		this.#keysMax = keysMax;
	}

	/** Milliseconds to wait, or 0 when the act may happen now. */
	take(key: string, now: number): number {
		const { bucket, waitMs } = takeToken(this.#buckets.get(key) ?? fullBucket(this.#rate.burst, now), this.#rate, now);
		this.#buckets.delete(key);
		this.#buckets.set(key, bucket);
		const [oldest] = this.#buckets.keys();
		if (this.#buckets.size > this.#keysMax && oldest !== undefined) this.#buckets.delete(oldest);
		return waitMs;
	}
}
