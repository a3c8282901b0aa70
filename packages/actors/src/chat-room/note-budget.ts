import { type Bucket, fullBucket, type Rate, refilled } from "@bullpen/domain/rate-limit";

/** Whoever found it empty comes back when there is something for several rooms again. */
const WORTH_A_TRY = 10;

/** How many notes to inboxes may go out, of one room or of all rooms of a process: the machine belongs to the senders. */
export class NoteBudget {
	readonly #now: () => number;
	#bucket: Bucket;

	constructor(burst: number, now: () => number) {
		this.#now = now;
		this.#bucket = fullBucket(burst, now());
	}

	/** How many may go out right now, if so many are kept for others. */
	left(rate: Rate, kept = 0): number {
		this.#bucket = refilled(this.#bucket, rate, this.#now());
		return Math.floor(this.#bucket.tokens - kept);
	}

	spend(notes: number): void {
		this.#bucket = { ...this.#bucket, tokens: this.#bucket.tokens - notes };
	}

	/** Milliseconds until it is worth to ask again. */
	waitMs(rate: Rate, kept = 0): number {
		if (this.left(rate, kept) > 0) return 0;
		return ((Math.min(WORTH_A_TRY, rate.burst - kept) - (this.#bucket.tokens - kept)) * 1_000) / rate.perSecond;
	}
}
