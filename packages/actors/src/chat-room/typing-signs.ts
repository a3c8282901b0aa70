import type { Limits } from "@bullpen/domain/limits";
import type { Audience } from "../audience.ts";

/** Who says they are typing. Never kept, told to others only, and repeated no more often than it takes to believe it. */
export class TypingSigns {
	readonly #audience: Audience<"chatRoom">;
	readonly #limits: Limits;
	readonly #now: () => number;
	readonly #toldAt = new Map<string, number>();

	constructor(audience: Audience<"chatRoom">, limits: Limits, now: () => number) {
		this.#audience = audience;
		this.#limits = limits;
		this.#now = now;
	}

	set(userId: string, isTyping: boolean): void {
		const toldAt = this.#toldAt.get(userId);
		if (!isTyping) {
			if (!this.#toldAt.delete(userId)) return;
		} else {
			if (toldAt !== undefined && this.#now() - toldAt < this.#limits.typingEveryMs) return;
			this.#toldAt.set(userId, this.#now());
		}
		this.#audience.sendToOthers(userId, "typing", { userId, isTyping });
	}

	/** They sent what they typed, or left: clients see that themselves. */
	forget(userId: string): void {
		this.#toldAt.delete(userId);
	}
}
