/** Something that waits to be taken, and can be dropped when too much waits in all. */
interface Taker {
	waiting: number;
	readonly isLagging: boolean;
	readonly isOpen: boolean;
	dropSlow(): void;
	/** Tells anew, by `changed`, how much waits. */
	count(): void;
}

/** What waits for all clients of this edge together. Above the bound the largest that lag go first. */
export class WaitingBytes {
	readonly #bytesMax: number;
	readonly #takers = new Set<Taker>();
	#bytes = 0;
	#dropped = 0;
	#isSettling = false;

	constructor(bytesMax: number) {
		this.#bytesMax = bytesMax;
	}

	get bytes(): number {
		return this.#bytes;
	}

	/** Clients that were dropped for being slow. */
	get dropped(): number {
		return this.#dropped;
	}

	get lagging(): number {
		let count = 0;
		for (const taker of this.#takers) if (taker.isLagging) count++;
		return count;
	}

	changed(taker: Taker, bytes: number): void {
		if (bytes === taker.waiting) return;
		this.#bytes += bytes - taker.waiting;
		taker.waiting = bytes;
		if (bytes > 0) this.#takers.add(taker);
		else this.#takers.delete(taker);
		if (this.#bytes > this.#bytesMax && !this.#isSettling) this.#settle();
	}

	noteDropped(): void {
		this.#dropped++;
	}

	#settle(): void {
		this.#isSettling = true;
		for (const taker of [...this.#takers]) taker.count();
		const largestFirst = [...this.#takers]
			.filter(({ isOpen }) => isOpen)
			.sort((a, b) => Number(b.isLagging) - Number(a.isLagging) || b.waiting - a.waiting);
		for (const taker of largestFirst) {
			if (this.#bytes <= this.#bytesMax) break;
			taker.dropSlow();
			this.#bytes -= taker.waiting;
			this.#takers.delete(taker);
			taker.waiting = 0;
		}
		this.#isSettling = false;
	}
}
