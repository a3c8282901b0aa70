import { expectCount } from "./count.ts";
import type { Listener } from "./listener.ts";
import type { Seat } from "./seat.ts";
import { summaryOf } from "./statistics.ts";
import type { Measured } from "./task.ts";

const TEXT = "x".repeat(80);

/** Sends that were made, and what came of them. */
export class Tally {
	readonly seqs: number[] = [];
	readonly #times: number[] = [];
	#errors = 0;

	async send(seat: Seat): Promise<void> {
		const started = performance.now();
		try {
			this.seqs.push(await seat.send(`${started} ${TEXT}`));
			this.#times.push(performance.now() - started);
		} catch {
			this.#errors++; // counted and shown; the budget for them is zero
		}
	}

	/** Every acknowledged message has its own seq, and without errors the room grew by exactly these. */
	check(head: number, before: number): void {
		expectCount("different seqs", new Set(this.seqs).size, this.seqs.length);
		if (this.#errors === 0) expectCount("messages in the room", head - before, this.seqs.length);
		if (head - before < this.seqs.length) throw new Error(`acknowledged ${this.seqs.length}, stored ${head - before}`);
	}

	measured(elapsedMs: number, audience: readonly Listener[], lost: number): Measured {
		return {
			times: summaryOf(this.#times),
			deliveries: summaryOf(audience.flatMap((each) => each.times)),
			elapsedMs,
			acknowledged: this.seqs.length,
			errors: this.#errors,
			lost,
		};
	}
}
