import type { Limits } from "@bullpen/domain/limits";
import { AttachOutput, type RelayedOp } from "@bullpen/domain/relay";
import type { Client } from "./client.ts";
import type { Refusal } from "./json-frame.ts";
import type { Counts } from "./tally.ts";
import { Refused, type UpstreamSocket } from "./upstream-socket.ts";

type EventOp = Extract<RelayedOp, { type: "event" }>;

export interface AttachmentsHost {
	/** The open connection. */
	socket(): UpstreamSocket | undefined;
	soon(): void;
	/** The link that answers come by, from an answer itself. */
	linked(link: string): void;
	/** The actor knows this client now. */
	attached(client: Client): void;
	/** The actor will not have this client. */
	refused(client: Client, refusal: Refusal): void;
	/** The first words on its connection. */
	welcome(client: Client, connectionId: string): void;
	hear(client: Client, event: { name: string; args: unknown[] }): void;
	giveUp(why: string): void;
}

interface Batch {
	readonly clients: readonly Client[];
	readonly epoch: number;
	/** What everybody was told since it was sent: who is being attached again is told it afterwards. */
	readonly missed: EventOp[];
	hasMissedMore: boolean;
	/** Connections that ended before the answer named them. */
	readonly closed: Map<string, string>;
}

const MISSED_MAX = 1_000;
const DETACH_WAITING_MAX = 20_000;
const CONNECTION_ID = /^[\w-]{1,64}$/;

/**
 * Which clients the actor knows, by which ids. Newcomers are attached by their tickets; whoever was attached before is
 * attached again without one; many of both in one call.
 */
export class Attachments {
	readonly #limits: Limits;
	readonly #host: AttachmentsHost;
	readonly #counts: Counts;
	readonly #clients = new Set<Client>();
	readonly #byConnectionId = new Map<string, Client>();
	readonly #pending = new Set<Client>();
	/** Connections whose clients have gone and which the actor still counts. */
	#gone: string[] = [];
	#detaching: Promise<void> | undefined;
	#batch: Batch | undefined;
	/** Rises when everybody has to be attached again. */
	#epoch = 0;

	constructor(limits: Limits, host: AttachmentsHost, counts: Counts) {
		this.#limits = limits;
		this.#host = host;
		this.#counts = counts;
	}

	/** Everybody who came and has not left, attached or not. */
	get clients(): ReadonlySet<Client> {
		return this.#clients;
	}

	get isIdle(): boolean {
		return this.#clients.size === 0 && this.#gone.length === 0 && this.#detaching === undefined;
	}

	*attached(): Iterable<Client> {
		for (const client of this.#clients) if (client.standing === "attached") yield client;
	}

	find(connectionId: string): Client | undefined {
		return this.#byConnectionId.get(connectionId);
	}

	join(client: Client): void {
		this.#clients.add(client);
		this.#pending.add(client);
		this.#host.soon();
	}

	leave(client: Client): void {
		if (!this.#clients.delete(client)) return;
		this.#pending.delete(client);
		if (client.connectionId === undefined) return;
		this.#byConnectionId.delete(client.connectionId);
		this.#detach(client.connectionId);
	}

	/** The actor has forgotten this connection by itself. */
	forget(connectionId: string, reason: string): Client | undefined {
		const client = this.#byConnectionId.get(connectionId);
		this.#byConnectionId.delete(connectionId);
		if (client === undefined) {
			this.#batch?.closed.set(connectionId, reason);
			return undefined;
		}
		this.#clients.delete(client);
		this.#pending.delete(client);
		return client;
	}

	/** Attaches once more, which tells this client where the actor stands. */
	again(client: Client): void {
		if (!this.#clients.has(client)) return;
		this.#pending.add(client);
		this.#host.soon();
	}

	/** Nobody is attached any more. */
	reset(): void {
		this.#epoch++;
		for (const client of this.#clients) {
			if (client.standing === "attached") client.standing = "waiting";
			this.#pending.add(client);
		}
		this.#host.soon();
	}

	/** Something everybody was told while somebody was on their way back. */
	noteMissed(op: EventOp): void {
		const batch = this.#batch;
		if (batch === undefined) return;
		if (batch.missed.length < MISSED_MAX) batch.missed.push(op);
		else batch.hasMissedMore = true;
	}

	/** Lets go of everybody, for the actor to forget them. Resolves when it has, or cannot be reached. */
	async leaveAll(): Promise<void> {
		for (const client of [...this.#clients]) this.leave(client);
		this.flush();
		while (this.#detaching !== undefined) await this.#detaching;
	}

	flush(): void {
		const socket = this.#host.socket();
		if (socket === undefined) return;
		if (this.#gone.length > 0 && this.#detaching === undefined) this.#sendDetach(socket);
		if (this.#pending.size > 0 && this.#batch === undefined) this.#sendAttach(socket);
	}

	#sendAttach(socket: UpstreamSocket): void {
		const clients: Client[] = [];
		for (const client of this.#pending) {
			if (clients.length === this.#limits.relayAttachMax) break;
			this.#pending.delete(client);
			if (client.standing !== "gone") clients.push(client);
		}
		if (clients.length === 0) return;
		const batch: Batch = { clients, epoch: this.#epoch, missed: [], hasMissedMore: false, closed: new Map() };
		this.#batch = batch;
		this.#counts.attaches++;
		const people = clients.map(({ connectionId, ticket }) =>
			connectionId === undefined ? { ticket } : { connectionId },
		);
		socket
			.call("attach", JSON.stringify([{ people }]))
			.finally(() => {
				this.#batch = undefined;
			})
			.then(
				(output) => this.#answered(batch, output),
				(error: unknown) => this.#failed(batch, error),
			);
	}

	#answered(batch: Batch, output: unknown): void {
		const answer = AttachOutput.safeParse(output);
		if (!answer.success || answer.data.people.length !== batch.clients.length) {
			this.#failed(batch, undefined);
			this.#host.giveUp("it answered `attach` with what this edge does not understand");
			return;
		}
		const isCurrent = batch.epoch === this.#epoch;
		this.#host.linked(answer.data.link);
		for (const [at, person] of answer.data.people.entries()) {
			const client = batch.clients[at];
			if (client === undefined) continue;
			if ("refusal" in person) this.#refuse(client, person.refusal);
			else this.#accept(batch, client, person, isCurrent);
		}
		this.#host.soon();
	}

	#refuse(client: Client, refusal: Refusal): void {
		if (client.connectionId !== undefined) this.#byConnectionId.delete(client.connectionId);
		if (!this.#clients.delete(client)) return;
		this.#pending.delete(client);
		this.#host.refused(client, refusal);
	}

	#accept(
		batch: Batch,
		client: Client,
		{ connectionId, told }: { connectionId: string; told?: { name: string; args: unknown[] } | undefined },
		isCurrent: boolean,
	): void {
		if (!CONNECTION_ID.test(connectionId)) {
			this.#host.giveUp("it gave a connection an id that is none");
			return;
		}
		if (!this.#clients.has(client) || client.standing === "gone") {
			this.#abandon(client, connectionId);
			return;
		}
		client.connectionId = connectionId;
		this.#byConnectionId.set(connectionId, client);
		const closedFor = batch.closed.get(connectionId);
		if (closedFor !== undefined) {
			this.forget(connectionId, closedFor);
			client.close(1000, closedFor);
			return;
		}
		if (!isCurrent) {
			this.#pending.add(client); // attached by a link that is gone
			return;
		}
		this.#pending.delete(client);
		const wasAttached = client.standing === "attached";
		client.standing = "attached";
		if (client.isWelcome) {
			this.#counts.reattached++;
			if (told !== undefined) this.#host.hear(client, told);
			if (!wasAttached) for (const op of batch.missed) if (isFor(op, connectionId)) this.#host.hear(client, op);
			if (!wasAttached && batch.hasMissedMore) this.again(client);
		} else {
			this.#counts.attached++;
			client.isWelcome = true;
			this.#host.welcome(client, connectionId);
		}
		this.#host.attached(client);
	}

	/** It left before it was attached. */
	#abandon(client: Client, connectionId: string): void {
		if (this.#byConnectionId.get(connectionId) === client) return; // and is detached when its socket has closed
		this.#clients.delete(client);
		this.#detach(connectionId);
	}

	#failed({ clients }: Batch, error: unknown): void {
		for (const client of clients) if (this.#clients.has(client)) this.#pending.add(client);
		if (error instanceof Refused) this.#host.giveUp(`it refused \`attach\` (${error.message})`);
	}

	#detach(connectionId: string): void {
		if (this.#gone.length < DETACH_WAITING_MAX) this.#gone.push(connectionId); // else its lease ends it
		this.#host.soon();
	}

	#sendDetach(socket: UpstreamSocket): void {
		const connectionIds = this.#gone.splice(0, this.#limits.relayDetachMax);
		this.#detaching = socket
			.call("detach", JSON.stringify([{ connectionIds }]))
			.then(
				() => {},
				(error: unknown) => {
					if (!(error instanceof Refused)) this.#gone.unshift(...connectionIds);
				},
			)
			.finally(() => {
				this.#detaching = undefined;
				this.#host.soon();
			});
	}
}

const isFor = ({ to, except }: EventOp, connectionId: string): boolean =>
	to === undefined ? !except?.includes(connectionId) : to.includes(connectionId);
