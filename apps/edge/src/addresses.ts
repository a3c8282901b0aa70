import { type Bucket, fullBucket, type Rate, takeToken } from "@bullpen/domain/rate-limit";

/** What one address may hold and start. Bounded: only what is held is counted, old buckets are forgotten first. */
export class Addresses {
	readonly #heldMax: number;
	readonly #rate: Rate;
	readonly #bucketsMax: number;
	readonly #held = new Map<string, number>();
	readonly #buckets = new Map<string, Bucket>();

	constructor(heldMax: number, starts: Rate, bucketsMax = 10_000) {
		this.#heldMax = heldMax;
		this.#rate = starts;
		this.#bucketsMax = bucketsMax;
	}

	/** Counts one more (a socket, a call), unless the address holds too many. Each `true` needs one `leave`. */
	enter(address: string): boolean {
		const held = this.#held.get(address) ?? 0;
		if (held >= this.#heldMax) return false;
		this.#held.set(address, held + 1);
		return true;
	}

	leave(address: string): void {
		const held = this.#held.get(address) ?? 0;
		if (held > 1) this.#held.set(address, held - 1);
		else this.#held.delete(address);
	}

	/** Milliseconds until this address may start another, or 0: it may now. */
	start(address: string, now: number): number {
		const { bucket, waitMs } = takeToken(
			this.#buckets.get(address) ?? fullBucket(this.#rate.burst, now),
			this.#rate,
			now,
		);
		this.#buckets.delete(address);
		this.#buckets.set(address, bucket);
		const [oldest] = this.#buckets.keys();
		if (this.#buckets.size > this.#bucketsMax && oldest !== undefined) this.#buckets.delete(oldest);
		return waitMs;
	}
}
