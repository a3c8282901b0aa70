import type { ActorName } from "@bullpen/domain/identity";
import type { Limits } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import { type Bucket, fullBucket, type Rate, takeToken } from "@bullpen/domain/rate-limit";
import type { EventName, EventPayload } from "@bullpen/domain/wire";
import type { Connection, Frame } from "./frame.ts";
import type { Person } from "./identity.ts";

type Kind = "call" | "send";

interface Options {
	readonly limits: Limits;
	readonly now: () => number;
	/** Somebody's first connection opened, or their last one has been gone for the grace time. */
	readonly onPresence: (userId: string, isOnline: boolean) => void;
	/** Whether a person who is connected may be told what everybody is told. Left out: everyone connected may. */
	readonly mayHear?: (person: Person) => boolean;
}

interface Listener {
	readonly connection: Connection;
	readonly person: Person;
	readonly lease: NodeJS.Timeout;
	/** Events they asked for; undefined when unknown (the connection outlived a process). */
	readonly subscriptions: Set<string> | undefined;
}

/** RivetKit 2.3.19 loses events silently in bursts: none below about 1,000 deliveries per 50 ms. */
const DELIVERIES_AT_ONCE = 1_000;
const DELIVERIES_PER_MS = DELIVERIES_AT_ONCE / 50;

/**
 * Who is here. The only place that touches live connections, so that actors cannot tell a direct connection from a relayed
 * one: presence counts people and not sockets, leases end here, and what is said goes out here, to those who may hear it.
 */
export class Audience<A extends ActorName> {
	readonly #frame: Pick<Frame<unknown>, "broadcast" | "log">;
	readonly #options: Options;
	readonly #listeners = new Map<string, Listener>();
	readonly #connectionsOf = new Map<string, Set<string>>();
	readonly #leaving = new Map<string, NodeJS.Timeout>();
	readonly #buckets = new Map<string, Bucket>();
	/** Deliveries that the engine has not had time for, at `#owedAt`. */
	#owed = 0;
	#owedAt = 0;
	#series: Promise<void> = Promise.resolve();

	constructor(frame: Pick<Frame<unknown>, "broadcast" | "log">, options: Options) {
		this.#frame = frame;
		this.#options = options;
	}

	/** People with a connection, and those who just lost one and may come back before anybody notices. */
	get onlineUserIds(): string[] {
		return [...new Set([...this.#connectionsOf.keys(), ...this.#leaving.keys()])];
	}

	/** How many connections hear what is said to everybody, at most. */
	get size(): number {
		return this.#listeners.size;
	}

	isOnline(userId: string): boolean {
		return this.#connectionsOf.has(userId) || this.#leaving.has(userId);
	}

	/** Call from `onWake`: connections outlive the process that served them, and no `onConnect` tells of them again. */
	restore(connections: Iterable<Connection>): void {
		for (const connection of connections) this.#add(connection, undefined);
	}

	/** Call from `onConnect`: starts the lease and tells that the person is here. */
	arrived(connection: Connection): void {
		const { state } = connection;
		if (state.kind !== "person") return;
		const wasOnline = this.isOnline(state.userId);
		clearTimeout(this.#leaving.get(state.userId));
		this.#leaving.delete(state.userId);
		this.#add(connection, new Set());
		if (!wasOnline) this.#options.onPresence(state.userId, true);
	}

	/** Call from `onDisconnect`: a reload comes back within the grace time, and then nobody saw it leave. */
	departed(connection: Pick<Connection, "id">): void {
		const listener = this.#listeners.get(connection.id);
		if (listener === undefined) return;
		clearTimeout(listener.lease);
		this.#listeners.delete(connection.id);
		this.#buckets.delete(`${connection.id} call`);
		this.#buckets.delete(`${connection.id} send`);
		const { userId } = listener.person;
		const connections = this.#connectionsOf.get(userId);
		connections?.delete(connection.id);
		if (connections === undefined || connections.size > 0) return;
		this.#connectionsOf.delete(userId);
		this.#leaving.set(
			userId,
			setTimeout(() => this.#gone(userId), this.#options.limits.presenceGraceMs),
		);
	}

	/** Call from an event's `canSubscribe`: what nobody asked for is not sent, and not waited for. */
	subscribed(connection: Pick<Connection, "id">, event: EventName<A>): void {
		this.#listeners.get(connection.id)?.subscriptions?.add(event);
	}

	/** To everybody who may hear it. */
	broadcast<E extends EventName<A>>(event: E, payload: EventPayload<A, E>): void {
		const listeners = [...this.#listeners.values()];
		const mayHear = this.#options.mayHear;
		const hearing = mayHear === undefined ? listeners : listeners.filter(({ person }) => mayHear(person));
		this.#owe(hearing.length);
		if (hearing.length === listeners.length) {
			this.#frame.broadcast(event, payload);
			return;
		}
		for (const { connection, subscriptions } of hearing) {
			if (subscriptions?.has(event) ?? true) connection.send(event, payload);
		}
	}

	/** Many events for those who subscribed to them, as fast as none is lost. Later series wait for earlier ones. */
	broadcastSeries<E extends EventName<A>>(event: E, payloads: readonly EventPayload<A, E>[]): void {
		if (payloads.length === 0 || !this.isWanted(event)) return;
		this.#series = this.#series.then(async () => {
			for (const payload of payloads) {
				await this.#settle(DELIVERIES_AT_ONCE);
				this.broadcast(event, payload);
			}
		});
	}

	sendToOthers<E extends EventName<A>>(userId: string, event: E, payload: EventPayload<A, E>): void {
		const mayHear = this.#options.mayHear ?? (() => true);
		for (const { connection, person, subscriptions } of this.#listeners.values()) {
			if (person.userId === userId || !mayHear(person) || !(subscriptions?.has(event) ?? true)) continue;
			this.#owe(1);
			connection.send(event, payload);
		}
	}

	/** Closes every connection of a person who may no longer be here. */
	close(userId: string, reason: string): void {
		for (const id of this.#connectionsOf.get(userId) ?? []) {
			const listener = this.#listeners.get(id);
			if (listener !== undefined) this.disconnect(listener.connection, reason);
		}
	}

	disconnect(connection: Connection, reason: string): void {
		connection.disconnect(reason).catch((error: unknown) => {
			this.#frame.log.warn({ msg: "a connection did not close", reason, error: String(error) });
		});
	}

	/** @throws Problem `rate_limited` with `waitMs`: per connection and per person, so that tabs do not multiply it. */
	spend(connection: Connection, kind: Kind): void {
		const { limits } = this.#options;
		const [perConnection, perPerson]: [Rate, Rate] =
			kind === "call"
				? [
						{ burst: limits.callBurstPerConnection, perSecond: limits.callPerSecondPerConnection },
						{ burst: limits.callBurstPerPerson, perSecond: limits.callPerSecondPerPerson },
					]
				: [
						{ burst: limits.sendBurstPerConnection, perSecond: limits.sendPerSecondPerConnection },
						{ burst: limits.sendBurstPerPerson, perSecond: limits.sendPerSecondPerPerson },
					];
		this.#take(`${connection.id} ${kind}`, perConnection);
		if (connection.state.kind === "person") this.#take(`person ${connection.state.userId} ${kind}`, perPerson);
	}

	/** Resolves when the next batch may go out: batches keep a distance that grows with the audience, a lone one never waits. */
	async pace(): Promise<void> {
		await this.#series;
		await this.#settle(0);
	}

	/** Call from `onSleep`: no timer outlives the actor. */
	dispose(): void {
		for (const { lease } of this.#listeners.values()) clearTimeout(lease);
		for (const timer of this.#leaving.values()) clearTimeout(timer);
		this.#listeners.clear();
		this.#connectionsOf.clear();
		this.#leaving.clear();
	}

	#add(connection: Connection, subscriptions: Set<string> | undefined): void {
		const person = connection.state;
		if (person.kind !== "person") return;
		const leaseMs = Math.max(0, person.leaseEndsAt - this.#options.now());
		const lease = setTimeout(() => this.disconnect(connection, "lease_ended"), leaseMs);
		this.#listeners.set(connection.id, { connection, person, lease, subscriptions });
		const connections = this.#connectionsOf.get(person.userId) ?? new Set();
		this.#connectionsOf.set(person.userId, connections.add(connection.id));
	}

	#gone(userId: string): void {
		this.#leaving.delete(userId);
		this.#buckets.delete(`person ${userId} call`);
		this.#buckets.delete(`person ${userId} send`);
		if (!this.isOnline(userId)) this.#options.onPresence(userId, false);
	}

	/** Whether anybody has asked for this event: what nobody wants need not be made. */
	isWanted(event: EventName<A>): boolean {
		for (const { subscriptions } of this.#listeners.values()) if (subscriptions?.has(event) ?? true) return true;
		return false;
	}

	#take(key: string, rate: Rate): void {
		const now = this.#options.now();
		const { bucket, waitMs } = takeToken(this.#buckets.get(key) ?? fullBucket(rate.burst, now), rate, now);
		this.#buckets.set(key, bucket);
		if (waitMs > 0) throw new Problem("rate_limited", `Too fast. Try again in ${waitMs} ms.`, { waitMs });
	}

	#owe(deliveries: number): void {
		this.#owed = this.#stillOwed() + deliveries;
		this.#owedAt = this.#options.now();
	}

	#stillOwed(): number {
		return Math.max(0, this.#owed - Math.max(0, this.#options.now() - this.#owedAt) * DELIVERIES_PER_MS);
	}

	async #settle(allowed: number): Promise<void> {
		const waitMs = (this.#stillOwed() - allowed) / DELIVERIES_PER_MS;
		if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, Math.min(waitMs, 1_000)));
	}
}
