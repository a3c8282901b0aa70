import type { Problem } from "@bullpen/domain/problem";
import type { ClientLimits, Clock } from "./limits.ts";
import { isPassing, problemIn, waitMsIn } from "./refusal.ts";

interface Options<Mark> {
	readonly tell: (mark: Mark) => Promise<unknown>;
	readonly isOpen: () => boolean;
	readonly limits: ClientLimits;
	readonly clock: Clock;
}

/** What was read and is not acknowledged yet, by place: told once for a burst, and again after a lost connection. */
export class ReadMarks<Mark extends { readonly seq: number }> {
	readonly #options: Options<Mark>;
	readonly #waiting = new Map<string, Mark>();
	#cancelFlush: (() => void) | null = null;

	constructor(options: Options<Mark>) {
		this.#options = options;
	}

	get(key: string): Mark | undefined {
		return this.#waiting.get(key);
	}

	put(key: string, mark: Mark): void {
		this.#waiting.set(key, mark);
		this.#flushIn(this.#options.limits.markReadMs);
	}

	drop(key: string): void {
		this.#waiting.delete(key);
	}

	flush(): void {
		this.dispose();
		const { isOpen, tell } = this.#options;
		if (!isOpen()) return;
		for (const [key, mark] of this.#waiting) {
			tell(mark).then(
				() => this.#forget(key, mark),
				(error: unknown) => this.#failed(key, mark, problemIn(error)),
			);
		}
	}

	dispose(): void {
		this.#cancelFlush?.();
		this.#cancelFlush = null;
	}

	/** Without an answer it is told again on the next connection. A final refusal (we left the room) ends it. */
	#failed(key: string, mark: Mark, problem: Problem | null): void {
		if (problem === null) return;
		if (isPassing(problem)) this.#flushIn(waitMsIn(problem) ?? this.#options.limits.readRetryMaxMs);
		else this.#forget(key, mark);
	}

	#forget(key: string, mark: Mark): void {
		if (this.#waiting.get(key) === mark) this.#waiting.delete(key);
	}

	#flushIn(waitMs: number): void {
		this.#cancelFlush ??= this.#options.clock.after(waitMs, () => this.flush());
	}
}
