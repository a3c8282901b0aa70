import type { ActorName } from "@bullpen/domain/identity";
import type { ActionInput, ActionName, ActionOutput } from "@bullpen/domain/wire";
import type { Connection } from "./connection.ts";
import { ConnectionLost } from "./refusal.ts";

/** What a store does with the connections it is given. */
export interface LineEnds<A extends ActorName> {
	/** Subscribes to events of a connection; before it is open is right. */
	listen(connection: Connection<A>): readonly (() => void)[];
	opened(): void;
	closed(): void;
}

/** The one connection a store has at a time, or none. */
export class Line<A extends ActorName> {
	readonly #ends: LineEnds<A>;
	#connection: Connection<A> | null = null;
	#detach: () => void = () => {};

	constructor(ends: LineEnds<A>) {
		this.#ends = ends;
	}

	get isOpen(): boolean {
		return this.#connection?.isOpen ?? false;
	}

	attach(connection: Connection<A>): () => void {
		this.#detach();
		this.#connection = connection;
		const unsubscribe = [
			...this.#ends.listen(connection),
			connection.onOpenChange((isOpen) => (isOpen ? this.#ends.opened() : this.#ends.closed())),
		];
		const detach = (): void => {
			if (this.#connection !== connection) return;
			for (const each of unsubscribe) each();
			const wasOpen = connection.isOpen;
			this.#connection = null;
			if (wasOpen) this.#ends.closed();
		};
		this.#detach = detach;
		if (connection.isOpen) this.#ends.opened();
		return detach;
	}

	/** @throws Problem, ConnectionLost */
	async call<N extends ActionName<A>>(name: N, input?: ActionInput<A, N>): Promise<ActionOutput<A, N>> {
		if (this.#connection === null) throw new ConnectionLost("There is no connection.");
		return await this.#connection.call(name, input);
	}

	dispose(): void {
		this.#detach();
	}
}
