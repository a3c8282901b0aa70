import type { Limits } from "@bullpen/domain/limits";
import { type Bucket, fullBucket, takeToken } from "@bullpen/domain/rate-limit";
import { Refusal } from "./refusal.ts";

const BUSY_RETRY_MS = 1_000;

/** How many requests of one workspace run at once, and how often new ones begin. */
export class Admission {
	readonly #limits: Limits;
	#bucket: Bucket;
	#running = 0;

	constructor(limits: Limits, now: number) {
		this.#limits = limits;
		this.#bucket = fullBucket(limits.modelRequestBurst, now);
	}

	/** @returns what ends the stay. @throws Refusal `too_many`. */
	enter(now: number): () => void {
		const { modelRequestsAtOnce, modelRequestBurst: burst, modelRequestsPerSecond: perSecond } = this.#limits;
		if (this.#running >= modelRequestsAtOnce) {
			throw new Refusal(
				"too_many",
				`This workspace already has ${modelRequestsAtOnce} requests running.`,
				BUSY_RETRY_MS,
			);
		}
		const { bucket, waitMs } = takeToken(this.#bucket, { burst, perSecond }, now);
		this.#bucket = bucket;
		if (waitMs > 0) throw new Refusal("too_many", "This workspace asks for models too often.", waitMs);
		this.#running += 1;
		return () => {
			this.#running -= 1;
		};
	}
}
