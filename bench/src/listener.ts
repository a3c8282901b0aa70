import type { Seat } from "./seat.ts";

/** Hears a room and remembers what, when and how often. */
export class Listener {
	readonly seat: Seat;
	readonly times: number[] = [];
	readonly #heard = new Set<number>();

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
			if (this.#heard.has(seq)) throw new Error(`message ${seq} was heard twice`);
			this.#heard.add(seq);
			this.times.push(performance.now() - Number(text.slice(0, text.indexOf(" "))));
		});
	}

	get count(): number {
		return this.#heard.size;
	}

	missing(seqs: readonly number[]): number {
		return seqs.filter((seq) => !this.#heard.has(seq)).length;
	}
}
