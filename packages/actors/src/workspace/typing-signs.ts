import type { Limits } from "@bullpen/domain/limits";
import type { Audience } from "../audience.ts";

interface Told {
	/** When others were last told that they type, unix ms. */
	readonly at: number;
	readonly isTyping: boolean;
}

/** Who says they are typing. Never kept, told to others only: one start in `typingEveryMs` and its end, however often said. */
export class TypingSigns {
	readonly #audience: Pick<Audience<"workspace">, "sendToOthers">;
	readonly #limits: Pick<Limits, "typingEveryMs">;
	readonly #now: () => number;
	readonly #told = new Map<string, Told>();

	constructor(
		audience: Pick<Audience<"workspace">, "sendToOthers">,
		limits: Pick<Limits, "typingEveryMs">,
		now: () => number,
	) {
		this.#audience = audience;
		this.#limits = limits;
		this.#now = now;
	}

	set(userId: string, isTyping: boolean): void {
		const told = this.#told.get(userId);
		const now = this.#now();
		if (isTyping ? told !== undefined && now - told.at < this.#limits.typingEveryMs : !told?.isTyping) return;
		this.#told.set(userId, { at: isTyping ? now : (told?.at ?? now), isTyping });
		this.#audience.sendToOthers(userId, "typing", { userId, isTyping });
	}

	/** They are gone: clients see that themselves. */
	forget(userId: string): void {
		this.#told.delete(userId);
	}
}
