import type { ActorName } from "@bullpen/domain/identity";
import type { ActionInput, ActionName, ActionOutput } from "@bullpen/domain/wire";
import type { Frame } from "./frame.ts";
import { callAs } from "./process.ts";

/** Another actor as its callers see it: the wire's actions. */
export type Peer<A extends ActorName> = {
	[N in ActionName<A>]: (
		...args: undefined extends ActionInput<A, N> ? [input?: ActionInput<A, N>] : [input: ActionInput<A, N>]
	) => Promise<ActionOutput<A, N>>;
};
export type HeldPeer<A extends ActorName> = Peer<A> & { dispose(): Promise<void> };

/** RivetKit 2.3.19 asks `getParams` only for connections; single calls send `params`. */
type Options =
	| { readonly params: unknown; readonly poolName?: string }
	| { readonly getParams: () => Promise<unknown> };
type Client = {
	readonly [A in ActorName]: {
		get(key: string[], options: Options): Peer<A> & { connect(): HeldPeer<A> };
		getOrCreate(key: string[], options: Options): Peer<A>;
	};
};

/** The other actors, called as this one with signed service tokens (`chatRoom:r-1`). */
export class Peers {
	readonly #frame: Pick<Frame<unknown>, "client" | "name" | "key">;

	constructor(frame: Pick<Frame<unknown>, "client" | "name" | "key">) {
		this.#frame = frame;
	}

	/** For one call now and then. @throws ActorError `actor/not_found` when there is none */
	get<A extends ActorName>(actor: A, key: string): Peer<A> {
		return this.#client[actor].get([key], { params: this.#params(actor, key) });
	}

	/** A connection for many calls; whoever opens it disposes of it. */
	connect<A extends ActorName>(actor: A, key: string): HeldPeer<A> {
		return this.#client[actor].get([key], { getParams: async () => this.#params(actor, key) }).connect();
	}

	/** The actor, made in this pool if there is none: only trusted code makes actors. */
	create<A extends ActorName>(actor: A, key: string, poolName: "rooms" | "workspaces"): Peer<A> {
		return this.#client[actor].getOrCreate([key], { params: this.#params(actor, key), poolName });
	}

	get #client(): Client {
		return this.#frame.client() as Client; // the registry's actors have the wire's actions: its test enumerates them
	}

	#params(actor: ActorName, key: string): unknown {
		return callAs(`${this.#frame.name}:${this.#frame.key[0]}`, actor, key);
	}
}
