import { hearsEverything } from "@bullpen/domain/bot";
import type { ActorName } from "@bullpen/domain/identity";
import type { Limits } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import type { EventName, EventPayload } from "@bullpen/domain/wire";
import { type CallKind, CallRates } from "./call-rates.ts";
import type { Connection, Frame } from "./frame.ts";
import type { Person } from "./identity.ts";
import { Pace } from "./pace.ts";
import type { Link } from "./relay/link.ts";
import { RelayedConnection } from "./relay/relayed-connection.ts";

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
	/** Events they asked for; undefined when unknown (the connection outlived a process). Of relayed ones their edge knows. */
	readonly subscriptions: Set<string> | undefined;
}

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
	readonly #links = new Set<Link>();
	/** For as long as anything from before can be around. */
	readonly #barred = new Map<string, number>();
	readonly #rates: CallRates;
	readonly #pace: Pace;
	/** Listeners that are not relayed. */
	#directCount = 0;
	/** Bots that may not read. */
	readonly #withoutReading = new Set<string>();
	#series: Promise<void> = Promise.resolve();
	#closing: NodeJS.Timeout | undefined;

	constructor(frame: Pick<Frame<unknown>, "broadcast" | "log">, options: Options) {
		this.#frame = frame;
		this.#options = options;
		this.#rates = new CallRates(options.limits, options.now);
		this.#pace = new Pace(options.now);
	}

	isConnected(connectionId: string): boolean {
		return this.#listeners.has(connectionId);
	}

	/** People with a connection, and those who just lost one and may come back before anybody notices. */
	get onlineUserIds(): string[] {
		return [...new Set([...this.#connectionsOf.keys(), ...this.#leaving.keys()])];
	}

	/** What it costs to say something to everybody, in deliveries to a direct connection. */
	get size(): number {
		let deliveries = this.#directCount;
		for (const link of this.#links) deliveries += link.deliveries;
		return deliveries;
	}

	mayHear(person: Person): boolean {
		return hearsEverything(person) && (this.#options.mayHear?.(person) ?? true);
	}

	isOnline(userId: string): boolean {
		return this.#connectionsOf.has(userId) || this.#leaving.has(userId);
	}

	/** Call from `onWake`: connections outlive the process that served them, and no `onConnect` tells of them again. */
	restore(connections: Iterable<Connection>): void {
		for (const connection of connections) this.#add(connection, undefined);
	}

	/** An edge, whose people come and go as `arrived` and `departed` of their own. */
	link(link: Link): void {
		this.#links.add(link);
	}

	unlink(link: Link): void {
		this.#links.delete(link);
	}

	/** Call from `onConnect`: starts the lease and tells that the person is here. */
	arrived(connection: Connection): void {
		const { state } = connection;
		if (state.kind !== "person") return;
		if (this.#isBarred(state)) {
			this.disconnect(connection, "deactivated");
			return;
		}
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
		this.#withoutReading.delete(connection.id);
		if (!isRelayed(listener)) this.#directCount -= 1;
		this.#rates.forget(connection.id);
		const { userId } = listener.person;
		const connections = this.#connectionsOf.get(userId);
		connections?.delete(connection.id);
		if (connections === undefined || connections.size > 0) return;
		this.#connectionsOf.delete(userId);
		this.expect(userId);
	}

	/** Somebody who was here and may come back within the grace time. */
	expect(userId: string): void {
		if (this.isOnline(userId)) return;
		const timer = setTimeout(() => this.#gone(userId), this.#options.limits.presenceGraceMs);
		this.#leaving.set(userId, timer);
	}

	/** Call from an event's `canSubscribe`: what nobody asked for is not sent, and not waited for. */
	subscribed(connection: Pick<Connection, "id">, event: EventName<A>): void {
		this.#listeners.get(connection.id)?.subscriptions?.add(event);
	}

	/** To everybody who may hear it. */
	broadcast<E extends EventName<A>>(event: E, payload: EventPayload<A, E>): void {
		this.#say(event, payload, this.#deaf());
	}

	/** To everybody who may hear it; to those for whom `apart` answers with something else, that in its place. */
	broadcastApart<E extends EventName<A>>(
		event: E,
		payload: EventPayload<A, E>,
		apart: (person: Person) => EventPayload<A, E> | undefined,
	): void {
		const excluded = this.#deaf();
		for (const [id, listener] of this.#listeners) {
			const theirs = excluded.has(id) ? undefined : apart(listener.person);
			if (theirs === undefined) continue;
			excluded.add(id);
			if (isRelayed(listener) || hasAskedFor(listener, event)) listener.connection.send(event, theirs);
		}
		this.#say(event, payload, excluded);
	}

	/** Many events for those who subscribed to them, as fast as none is lost. Later series wait for earlier ones. */
	broadcastSeries<E extends EventName<A>>(event: E, payloads: readonly EventPayload<A, E>[]): void {
		if (payloads.length === 0 || !this.isWanted(event)) return;
		this.#series = this.#series.then(async () => {
			for (const payload of payloads) {
				await this.#pace.wait();
				this.broadcast(event, payload);
			}
		});
	}

	sendToOthers<E extends EventName<A>>(userId: string, event: E, payload: EventPayload<A, E>): void {
		const excluded = this.#deaf();
		for (const id of this.#connectionsOf.get(userId) ?? []) excluded.add(id);
		this.#say(event, payload, excluded);
	}

	/** To one person alone, on every connection they have. Answers whether there is any. */
	sendTo<E extends EventName<A>>(userId: string, event: E, payload: EventPayload<A, E>): boolean {
		const ids = this.#connectionsOf.get(userId) ?? new Set<string>();
		for (const id of ids) this.#listeners.get(id)?.connection.send(event, payload);
		return ids.size > 0;
	}

	/** Closes every connection of a person who may no longer be here. */
	close(userId: string, reason: string): void {
		for (const id of this.#connectionsOf.get(userId) ?? []) {
			const listener = this.#listeners.get(id);
			if (listener !== undefined) this.disconnect(listener.connection, reason);
		}
	}

	/** Somebody's account was closed: what they hold from before `until` (unix ms) is closed, and nothing more of it received. */
	bar(userId: string, until: number): void {
		const now = this.#options.now();
		const { leaseMs, ticketMs } = this.#options.limits;
		for (const [id, at] of this.#barred) if (at + leaseMs + ticketMs < now) this.#barred.delete(id);
		this.#barred.set(userId, Math.max(until, this.#barred.get(userId) ?? 0));
		// It may be said again when the account is open again: who came with a newer ticket stays.
		for (const id of this.#connectionsOf.get(userId) ?? []) {
			const listener = this.#listeners.get(id);
			if (listener !== undefined && this.#isBarred(listener.person))
				this.disconnect(listener.connection, "deactivated");
		}
	}

	/** @throws Problem `unauthenticated` */
	refuseBarred(person: Person): void {
		if (!this.#isBarred(person)) return;
		throw new Problem("unauthenticated", "This ticket is older than the closing of its account.");
	}

	/** Closes every connection of people who may no longer be told what everybody is told. */
	closeDeaf(reason: string): void {
		for (const id of this.#deaf()) {
			const listener = this.#listeners.get(id);
			if (listener !== undefined) this.disconnect(listener.connection, reason);
		}
	}

	/** The same once what was answered has gone out: from now on they are told nothing, but what they asked for is theirs. */
	closeDeafSoon(reason: string): void {
		clearTimeout(this.#closing);
		this.#closing = setTimeout(() => this.closeDeaf(reason), this.#options.limits.answerCloseMs);
	}

	disconnect(connection: Connection, reason: string): void {
		connection.disconnect(reason).catch((error: unknown) => {
			this.#frame.log.warn({ msg: "a connection did not close", reason, error: String(error) });
		});
	}

	/** @throws Problem `rate_limited` with `waitMs` */
	spend({ id, state }: Connection, kind: CallKind): void {
		this.#rates.spend(id, state.kind === "person" ? state.userId : undefined, kind);
	}

	/** Resolves when the next batch may go out: batches keep a distance that grows with the audience, a lone one never waits. */
	async pace(): Promise<void> {
		await this.#series;
		await this.#pace.catchUp();
	}

	/** Call from `onSleep`: no timer outlives the actor. */
	dispose(): void {
		for (const { lease } of this.#listeners.values()) clearTimeout(lease);
		for (const timer of this.#leaving.values()) clearTimeout(timer);
		clearTimeout(this.#closing);
		this.#listeners.clear();
		this.#withoutReading.clear();
		this.#connectionsOf.clear();
		this.#leaving.clear();
		for (const link of this.#links) link.close();
		this.#links.clear();
		this.#directCount = 0;
	}

	#add(connection: Connection, subscriptions: Set<string> | undefined): void {
		const person = connection.state;
		if (person.kind !== "person") return;
		const leaseMs = Math.max(0, person.leaseEndsAt - this.#options.now());
		const lease = setTimeout(() => this.disconnect(connection, "lease_ended"), leaseMs);
		const listener = { connection, person, lease, subscriptions };
		this.#listeners.set(connection.id, listener);
		if (!hearsEverything(person)) this.#withoutReading.add(connection.id);
		if (!isRelayed(listener)) this.#directCount += 1;
		const connections = this.#connectionsOf.get(person.userId) ?? new Set();
		this.#connectionsOf.set(person.userId, connections.add(connection.id));
	}

	#isBarred({ userId, ticketAt }: Person): boolean {
		const until = this.#barred.get(userId);
		return until !== undefined && ticketAt <= until;
	}

	#gone(userId: string): void {
		this.#leaving.delete(userId);
		this.#rates.forgetPerson(userId);
		if (!this.isOnline(userId)) this.#options.onPresence(userId, false);
	}

	/** Whether anybody has asked for this event: what nobody wants need not be made. */
	isWanted(event: EventName<A>): boolean {
		for (const link of this.#links) if (link.wants(event)) return true;
		if (this.#directCount === 0) return false;
		for (const listener of this.#listeners.values()) if (hasAskedFor(listener, event)) return true;
		return false;
	}

	/** Ids of those who may not hear what is said to everybody. */
	#deaf(): Set<string> {
		const deaf = new Set(this.#withoutReading);
		if (this.#options.mayHear === undefined) return deaf;
		for (const { connection, person } of this.#listeners.values()) {
			if (!this.#options.mayHear(person)) deaf.add(connection.id);
		}
		return deaf;
	}

	/** Once to all direct connections unless one is excluded, and once through each edge. */
	#say(event: EventName<A>, payload: unknown, excluded: ReadonlySet<string>): void {
		for (const link of this.#links) {
			if (!link.wants(event)) continue;
			this.#pace.owe(link.deliveries);
			link.tell(event, payload, excluded);
		}
		if (this.#directCount === 0) return;
		const direct = [...this.#listeners.values()].filter((listener) => !isRelayed(listener));
		const hearing = direct.filter(({ connection }) => !excluded.has(connection.id));
		this.#pace.owe(hearing.length);
		if (hearing.length === direct.length) this.#frame.broadcast(event, payload);
		else for (const one of hearing) if (hasAskedFor(one, event)) one.connection.send(event, payload);
	}
}

const isRelayed = ({ connection }: Listener): boolean => connection instanceof RelayedConnection;
const hasAskedFor = ({ connection, subscriptions }: Listener, event: string): boolean =>
	!(connection instanceof RelayedConnection) && (subscriptions?.has(event) ?? true);
