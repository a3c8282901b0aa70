import type { Seat } from "./seat.ts";

/** Hears a room and remembers what, when and how often. */
export class Listener {
	readonly seat: Seat;
	#times: number[] = [];
	readonly #heard = new Set<number>();
	#last = 0;
	#disorder = 0;

	constructor(seat: Seat) {
		this.seat = seat;
	}

	static async at(seat: Seat): Promise<Listener> {
		const listener = new Listener(seat);
		await listener.#start();
		return listener;
	}

	async #start(): Promise<void> {
		await this.seat.listen((seq, text) => {
			if (seq <= this.#last) this.#disorder++;
			this.#last = Math.max(this.#last, seq);
			this.#heard.add(seq);
			this.#times.push(performance.now() - Number(text.slice(0, text.indexOf(" "))));
		});
	}

	/** Milliseconds from send to hearing it, of what was heard since the last `forgetTimes`. */
	get times(): readonly number[] {
		return this.#times;
	}

	/** What came twice or after a later one. */
	get disorder(): number {
		return this.#disorder;
	}

	/** The warm-up is over. */
	forgetTimes(): void {
		this.#times = [];
	}

	get count(): number {
		return this.#heard.size;
	}

	missing(seqs: readonly number[]): number {
		return seqs.filter((seq) => !this.#heard.has(seq)).length;
	}
}
