export interface SilenceOptions {
	/** How long nothing must have been heard. */
	readonly waitMs: number;
	now(): number;
	/** False while there is somebody else to wait for: silence then means nothing. */
	isWorking(): boolean;
	/** Once for each silence. */
	onSilent(): void;
}

/** Notices when somebody who works says nothing for long. */
export class Silence {
	readonly #options: SilenceOptions;
	#heardAt: number;
	#isTold = false;
	#timer: NodeJS.Timeout | undefined;

	constructor(options: SilenceOptions) {
		this.#options = options;
		this.#heardAt = options.now();
		this.#wait(options.waitMs);
	}

	/** A word came, or the work began again. */
	heard(): void {
		this.#heardAt = this.#options.now();
		this.#isTold = false;
	}

	close(): void {
		clearTimeout(this.#timer);
	}

	#wait(ms: number): void {
		this.#timer = setTimeout(() => this.#look(), ms).unref();
	}

	#look(): void {
		const { waitMs, now, isWorking, onSilent } = this.#options;
		if (!isWorking()) this.heard();
		const leftMs = this.#heardAt + waitMs - now();
		if (leftMs <= 0 && !this.#isTold) {
			this.#isTold = true;
			onSilent();
		}
		this.#wait(leftMs > 0 ? leftMs : waitMs);
	}
}
