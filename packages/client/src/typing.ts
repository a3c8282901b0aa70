import type { ClientLimits, Clock } from "./limits.ts";

/** Says that we are writing: at most every `typingEveryMs` while it lasts, and once when it ends. */
export class OwnTyping {
	readonly #say: (isTyping: boolean) => void;
	readonly #limits: ClientLimits;
	readonly #clock: Clock;
	#saidAt: number | null = null;

	constructor(say: (isTyping: boolean) => void, limits: ClientLimits, clock: Clock) {
		this.#say = say;
		this.#limits = limits;
		this.#clock = clock;
	}

	set(isTyping: boolean): void {
		const now = this.#clock.now();
		if (isTyping && this.#saidAt !== null && now - this.#saidAt < this.#limits.typingEveryMs) return;
		if (!isTyping && this.#saidAt === null) return;
		this.#saidAt = isTyping ? now : null;
		this.#say(isTyping);
	}

	/** The other side has forgotten. */
	forget(): void {
		this.#saidAt = null;
	}
}

/** Who else is writing. Whoever does not say so again is forgotten after `typingExpiresMs`. */
export class OthersTyping {
	readonly #changed: () => void;
	readonly #limits: ClientLimits;
	readonly #clock: Clock;
	readonly #cancels = new Map<string, () => void>();
	#userIds: readonly string[] = [];

	constructor(changed: () => void, limits: ClientLimits, clock: Clock) {
		this.#changed = changed;
		this.#limits = limits;
		this.#clock = clock;
	}

	/** In the order in which they began. The same array until that changes. */
	get userIds(): readonly string[] {
		return this.#userIds;
	}

	note(userId: string, isTyping: boolean): void {
		const wasTyping = this.#cancels.has(userId);
		this.#cancels.get(userId)?.();
		if (isTyping) {
			const expire = this.#clock.after(this.#limits.typingExpiresMs, () => this.note(userId, false));
			this.#cancels.set(userId, expire);
		} else {
			this.#cancels.delete(userId);
		}
		if (wasTyping === isTyping) return;
		this.#userIds = [...this.#cancels.keys()];
		this.#changed();
	}

	clear(): void {
		for (const userId of this.userIds) this.note(userId, false);
	}
}
