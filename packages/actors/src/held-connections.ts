import type { Limits } from "@bullpen/domain/limits";

interface Closable {
	dispose(): Promise<void>;
}
interface Held<Connection> {
	readonly connection: Connection;
	idle: NodeJS.Timeout | undefined;
	calls: number;
}

/**
 * Connections to other actors, kept open while they are used: a call over one costs a third of a fresh one. At most
 * `heldConnectionsMax`, the longest unused goes first; each is closed when idle, and after any failure.
 */
export class HeldConnections<Connection extends Closable> {
	readonly #open: (key: string) => Connection;
	readonly #limits: Limits;
	readonly #held = new Map<string, Held<Connection>>();

	constructor(open: (key: string) => Connection, limits: Limits) {
		this.#open = open;
		this.#limits = limits;
	}

	/** @throws Error of the call, or when it took longer than `inboxNoteCallMs` */
	async call<Result>(key: string, run: (connection: Connection) => Promise<Result>): Promise<Result> {
		const held = this.#take(key);
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<never>((_, reject) => {
			timer = setTimeout(() => reject(new Error("the call took too long")), this.#limits.inboxNoteCallMs);
		});
		try {
			return await Promise.race([run(held.connection), late]);
		} catch (error) {
			this.#close(key, held);
			throw error;
		} finally {
			clearTimeout(timer);
			held.calls--;
			if (held.calls === 0) held.idle = setTimeout(() => this.#close(key, held), this.#limits.heldConnectionIdleMs);
			if (this.#held.get(key) !== held) clearTimeout(held.idle);
		}
	}

	dispose(): void {
		for (const [key, held] of this.#held) this.#close(key, held);
	}

	#take(key: string): Held<Connection> {
		const held = this.#held.get(key) ?? { connection: this.#open(key), idle: undefined, calls: 0 };
		clearTimeout(held.idle);
		held.calls++;
		this.#held.delete(key); // re-inserted last: the first is the longest unused
		this.#held.set(key, held);
		for (const [other, { calls }] of this.#held) {
			if (this.#held.size <= this.#limits.heldConnectionsMax) break;
			const unused = this.#held.get(other);
			if (calls === 0 && unused !== undefined) this.#close(other, unused);
		}
		return held;
	}

	#close(key: string, held: Held<Connection>): void {
		clearTimeout(held.idle);
		if (this.#held.get(key) === held) this.#held.delete(key);
		held.connection.dispose().catch(() => undefined); // it is gone either way
	}
}
