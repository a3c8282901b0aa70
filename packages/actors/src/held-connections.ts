import type { ActorName } from "@bullpen/domain/identity";
import type { Limits } from "@bullpen/domain/limits";
import type { HeldPeer, Peer, Peers } from "./peers.ts";

interface Held<A extends ActorName> {
	readonly connection: HeldPeer<A>;
	calls: number;
	idle: NodeJS.Timeout | undefined;
}

/**
 * Calls to many actors of one kind. The first is a single call, which says at once when there is no such actor (RivetKit
 * 2.3.19's connections would try for ever); those called again soon get a connection, which costs a third per call. At
 * most `heldConnectionsMax` are held, each until it was idle for a while or failed.
 */
export class HeldConnections<A extends ActorName> {
	readonly #actor: A;
	readonly #peers: Peers;
	readonly #limits: Limits;
	readonly #now: () => number;
	readonly #held = new Map<string, Held<A>>();
	/** When each was last called with success, the longest ago first. */
	readonly #calledAt = new Map<string, number>();

	constructor(actor: A, peers: Peers, limits: Limits, now: () => number) {
		this.#actor = actor;
		this.#peers = peers;
		this.#limits = limits;
		this.#now = now;
	}

	/** @throws Error of the call, or when it took longer than `inboxNoteCallMs` */
	async call<Result>(key: string, run: (peer: Peer<A>) => Promise<Result>): Promise<Result> {
		const held = this.#take(key);
		try {
			const result = await this.#inTime(run(held?.connection ?? this.#peers.get(this.#actor, key)));
			this.#remember(key);
			return result;
		} catch (error) {
			this.#calledAt.delete(key);
			if (held !== undefined) this.#close(key, held);
			throw error;
		} finally {
			if (held !== undefined) this.#release(key, held);
		}
	}

	dispose(): void {
		for (const [key, held] of this.#held) this.#close(key, held);
		this.#calledAt.clear();
	}

	#take(key: string): Held<A> | undefined {
		const held = this.#held.get(key) ?? this.#open(key);
		if (held === undefined) return undefined;
		clearTimeout(held.idle);
		held.calls++;
		return held;
	}

	#open(key: string): Held<A> | undefined {
		const calledAt = this.#calledAt.get(key) ?? Number.NEGATIVE_INFINITY;
		const isFrequent = this.#now() - calledAt <= this.#limits.heldConnectionIdleMs;
		if (!isFrequent || this.#held.size >= this.#limits.heldConnectionsMax) return undefined;
		const held = { connection: this.#peers.connect(this.#actor, key), calls: 0, idle: undefined };
		this.#held.set(key, held);
		return held;
	}

	#release(key: string, held: Held<A>): void {
		held.calls--;
		if (held.calls > 0 || this.#held.get(key) !== held) return;
		held.idle = setTimeout(() => this.#close(key, held), this.#limits.heldConnectionIdleMs);
	}

	#close(key: string, held: Held<A>): void {
		clearTimeout(held.idle);
		if (this.#held.get(key) === held) this.#held.delete(key);
		held.connection.dispose().catch(() => undefined); // it is gone either way
	}

	#remember(key: string): void {
		this.#calledAt.delete(key);
		this.#calledAt.set(key, this.#now());
		const [oldest] = this.#calledAt.keys();
		if (oldest !== undefined && this.#calledAt.size > this.#limits.roomMembersMax) this.#calledAt.delete(oldest);
	}

	async #inTime<Result>(call: Promise<Result>): Promise<Result> {
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<never>((_, reject) => {
			timer = setTimeout(() => reject(new Error("the call took too long")), this.#limits.inboxNoteCallMs);
		});
		try {
			return await Promise.race([call, late]);
		} finally {
			clearTimeout(timer);
		}
	}
}
