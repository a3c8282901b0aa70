import { randomBytes } from "node:crypto";
import type { ActorName } from "@bullpen/domain/identity";
import type { Limits } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import { type AttachOutput, type ForwardInput, NOT_ATTACHED, type RelayedRefusal } from "@bullpen/domain/relay";
import type { EventName, EventPayload } from "@bullpen/domain/wire";
import type { Audience } from "../audience.ts";
import type { Connection, Frame } from "../frame.ts";
import type { Person } from "../identity.ts";
import { type Lease, LeaseTable } from "./lease-table.ts";
import { Link } from "./link.ts";
import { refusalOf } from "./refusal.ts";
import { RelayedConnection } from "./relayed-connection.ts";

type Head<A extends ActorName> = {
	[E in EventName<A>]: { readonly name: E; readonly batch: EventPayload<A, E> };
}[EventName<A>];

interface Options<A extends ActorName> {
	readonly limits: Limits;
	readonly now: () => number;
	readonly audience: Audience<A>;
	/** Whether somebody may hold a connection at all. @throws Problem */
	readonly receive: (person: Person) => void | Promise<void>;
	/** Somebody's connection opened; it may be closed right away. */
	readonly arrived: (connection: Connection) => void;
	/** Where the feed stands, as an empty batch of it. Left out: there is none. */
	readonly head?: () => Head<A> | Promise<Head<A>>;
}

export type Newcomer = { readonly ticket: string } | { readonly connectionId: string };
/** Runs an action as the person whose connection this is. */
export type Perform = (connection: Connection, name: string, args: unknown) => Promise<unknown>;

/** Somebody whom the actor receives. */
interface Guest extends Lease {
	readonly isBack: boolean;
}

/**
 * The connections that end at edges: which edge holds whom, by a lease that outlives this process, and what they call. To
 * the rest of the actor they are connections like any other.
 */
export class Relay<A extends ActorName> {
	/** Good for as long as the actor is awake, unlike that of one action. */
	readonly frame: Frame<unknown>;
	readonly #options: Options<A>;
	readonly #leases: LeaseTable;
	/** By the id of the edge's connection. */
	readonly #links = new Map<string, Link>();
	readonly #connections = new Map<string, RelayedConnection>();

	constructor(frame: Frame<unknown>, options: Options<A>) {
		this.frame = frame;
		this.#options = options;
		this.#leases = new LeaseTable(() => frame.db, options.now);
	}

	/**
	 * Call from `onWake`: edges whose connection outlived a process hear that nobody is attached any more. Whoever they
	 * bring back within the grace time was never away.
	 */
	async restore(connections: Iterable<Connection>): Promise<void> {
		for (const userId of await this.#leases.holders()) this.#options.audience.expect(userId);
		for (const connection of connections) this.#open(connection)?.announce();
	}

	/** Call from `onConnect`, for everybody. */
	opened(connection: Connection): void {
		if (connection.state.kind === "person") this.#options.arrived(connection);
		else this.#open(connection);
	}

	/** Call from `onDisconnect`, for everybody. Leases stay: an edge may come back for its people. */
	closed(connection: Pick<Connection, "id">): void {
		const link = this.#links.get(connection.id);
		if (link === undefined) {
			this.#options.audience.departed(connection);
			return;
		}
		const lost = [...link.attached.values()];
		link.close();
		this.#links.delete(connection.id);
		this.#options.audience.unlink(link);
		for (const one of lost) this.#leave(one);
	}

	/** `prove` reads a ticket. @throws Problem `unconfirmed` when the edge's connection closed meanwhile */
	async attach(
		edge: Connection,
		people: readonly Newcomer[],
		prove: (ticket: string) => Person,
	): Promise<AttachOutput> {
		const link = this.#linkOf(edge);
		const ids = people.flatMap((one) => ("connectionId" in one ? [one.connectionId] : []));
		const leases = await this.#leases.find(
			ids.filter((id) => !this.#connections.has(id)),
			link.edge,
		);
		const guests = await Promise.all(people.map((one) => this.#receive(link, one, leases, prove)));
		await this.#leases.keep(guests.flatMap((guest) => ("person" in guest && !guest.isBack ? guest : [])));
		if (!link.isOpen) throw gone();
		const seated = guests.map((guest) => ("person" in guest ? this.#seat(link, guest) : guest));
		const head = guests.some((guest) => "person" in guest && guest.isBack) ? await this.#options.head?.() : undefined;
		return {
			link: link.id,
			people: seated.map((one) => {
				if (!("person" in one)) return one;
				const { connectionId, person, isBack } = one;
				const isTold = isBack && this.#options.audience.mayHear(person);
				const told = isTold && head !== undefined ? { told: { name: head.name, args: [head.batch] } } : {};
				return { connectionId, leaseEndsAt: person.leaseEndsAt, ...told };
			}),
		};
	}

	/** Also of those whom this edge has not attached again since its connection or this process broke. */
	async detach(edge: Connection, connectionIds: readonly string[]): Promise<void> {
		const { edge: instance } = this.#linkOf(edge);
		for (const id of connectionIds) {
			const connection = this.#connections.get(id);
			if (connection?.link.edge !== instance) continue;
			connection.link.attached.delete(id);
			this.#leave(connection);
		}
		await this.#leases.drop(connectionIds, instance);
	}

	/** Starts all calls, in order, and waits for none. */
	forward(edge: Connection, calls: ForwardInput["calls"], perform: Perform): void {
		const link = this.#linkOf(edge);
		const answers: Promise<void>[] = [];
		for (const { connectionId, callId, name, args } of calls) {
			const connection = link.attached.get(connectionId);
			if (connection === undefined) link.push({ type: "error", callId, error: NOT_ATTACHED });
			else answers.push(this.#answer(link, connection, callId, perform(connection, name, args)));
		}
		if (answers.length > 0) void this.frame.keepAwake(Promise.all(answers));
	}

	listen(edge: Connection, events: readonly string[]): void {
		this.#linkOf(edge).listen(events);
	}

	#open(connection: Connection): Link | undefined {
		const { id, state } = connection;
		if (state.kind !== "service" || state.issuer !== "edge") return undefined;
		this.closed(connection); // should RivetKit tell of it twice
		const link = new Link(connection, state.subject, { limits: this.#options.limits, log: this.frame.log });
		this.#links.set(id, link);
		this.#options.audience.link(link);
		return link;
	}

	#linkOf({ id }: Connection): Link {
		const link = this.#links.get(id);
		if (link === undefined) throw gone();
		return link;
	}

	async #receive(
		{ edge }: Link,
		newcomer: Newcomer,
		leases: ReadonlyMap<string, Person>,
		prove: (ticket: string) => Person,
	): Promise<Guest | { refusal: RelayedRefusal }> {
		try {
			if ("ticket" in newcomer) {
				const person = prove(newcomer.ticket);
				await this.#options.receive(person);
				return { connectionId: connectionIdAt(this.#options.now()), edge, person, isBack: false };
			}
			const { connectionId } = newcomer;
			const known = this.#connections.get(connectionId);
			const person = known?.link.edge === edge ? known.state : leases.get(connectionId);
			if (person === undefined || person.leaseEndsAt <= this.#options.now()) return { refusal: NOT_ATTACHED };
			await this.#options.receive(person);
			return { connectionId, edge, person, isBack: true };
		} catch (error) {
			return { refusal: refusalOf(error, this.frame.log) };
		}
	}

	/** Whoever was shown out since they were received is not seated. */
	#seat(link: Link, guest: Guest): Guest | { refusal: RelayedRefusal } {
		const known = this.#connections.get(guest.connectionId);
		if (known !== undefined) {
			known.moveTo(link);
			return guest;
		}
		if (this.#connections.size >= this.#options.limits.relayConnectionsMax) {
			return { refusal: refusalOf(new Problem("busy", "Too many people are here.", { waitMs: 5_000 })) };
		}
		const connection = new RelayedConnection(guest.connectionId, guest.person, link, (closed) => this.#forget(closed));
		this.#connections.set(connection.id, connection);
		this.#options.arrived(connection);
		return connection.isAttached ? guest : { refusal: NOT_ATTACHED };
	}

	/** Nothing of a call reaches whoever is not attached by this link any more. */
	async #answer(link: Link, connection: RelayedConnection, callId: number, work: Promise<unknown>): Promise<void> {
		try {
			const output = await work;
			if (link.attached.get(connection.id) === connection) link.push({ type: "answer", callId, output });
		} catch (error) {
			const refusal = refusalOf(error);
			if (link.attached.get(connection.id) === connection) link.push({ type: "error", callId, error: refusal });
		}
	}

	#leave(connection: RelayedConnection): void {
		this.#connections.delete(connection.id);
		this.#options.audience.departed(connection);
	}

	/** The actor closed it. Should its lease survive a crash in this moment, whoever comes back with it is asked again. */
	#forget(connection: RelayedConnection): void {
		this.#leave(connection);
		const dropped = this.#leases.drop([connection.id], connection.link.edge).catch((error: unknown) => {
			this.frame.log.warn({ msg: "a lease was not dropped", error: String(error) });
		});
		void this.frame.keepAwake(dropped);
	}
}

/** Nobody guesses it; and begun with the time, those who come together share a page of the table of leases. */
const connectionIdAt = (unixMs: number): string =>
	unixMs.toString(16).padStart(12, "0") + randomBytes(14).toString("hex");

const gone = (): Problem => new Problem("unconfirmed", "The connection broke before an answer came.");
