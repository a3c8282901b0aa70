import type { Limits } from "@bullpen/domain/limits";
import { Refusal } from "./refusal.ts";

/** The clocks of one request: the whole of it, and the step it is at. Ends it by aborting its signal with a refusal. */
export class Deadline {
	readonly #limits: Limits;
	readonly #abort: (refusal: Refusal) => void;
	readonly #whole: NodeJS.Timeout;
	#step: NodeJS.Timeout;
	#phase: "asking" | "waiting" | "answering" | "over" = "asking";

	constructor(limits: Limits, abort: (refusal: Refusal) => void) {
		this.#limits = limits;
		this.#abort = abort;
		this.#whole = this.#after(limits.modelRequestMs, "The request took too long altogether.");
		this.#step = this.#after(limits.modelSilentMs, "The request did not arrive in time.");
	}

	/** The agent has sent all of its request. Some providers begin to answer before. */
	uploaded(): void {
		if (this.#phase !== "asking") return;
		this.#phase = "waiting";
		this.#next(this.#limits.modelFirstByteMs, "The provider did not begin to answer in time.");
	}

	answering(): void {
		this.#phase = "answering";
		this.#next(this.#limits.modelSilentMs, "Nothing of the answer moved for too long.");
	}

	/** Something moved, in whichever direction. */
	touch(): void {
		if (this.#phase !== "over") this.#step.refresh();
	}

	stop(): void {
		this.#phase = "over";
		clearTimeout(this.#whole);
		clearTimeout(this.#step);
	}

	#next(ms: number, sentence: string): void {
		clearTimeout(this.#step);
		this.#step = this.#after(ms, sentence);
	}

	#after(ms: number, sentence: string): NodeJS.Timeout {
		return setTimeout(() => this.#abort(new Refusal("too_slow", sentence)), ms);
	}
}
