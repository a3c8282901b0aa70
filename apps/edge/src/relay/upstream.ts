import { setTimeout as sleep } from "node:timers/promises";
import type { ActorName } from "@bullpen/domain/identity";
import type { Limits } from "@bullpen/domain/limits";
import { NOT_ATTACHED, RELAYED } from "@bullpen/domain/relay";
import { WIRE } from "@bullpen/domain/wire";
import { Attachments } from "./attachments.ts";
import { admitCall } from "./call.ts";
import type { Client, ClientOwner } from "./client.ts";
import type { ClientFrame } from "./client-frame.ts";
import { type CallBytes, Forwarding, type OpenCall } from "./forwarding.ts";
import { HeldConnection } from "./held-connection.ts";
import { Inbound } from "./inbound.ts";
import { Interest } from "./interest.ts";
import { type ActorSpecifier, errorFrame, eventFrame, initFrame, type Refusal } from "./json-frame.ts";
import { BUSY, UNREACHABLE } from "./refusals.ts";
import { readRelayedFrame } from "./relayed-frame.ts";
import type { Counts } from "./tally.ts";
import { type Ending, Refused, type UpstreamSocket } from "./upstream-socket.ts";

export interface UpstreamHost {
	readonly limits: Limits;
	readonly counts: Counts;
	readonly callBytes: CallBytes;
	readonly url: string;
	/** A fresh token for this actor. */
	token(): string;
	/** Counts a call of this person; milliseconds until they may make it, or 0. */
	paceOf(userId: string): number;
	/** The actor fell silent: its process may be dead, and others of it do not know yet. */
	fellSilent(): void;
	warn(what: string): void;
}

/** In one turn of the sweep: an actor that loses more frames is not heard by waiting. */
const RESYNCS_MAX = 10;

/**
 * Everything between one actor and its clients at this edge. They share one connection to it, which is opened when somebody
 * comes, kept alive and opened again when it breaks; meanwhile the clients keep theirs, and what they call waits.
 */
export class Upstream implements ClientOwner {
	readonly actor: ActorName;
	readonly #host: UpstreamHost;
	readonly #connection: HeldConnection;
	readonly #interest: Interest;
	readonly #attachments: Attachments;
	readonly #forwarding: Forwarding;
	readonly #inbound: Inbound;
	#actorId = "";
	#specifier: ActorSpecifier | undefined;
	#isScheduled = false;
	#isEnding = false;
	#resyncs = 0;
	#emptySince = Date.now();

	constructor(actor: ActorName, host: UpstreamHost) {
		this.actor = actor;
		this.#host = host;
		this.#interest = new Interest(Object.keys(WIRE[actor].events));
		this.#connection = this.#hold();
		this.#attachments = this.#attach();
		this.#forwarding = this.#forward();
		this.#inbound = this.#listen();
	}

	get clients(): ReadonlySet<Client> {
		return this.#attachments.clients;
	}

	get openCalls(): number {
		return this.#forwarding.openCalls;
	}

	get waitingCalls(): number {
		return this.#forwarding.waitingCalls;
	}

	get waitingCallBytes(): number {
		return this.#forwarding.waitingBytes;
	}

	join(client: Client): void {
		this.#attachments.join(client);
		this.#connection.open();
	}

	heard(client: Client, frame: ClientFrame): void {
		if (frame.type === "call") this.#call(client, frame);
		else if (this.#interest.change(client, frame.event, frame.isWanted)) this.#soon();
	}

	caughtUp(client: Client): void {
		this.#attachments.again(client);
	}

	left(client: Client): void {
		this.#forwarding.left(client);
		this.#attachments.leave(client);
		if (this.clients.size === 0) this.#emptySince = Date.now();
	}

	/** Asks for a sign of life, unless one is under way. */
	check(): void {
		const { socket } = this.#connection;
		if (socket === undefined || this.#interest.isTelling) return;
		this.#interest.recount(this.clients);
		this.#tellInterest(socket);
	}

	/** Call every now and then. True when nobody needs it any more. */
	sweep(now: number): boolean {
		this.#resyncs = 0;
		for (const client of [...this.clients]) {
			client.sweep(now);
			const isLate = now - client.joinedAt > this.#host.limits.edgeHandshakeMs;
			if (isLate && !client.isWelcome && client.standing === "waiting") this.#turnAway(client, UNREACHABLE);
		}
		this.#forwarding.sweep(now, this.clients);
		this.#connection.sweep(now);
		if (this.clients.size > 0 || now - this.#emptySince < this.#host.limits.edgeUpstreamIdleMs) return false;
		this.end();
		return true;
	}

	/** Reads nothing more from its clients. */
	stopHearing(): void {
		for (const client of this.clients) client.stopHearing();
	}

	/** Whether every call that came has its answer. */
	get isQuiet(): boolean {
		return this.openCalls === 0 && this.waitingCalls === 0;
	}

	/** The actor forgets everybody, if it does within this time; the clients are told to connect again. */
	async release(waitMs: number): Promise<void> {
		const clients = [...this.clients];
		this.#isEnding = true;
		const enough = new AbortController();
		const late = sleep(waitMs, undefined, enough).catch(() => {}); // rejects when it is not needed any more
		await Promise.race([this.#attachments.leaveAll(), late]);
		enough.abort();
		for (const client of clients) client.close(1012, "service_restart");
	}

	end(): void {
		this.#isEnding = true;
		for (const client of [...this.clients]) client.terminate();
		this.#connection.close();
	}

	// The parts, and what they need of each other

	#hold(): HeldConnection {
		const { limits, url } = this.#host;
		return new HeldConnection({
			limits,
			url,
			token: () => this.#host.token(),
			warn: (what) => this.#host.warn(what),
			isNeeded: () => !this.#isEnding && !this.#attachments.isIdle,
			opened: (socket, actorId) => this.#opened(socket, actorId),
			heard: (name, args) => this.#heard(name, args),
			lost: () => this.#lost(),
			refused: (ending) => this.#closeAll(ending),
			check: () => this.check(),
			fellSilent: () => {
				this.#host.counts.deaths++;
				this.#host.fellSilent();
			},
		});
	}

	#attach(): Attachments {
		const host = {
			socket: () => this.#connection.socket,
			soon: () => this.#soon(),
			linked: (link: string) => this.#inbound.linked(link),
			attached: (client: Client) => this.#forwarding.attached(client),
			refused: (client: Client, refusal: Refusal) => this.#turnAway(client, refusal),
			welcome: (client: Client, connectionId: string) => client.answer(initFrame(this.#actorId, connectionId)),
			hear: (client: Client, event: { name: string; args: unknown[] }) => this.#tell(client, event),
			giveUp: (why: string) => this.#connection.giveUp(why),
		};
		return new Attachments(this.#host.limits, host, this.#host.counts);
	}

	#forward(): Forwarding {
		const host = {
			socket: () => (this.#interest.isMet ? this.#connection.socket : undefined),
			soon: () => this.#soon(),
			fail: (call: OpenCall, refusal: Refusal) => this.#fail(call, refusal),
		};
		return new Forwarding(this.#host.limits, host, this.#host.counts, this.#host.callBytes);
	}

	#listen(): Inbound {
		return new Inbound({
			attachments: this.#attachments,
			forwarding: this.#forwarding,
			interest: this.#interest,
			counts: this.#host.counts,
			specifier: () => this.#specifier,
			forgotten: () => this.#forgotten(),
			resync: () => this.#resync(),
			notAttached: (call) => this.#notAttached(call),
		});
	}

	// Clients

	#call(client: Client, frame: Extract<ClientFrame, { type: "call" }>): void {
		const { limits, counts } = this.#host;
		const admission = admitCall(client, frame, limits, (userId) => this.#host.paceOf(userId));
		if (admission.type === "ill") {
			client.close(1011, "actor.invalid_request");
			return;
		}
		const refusal = admission.type === "refused" ? admission.refusal : undefined;
		const isTaken = admission.type === "admitted" && this.#forwarding.add(admission.call);
		if (isTaken) {
			client.openCalls++;
			counts.calls++;
			return;
		}
		counts.refusedCalls++;
		client.answer(errorFrame(frame.id, refusal ?? BUSY, this.#specifier));
	}

	#fail({ client, id }: OpenCall, refusal: Refusal): void {
		client.openCalls--;
		client.answer(errorFrame(id, refusal, this.#specifier));
	}

	#tell(client: Client, { name, args }: { name: string; args: unknown[] }): void {
		if ((client.events & this.#interest.bitOf(name)) !== 0) client.tell(eventFrame(name, args));
	}

	/** As RivetKit does with whom an actor does not let in; whoever was in comes back with a fresh ticket. */
	#turnAway(client: Client, refusal: Refusal): void {
		if (client.isWelcome || refusal.group === NOT_ATTACHED.group) {
			client.close(1000, NOT_ATTACHED.code);
			return;
		}
		client.answer(errorFrame(null, refusal));
		client.close(1011, `${refusal.group}.${refusal.code}`);
	}

	/** It is attached again; what it called meanwhile was not done. */
	#notAttached(call: OpenCall): void {
		this.#fail(call, BUSY);
		const { client } = call;
		if (client.standing !== "attached") return;
		client.standing = "waiting";
		this.#forwarding.detached(client);
		this.#attachments.again(client);
	}

	/** Whoever came hears what they would have heard without us. */
	#closeAll(ending: Ending): void {
		for (const client of [...this.clients]) {
			if (ending.type === "refused") this.#turnAway(client, ending.refusal);
			else if (ending.type === "closed") client.close(1011, ending.reason);
		}
	}

	// The actor

	#opened(socket: UpstreamSocket, actorId: string): void {
		this.#actorId = actorId;
		this.#host.counts.opened++;
		this.#learnSpecifier(socket);
		this.#soon();
	}

	#heard(name: string, args: readonly unknown[]): void {
		if (name !== RELAYED) return; // nothing this edge asked for
		const frame = readRelayedFrame(args[0]);
		if (frame === undefined) this.#connection.giveUp("it sent a frame this edge does not understand");
		else this.#inbound.hear(frame);
	}

	#lost(): void {
		this.#inbound.reset();
		this.#interest.forget();
		this.#detachAll(true);
	}

	#forgotten(): void {
		this.#interest.forget();
		const { socket } = this.#connection;
		if (socket !== undefined) this.#learnSpecifier(socket);
	}

	#resync(): void {
		this.#host.counts.resyncs++;
		if (++this.#resyncs > RESYNCS_MAX) this.#connection.giveUp("it loses frames again and again");
		else this.#detachAll(false);
	}

	#detachAll(isConnectionGone: boolean): void {
		for (const client of this.clients) this.#forwarding.detached(client);
		this.#forwarding.lose(isConnectionGone);
		this.#attachments.reset();
	}

	/** Once everything of this moment has come in: what belongs together then leaves together. */
	#soon(): void {
		if (this.#isScheduled) return;
		this.#isScheduled = true;
		setImmediate(() => {
			this.#isScheduled = false;
			this.#flush();
		});
	}

	#flush(): void {
		const { socket } = this.#connection;
		if (socket === undefined) return;
		if (this.#interest.isDue) this.#tellInterest(socket);
		this.#attachments.flush();
		this.#forwarding.flush();
	}

	#tellInterest(socket: UpstreamSocket): void {
		const say = async (events: readonly string[]): Promise<boolean> => {
			try {
				await socket.call("listen", JSON.stringify([{ events }]));
				this.#connection.noteAlive();
				return socket === this.#connection.socket;
			} catch (error) {
				if (error instanceof Refused) this.#connection.giveUp(`it refused \`listen\` (${error.message})`);
				return false; // said again on the next connection
			}
		};
		void this.#interest.tell(say).then(() => this.#soon());
	}

	/** Refusals name the actor's generation and nothing else does, so this asks for one. */
	#learnSpecifier(socket: UpstreamSocket): void {
		socket.call("detach", '[{"connectionIds":[]}]').catch((error: unknown) => {
			if (error instanceof Refused) this.#specifier = error.actor ?? this.#specifier;
		});
	}
}
