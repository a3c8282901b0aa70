import type { Frame } from "./frame.ts";

interface Options {
	/** Nothing waits longer than this, as long as it can be written. */
	readonly waitMs: number;
	/** Writes everything there is to write now. */
	readonly write: () => Promise<void>;
	/** What that is, for the log. */
	readonly what: string;
}

/**
 * For what may be written late, because losing it only repeats work: one write for however many changes come in a while, one
 * at a time, and the last of them before the actor sleeps. What failed is due again.
 */
export class LateWrite {
	readonly #frame: Pick<Frame<unknown>, "keepAwake" | "log">;
	readonly #options: Options;
	#isDue = false;
	#isOver = false;
	#timer: NodeJS.Timeout | undefined;
	#writing: Promise<void> | undefined;

	constructor(frame: Pick<Frame<unknown>, "keepAwake" | "log">, options: Options) {
		this.#frame = frame;
		this.#options = options;
	}

	/** Call with every change: nobody waits for it. */
	due(): void {
		this.#isDue = true;
		if (this.#isOver) return;
		this.#timer ??= setTimeout(() => {
			this.#timer = undefined;
			void this.#frame.keepAwake(this.#write());
		}, this.#options.waitMs);
	}

	/** Call from `onSleep`, in which RivetKit 2.3.19 still writes: whatever is due is tried once more. Never rejects. */
	async settle(): Promise<void> {
		this.#isOver = true;
		clearTimeout(this.#timer);
		await this.#writing;
		await this.#write();
	}

	/** Never rejects. */
	#write(): Promise<void> {
		this.#writing ??= this.#writeOnce().finally(() => {
			this.#writing = undefined;
			if (this.#isDue) this.due();
		});
		return this.#writing;
	}

	async #writeOnce(): Promise<void> {
		if (!this.#isDue) return;
		this.#isDue = false;
		try {
			await this.#options.write();
		} catch (error) {
			this.#isDue = true;
			this.#frame.log.warn({ msg: `${this.#options.what} was not kept`, error: String(error) });
		}
	}
}
