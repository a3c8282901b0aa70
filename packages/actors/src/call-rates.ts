import type { Limits } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import { type Bucket, fullBucket, type Rate, takeToken } from "@bullpen/domain/rate-limit";

export type CallKind = "call" | "send";

/** What each connection and each person may do, so that tabs do not multiply it. */
export class CallRates {
	readonly #now: () => number;
	readonly #perConnection: Readonly<Record<CallKind, Rate>>;
	readonly #perPerson: Readonly<Record<CallKind, Rate>>;
	readonly #buckets = new Map<string, Bucket>();

	constructor(limits: Limits, now: () => number) {
		this.#now = now;
		this.#perConnection = {
			call: { burst: limits.callBurstPerConnection, perSecond: limits.callPerSecondPerConnection },
			send: { burst: limits.sendBurstPerConnection, perSecond: limits.sendPerSecondPerConnection },
		};
		this.#perPerson = {
			call: { burst: limits.callBurstPerPerson, perSecond: limits.callPerSecondPerPerson },
			send: { burst: limits.sendBurstPerPerson, perSecond: limits.sendPerSecondPerPerson },
		};
	}

	/** @throws Problem `rate_limited` with `waitMs` */
	spend(connectionId: string, userId: string | undefined, kind: CallKind): void {
		this.#take(`${connectionId} ${kind}`, this.#perConnection[kind]);
		if (userId !== undefined) this.#take(`person ${userId} ${kind}`, this.#perPerson[kind]);
	}

	forget(connectionId: string): void {
		this.#buckets.delete(`${connectionId} call`);
		this.#buckets.delete(`${connectionId} send`);
	}

	forgetPerson(userId: string): void {
		this.forget(`person ${userId}`);
	}

	#take(key: string, rate: Rate): void {
		const now = this.#now();
		const { bucket, waitMs } = takeToken(this.#buckets.get(key) ?? fullBucket(rate.burst, now), rate, now);
		this.#buckets.set(key, bucket);
		if (waitMs > 0) throw new Problem("rate_limited", `Too fast. Try again in ${waitMs} ms.`, { waitMs });
	}
}
