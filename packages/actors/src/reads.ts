import type { Limits } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";

/**
 * Lets a bounded number of reads at an actor's database at a time; the others wait their turn. RivetKit (2.3.19) refuses
 * the 129th statement that waits, commits included, and a crowd that catches up asks more than that in one moment.
 */
export class Turnstile {
	readonly #limits: Pick<Limits, "readsAtOnce" | "readsWaitingMax">;
	readonly #waiting: (() => void)[] = [];
	#inside = 0;

	constructor(limits: Pick<Limits, "readsAtOnce" | "readsWaitingMax">) {
		this.#limits = limits;
	}

	/** Resolves with what gives the place to the next one. @throws Problem `busy` */
	async enter(): Promise<() => void> {
		if (this.#inside < this.#limits.readsAtOnce) this.#inside++;
		else if (this.#waiting.length >= this.#limits.readsWaitingMax) {
			throw new Problem("busy", "Too many people read here at once. Try again in a moment.", { waitMs: 1_000 });
		} else await new Promise<void>((resolve) => this.#waiting.push(resolve));
		return () => {
			const next = this.#waiting.shift();
			if (next) next();
			else this.#inside--;
		};
	}
}

/** Reads of one kind. Whoever asks the same while it still waits shares the answer: nobody's is older than their question. */
export class Reads<Answer> {
	readonly #turnstile: Turnstile;
	readonly #waiting = new Map<string, Promise<Answer>>();

	constructor(turnstile: Turnstile) {
		this.#turnstile = turnstile;
	}

	/** `question` is the same for two reads exactly when their answers may be. @throws Problem `busy` */
	read(question: unknown, ask: () => Promise<Answer>): Promise<Answer> {
		const name = JSON.stringify(question);
		const same = this.#waiting.get(name);
		if (same) return same;
		const answer = this.#ask(name, ask);
		this.#waiting.set(name, answer);
		return answer;
	}

	async #ask(name: string, ask: () => Promise<Answer>): Promise<Answer> {
		const leave = await this.#turnstile.enter().finally(() => this.#waiting.delete(name));
		try {
			return await ask();
		} finally {
			leave();
		}
	}
}
