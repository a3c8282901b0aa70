import { type Bucket, fullBucket, type Rate, takeToken } from "@bullpen/domain/rate-limit";

/** What one address may hold and start. Bounded: only open sockets are counted, old buckets are forgotten first. */
export class Addresses {
	readonly #socketsMax: number;
	readonly #rate: Rate;
	readonly #bucketsMax: number;
	readonly #sockets = new Map<string, number>();
	readonly #buckets = new Map<string, Bucket>();

	constructor(socketsMax: number, handshakes: Rate, bucketsMax = 10_000) {
		this.#socketsMax = socketsMax;
		this.#rate = handshakes;
		this.#bucketsMax = bucketsMax;
	}

	/** Counts a socket, unless the address holds too many. Each `true` needs one `leave`. */
	enter(address: string): boolean {
		const held = this.#sockets.get(address) ?? 0;
		if (held >= this.#socketsMax) return false;
		this.#sockets.set(address, held + 1);
		return true;
	}

	leave(address: string): void {
		const held = this.#sockets.get(address) ?? 0;
		if (held > 1) this.#sockets.set(address, held - 1);
		else this.#sockets.delete(address);
	}

	/** Milliseconds until this address may start another handshake, or 0: it may now. */
	startHandshake(address: string, now: number): number {
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
