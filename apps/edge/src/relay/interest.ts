import type { Client } from "./client.ts";

/**
 * Which events somebody behind this edge wants of one actor, one bit each, and which of them the actor was told of. It
 * sends everything until it is told, then what it was told.
 */
export class Interest {
	readonly #names: readonly string[];
	#wanted = 0;
	#told: number | undefined;
	#isTelling = false;

	constructor(names: readonly string[]) {
		this.#names = names;
	}

	bitOf(event: string): number {
		const at = this.#names.indexOf(event);
		return at === -1 ? 0 : 1 << at;
	}

	isWanted(bit: number): boolean {
		return (this.#wanted & bit) !== 0;
	}

	/** Whether the actor already sends all that is wanted: what is called from now on is followed by all its events. */
	get isMet(): boolean {
		return this.#told === undefined ? !this.#isTelling : (this.#wanted & ~this.#told) === 0;
	}

	/** Whether the actor should be told now, because it sends too little or still everything. */
	get isDue(): boolean {
		return !this.#isTelling && (this.#told === undefined || !this.isMet);
	}

	get isTelling(): boolean {
		return this.#isTelling;
	}

	/** True when this is more than was wanted before. Less is noticed by `recount`. */
	change(client: Client, event: string, isWanted: boolean): boolean {
		const bit = this.bitOf(event);
		client.events = isWanted ? client.events | bit : client.events & ~bit;
		if (!isWanted || (this.#wanted & bit) === bit) return false;
		this.#wanted |= bit;
		return true;
	}

	recount(clients: Iterable<Client>): void {
		this.#wanted = 0;
		for (const { events } of clients) this.#wanted |= events;
	}

	/** The actor, or its memory of us, is another one. */
	forget(): void {
		this.#told = undefined;
	}

	/** Tells the actor with `say`, which answers whether it heard. */
	async tell(say: (events: readonly string[]) => Promise<boolean>): Promise<void> {
		const wanted = this.#wanted;
		this.#isTelling = true;
		const isHeard = await say(this.#names.filter((_, at) => (wanted & (1 << at)) !== 0));
		this.#isTelling = false;
		if (isHeard) this.#told = wanted;
	}
}
