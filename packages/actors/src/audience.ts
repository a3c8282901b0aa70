import type { ActorName } from "@bullpen/domain/identity";
import type { Limits } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import { type Bucket, fullBucket, takeToken } from "@bullpen/domain/rate-limit";
import type { EventName, EventPayload } from "@bullpen/domain/wire";
import type { Connection, Frame } from "./frame.ts";

type Kind = "call" | "send";

interface Options {
	readonly limits: Limits;
	readonly now: () => number;
	/** Somebody's first connection opened, or their last one has been gone for the grace time. */
	readonly onPresence: (userId: string, isOnline: boolean) => void;
}

/**
 * Who is here. The only place that touches live connections, so that actors cannot tell a direct connection from a relayed
 * one: presence counts people and not sockets, leases end here, and what is said goes out here.
 */
export class Audience<A extends ActorName> {
	readonly #frame: Pick<Frame<unknown>, "conns" | "broadcast" | "log">;
	readonly #options: Options;
	readonly #leases = new Map<string, NodeJS.Timeout>();
	readonly #leaving = new Map<string, NodeJS.Timeout>();
	readonly #buckets = new Map<string, Bucket>();
	#lastBatchAt = Number.NEGATIVE_INFINITY;

	constructor(frame: Pick<Frame<unknown>, "conns" | "broadcast" | "log">, options: Options) {
		this.#frame = frame;
		this.#options = options;
	}

	get onlineUserIds(): string[] {
		return [...new Set(this.#people().map(([, userId]) => userId))];
	}

	isOnline(userId: string): boolean {
		return this.#people().some(([, id]) => id === userId);
	}

	/** Call from `onConnect`: starts the lease and tells that the person is here. */
	arrived(connection: Connection): void {
		const { state } = connection;
		if (state.kind !== "person") return;
		const leaseMs = Math.max(0, state.leaseEndsAt - this.#options.now());
		this.#leases.set(
			connection.id,
			setTimeout(() => this.#disconnect(connection, "lease_ended"), leaseMs),
		);
		const leaving = this.#leaving.get(state.userId);
		clearTimeout(leaving);
		this.#leaving.delete(state.userId);
		const isFirst = this.#people().filter(([, userId]) => userId === state.userId).length === 1;
		if (isFirst && leaving === undefined) this.#options.onPresence(state.userId, true);
	}

	/** Call from `onDisconnect`: a reload comes back within the grace time, and then nobody saw it leave. */
	departed(connection: Connection): void {
		clearTimeout(this.#leases.get(connection.id));
		this.#leases.delete(connection.id);
		this.#buckets.delete(`${connection.id}/call`);
		this.#buckets.delete(`${connection.id}/send`);
		const { state } = connection;
		if (state.kind !== "person" || this.#othersOf(state.userId, connection.id)) return;
		clearTimeout(this.#leaving.get(state.userId));
		this.#leaving.set(
			state.userId,
			setTimeout(() => this.#gone(state.userId), this.#options.limits.presenceGraceMs),
		);
	}

	/** To everybody connected. Nothing that only some may see goes here. */
	broadcast<E extends EventName<A>>(event: E, payload: EventPayload<A, E>): void {
		this.#frame.broadcast(event, payload);
	}

	sendTo<E extends EventName<A>>(userId: string, event: E, payload: EventPayload<A, E>): void {
		for (const [connection, id] of this.#people()) if (id === userId) connection.send(event, payload);
	}

	sendToOthers<E extends EventName<A>>(userId: string, event: E, payload: EventPayload<A, E>): void {
		for (const [connection, id] of this.#people()) if (id !== userId) connection.send(event, payload);
	}

	/** Closes every connection of a person who may no longer be here. */
	close(userId: string, reason: string): void {
		for (const [connection, id] of this.#people()) if (id === userId) this.#disconnect(connection, reason);
	}

	/** @throws Problem `rate_limited` with `waitMs`: per connection, and for sends per person too, so that tabs do not multiply it. */
	spend(connection: Connection, kind: Kind): void {
		const { limits } = this.#options;
		if (kind === "call") {
			this.#take(`${connection.id}/call`, limits.callBurstPerConnection, limits.callPerSecondPerConnection);
			return;
		}
		this.#take(`${connection.id}/send`, limits.sendBurstPerConnection, limits.sendPerSecondPerConnection);
		if (connection.state.kind === "person")
			this.#take(`person ${connection.state.userId}`, limits.sendBurstPerPerson, limits.sendPerSecondPerPerson);
	}

	/**
	 * Resolves when the next batch may go out. Unpaced bursts are lost silently (rivetkit 2.3.19: none below about 1,000
	 * connections × events per 50 ms), so batches keep a distance that grows with the audience; a lone one never waits.
	 */
	async pace(): Promise<void> {
		const distanceMs = Math.min(50, this.#frame.conns.size / 20);
		const waitMs = this.#lastBatchAt + distanceMs - this.#options.now();
		if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
		this.#lastBatchAt = this.#options.now();
	}

	/** Call from `onSleep`: no timer outlives the actor. */
	dispose(): void {
		for (const timer of [...this.#leases.values(), ...this.#leaving.values()]) clearTimeout(timer);
		this.#leases.clear();
		this.#leaving.clear();
	}

	#people(): [Connection, string][] {
		return [...this.#frame.conns.values()].flatMap((connection) =>
			connection.state.kind === "person" ? [[connection, connection.state.userId] as [Connection, string]] : [],
		);
	}

	#othersOf(userId: string, connectionId: string): boolean {
		return this.#people().some(([connection, id]) => id === userId && connection.id !== connectionId);
	}

	#gone(userId: string): void {
		this.#leaving.delete(userId);
		this.#buckets.delete(`person ${userId}`);
		if (!this.isOnline(userId)) this.#options.onPresence(userId, false);
	}

	#take(key: string, burst: number, perSecond: number): void {
		const now = this.#options.now();
		const { bucket, waitMs } = takeToken(this.#buckets.get(key) ?? fullBucket(burst, now), { burst, perSecond }, now);
		this.#buckets.set(key, bucket);
		if (waitMs > 0)
			throw new Problem("rate_limited", `Too fast. Try again in ${Math.ceil(waitMs / 1000)} s.`, { waitMs });
	}

	#disconnect(connection: Connection, reason: string): void {
		connection.disconnect(reason).catch((error: unknown) => {
			this.#frame.log.warn({ msg: "a connection did not close", reason, error: String(error) });
		});
	}
}
