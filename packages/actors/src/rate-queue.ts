import { type Bucket, fullBucket, type Rate, takeToken } from "@bullpen/domain/rate-limit";

/** Lets the work of many begin: so many at once, then so many a second, first come, first served. */
export class RateQueue {
	readonly #rate: Rate;
	readonly #now: () => number;
	/** One for each who asked, and no more than those are. */
	readonly #waiting: (() => void)[] = [];
	#bucket: Bucket;
	#timer: NodeJS.Timeout | undefined;

	constructor(rate: Rate, now: () => number) {
		this.#rate = rate;
		this.#now = now;
		this.#bucket = fullBucket(rate.burst, now());
	}

	/** Resolves when it is the caller's turn. */
	turn(): Promise<void> {
		return new Promise((resolve) => {
			this.#waiting.push(resolve);
			if (this.#timer === undefined) this.#admit();
		});
	}

	#admit(): void {
		this.#timer = undefined;
		while (this.#waiting.length > 0) {
			const { bucket, waitMs } = takeToken(this.#bucket, this.#rate, this.#now());
			this.#bucket = bucket;
			if (waitMs > 0) {
				this.#timer = setTimeout(() => this.#admit(), waitMs);
				return;
			}
			this.#waiting.shift()?.();
		}
	}
}
