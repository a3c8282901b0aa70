import type { Limits } from "@bullpen/domain/limits";
import { type Bucket, fullBucket, refilled } from "@bullpen/domain/rate-limit";
import type { Audience } from "../audience.ts";

/**
 * Who is typing and who is here: never kept, and second to messages. A crowd that comes at once would cost the square of
 * itself in deliveries, so signs have a budget of their own: presence waits for it (only the newest word about somebody is
 * told), typing is dropped without it.
 */
export class Signs {
	readonly #audience: Audience<"chatRoom">;
	readonly #limits: Limits;
	readonly #now: () => number;
	readonly #typedAt = new Map<string, number>();
	/** As last told to everybody, or seen by whoever came since. */
	readonly #online = new Set<string>();
	readonly #waiting = new Map<string, boolean>();
	#budget: Bucket;
	#timer: NodeJS.Timeout | undefined;

	constructor(audience: Audience<"chatRoom">, limits: Limits, now: () => number) {
		this.#audience = audience;
		this.#limits = limits;
		this.#now = now;
		this.#budget = fullBucket(limits.signBurst, now());
	}

	/** Call from `onWake`: who is known to be here already. */
	restore(userIds: Iterable<string>): void {
		for (const userId of userIds) this.#online.add(userId);
	}

	/** To others only, and repeated no more often than it takes to believe it. */
	typing(userId: string, isTyping: boolean): void {
		const typedAt = this.#typedAt.get(userId);
		if (!isTyping && typedAt === undefined) return;
		if (isTyping && typedAt !== undefined && this.#now() - typedAt < this.#limits.typingEveryMs) return;
		if (!this.#spend()) return;
		if (isTyping) this.#typedAt.set(userId, this.#now());
		else this.#typedAt.delete(userId);
		this.#audience.sendToOthers(userId, "typing", { userId, isTyping });
	}

	/** They sent what they typed, or went: clients see that themselves. */
	stoppedTyping(userId: string): void {
		this.#typedAt.delete(userId);
	}

	presence(userId: string, isOnline: boolean): void {
		this.#waiting.set(userId, isOnline);
		if (this.#timer === undefined) this.#tellWaiting();
	}

	dispose(): void {
		clearTimeout(this.#timer);
	}

	#tellWaiting(): void {
		this.#timer = undefined;
		for (const [userId, isOnline] of this.#waiting) {
			if (this.#online.has(userId) !== isOnline) {
				if (!this.#spend()) {
					const waitMs = ((this.#cost() - this.#budget.tokens) * 1_000) / this.#limits.signsPerSecond;
					this.#timer = setTimeout(() => this.#tellWaiting(), Math.ceil(waitMs));
					return;
				}
				if (isOnline) this.#online.add(userId);
				else this.#online.delete(userId);
				this.#audience.broadcast("presence", { userId, isOnline });
			}
			this.#waiting.delete(userId);
		}
	}

	/** A sign costs its deliveries; in the largest rooms no more than the budget can hold. */
	#cost(): number {
		return Math.max(1, Math.min(this.#audience.size, this.#limits.signBurst));
	}

	#spend(): boolean {
		const rate = { burst: this.#limits.signBurst, perSecond: this.#limits.signsPerSecond };
		this.#budget = refilled(this.#budget, rate, this.#now());
		const cost = this.#cost();
		if (this.#budget.tokens < cost) return false;
		this.#budget = { ...this.#budget, tokens: this.#budget.tokens - cost };
		return true;
	}
}
