import type { ActorName } from "@bullpen/domain/identity";
import type { Problem } from "@bullpen/domain/problem";
import type { ClientLimits } from "./limits.ts";
import { type Attachable, Link } from "./link.ts";
import type { Supervisor } from "./supervisor.ts";
import type { TicketedClient } from "./ticketed-client.ts";
import { type Observable, until } from "./until.ts";

interface Loadable {
	readonly isLoaded: boolean;
	readonly problem: Problem | null;
}
type Poolable<A extends ActorName> = Attachable<A> & Observable<Loadable> & { dispose(): void };

/** One actor in use. Whoever holds the same one shares its connection, which ends with the last of them. */
export interface Held<Store> {
	readonly store: Store;
	readonly supervisor: Supervisor;
	/** Resolves when something is there to show. @throws Problem when it is refused */
	loaded(signal?: AbortSignal): Promise<void>;
	release(): void;
}

export interface PoolOptions<A extends ActorName, Store> {
	readonly client: TicketedClient;
	readonly actor: A;
	readonly make: (key: string) => Store;
	readonly limits: ClientLimits;
}

/** The actors of one kind that are in use, one connection for each. */
export class Pool<A extends ActorName, Store extends Poolable<A>> {
	readonly #options: PoolOptions<A, Store>;
	readonly #shared = new Map<string, { readonly store: Store; readonly link: Link<A>; holders: number }>();

	constructor(options: PoolOptions<A, Store>) {
		this.#options = options;
	}

	hold(key: string): Held<Store> {
		const shared = this.#shared.get(key) ?? this.#open(key);
		shared.holders += 1;
		const { store, link } = shared;
		let isHeld = true;
		return {
			store,
			supervisor: link.supervisor,
			loaded: (signal) => loaded(store, link.supervisor, signal),
			release: () => {
				if (!isHeld) return;
				isHeld = false;
				shared.holders -= 1;
				if (shared.holders === 0 && this.#shared.get(key) === shared) this.#close(key);
			},
		};
	}

	close(): void {
		for (const key of [...this.#shared.keys()]) this.#close(key);
	}

	#open(key: string): { store: Store; link: Link<A>; holders: number } {
		const { client, actor, make, limits } = this.#options;
		const store = make(key);
		const shared = { store, link: new Link({ client, actor, key, target: store, limits }), holders: 0 };
		this.#shared.set(key, shared);
		return shared;
	}

	#close(key: string): void {
		const shared = this.#shared.get(key);
		this.#shared.delete(key);
		shared?.link.close();
		shared?.store.dispose();
	}
}

/** Waits for the store and for its connection: either may be refused. */
const loaded = async (
	store: Observable<Loadable>,
	supervisor: Supervisor,
	signal: AbortSignal | undefined,
): Promise<void> => {
	const given = new AbortController();
	const either = signal ? AbortSignal.any([signal, given.signal]) : given.signal;
	try {
		await Promise.race([
			until(
				store,
				({ isLoaded, problem }) => {
					if (problem) throw problem;
					return isLoaded;
				},
				either,
			),
			until(
				supervisor,
				({ phase }) => {
					if (phase.type === "refused") throw phase.problem;
				},
				either,
			),
		]);
	} finally {
		given.abort();
	}
};
