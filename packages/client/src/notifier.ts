import type { Clock } from "./limits.ts";

/** Tells listeners at once, then at most once per `everyMs`: a stream of changes costs a screen a bounded number of frames. */
export class Notifier {
	readonly #everyMs: number;
	readonly #clock: Clock;
	readonly #refresh: () => void;
	readonly #listeners = new Set<() => void>();
	#toldAt = Number.NEGATIVE_INFINITY;
	#cancel: (() => void) | null = null;

	/** `refresh` makes the next snapshot, just before listeners are told. */
	constructor(refresh: () => void, everyMs: number, clock: Clock) {
		this.#refresh = refresh;
		this.#everyMs = everyMs;
		this.#clock = clock;
	}

	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => void this.#listeners.delete(listener);
	};

	/** Something changed that may wait for the next frame. */
	changed(): void {
		if (this.#cancel !== null) return;
		const waitMs = this.#toldAt + this.#everyMs - this.#clock.now();
		if (waitMs <= 0) this.tell();
		else this.#cancel = this.#clock.after(waitMs, () => this.tell());
	}

	/** A person did something and is looking at it. */
	tell(): void {
		this.dispose();
		this.#toldAt = this.#clock.now();
		this.#refresh();
		for (const listener of [...this.#listeners]) listener();
	}

	dispose(): void {
		this.#cancel?.();
		this.#cancel = null;
	}
}
