import { setTimeout as sleep } from "node:timers/promises";
import { expectCount } from "./count.ts";
import type { Listener } from "./listener.ts";
import type { Seat } from "./seat.ts";
import { summaryOf } from "./statistics.ts";
import type { Measured } from "./task.ts";

const TEXT = "x".repeat(80);
const AFTER_ERROR_MS = 100;

/** Sends to one room that were made, and what came of them. */
export class Tally {
	readonly seqs: number[] = [];
	#times: number[] = [];
	#errors = 0;

	async send(seat: Seat): Promise<void> {
		const started = performance.now();
		try {
			this.seqs.push(await seat.send(`${started} ${TEXT}`));
			this.#times.push(performance.now() - started);
		} catch {
			this.#errors++; // counted and shown; the budget for them is zero
			await sleep(AFTER_ERROR_MS);
		}
	}

	/** The warm-up is over: what was sent so far counts as sent, not as measured. */
	forgetTimes(): void {
		this.#times = [];
	}

	get times(): readonly number[] {
		return this.#times;
	}

	get errors(): number {
		return this.#errors;
	}

	/**
	 * Every acknowledged message has its own seq, and without errors the room grew by exactly these.
	 * @throws Error otherwise
	 */
	check(head: number, before: number): void {
		expectCount("different seqs", new Set(this.seqs).size, this.seqs.length);
		if (this.#errors === 0) expectCount("messages in the room", head - before, this.seqs.length);
		if (head - before < this.seqs.length) throw new Error(`acknowledged ${this.seqs.length}, stored ${head - before}`);
	}
}

/** What came of sends to one or many rooms. */
export function sumOf(
	tallies: readonly Tally[],
	audience: readonly Listener[],
	lost: number,
): Omit<Measured, "elapsedMs" | "cpu" | "threads"> {
	const times = tallies.flatMap((each) => each.times);
	return {
		times: summaryOf(times),
		deliveries: summaryOf(audience.flatMap((each) => each.times)),
		acknowledged: times.length,
		errors: tallies.reduce((sum, each) => sum + each.errors, 0),
		lost,
		disorder: audience.reduce((sum, each) => sum + each.disorder, 0),
	};
}

/** What work says that sends nothing. */
export const NOTHING = sumOf([], [], 0);
