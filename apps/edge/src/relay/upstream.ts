import { setTimeout as sleep } from "node:timers/promises";
import type { ActorName } from "@bullpen/domain/identity";
import type { Limits } from "@bullpen/domain/limits";
import { NOT_ATTACHED, RELAYED, type RelayedOp } from "@bullpen/domain/relay";
import { WIRE } from "@bullpen/domain/wire";
import { faultIn } from "./arguments-guard.ts";
import { Attachments } from "./attachments.ts";
import type { Client, ClientOwner } from "./client.ts";
import type { ClientFrame } from "./client-frame.ts";
import { Delivery } from "./delivery.ts";
import { type CallBytes, Forwarding, type OpenCall } from "./forwarding.ts";
import { type ActorSpecifier, answerFrame, errorFrame, eventFrame, initFrame, type Refusal } from "./json-frame.ts";
import { readOp, readRelayedFrame } from "./relayed-frame.ts";
import type { Counts } from "./tally.ts";
import { type Ending, Refused, UpstreamSocket } from "./upstream-socket.ts";

export interface UpstreamHost {
	readonly limits: Limits;
	readonly counts: Counts;
	readonly callBytes: CallBytes;
	readonly url: string;
	/** A fresh token for this actor. */
	token(): string;
	/** Milliseconds until this person may call anything again, or 0. */
	paceOf(userId: string): number;
	/** The actor fell silent: its process may be dead, and others of it do not know yet. */
	fellSilent(): void;
	warn(what: string): void;
}

type Call = Extract<ClientFrame, { type: "call" }>;
type EventOp = Extract<RelayedOp, { type: "event" }>;

/** Names that could be an action's; nothing else is worth an actor's time. */
const ACTION_NAME = /^[A-Za-z]{1,64}$/;
/** What `forward` writes around each call, at most. */
const CALL_WRAP_BYTES = 256;
const RESYNCS_MAX = 10;

/**
 * The one connection of this edge to one actor, on behalf of all its clients here. It is opened when somebody comes, kept
 * alive, opened again when it breaks, and meanwhile the clients keep theirs.
 */
export class Upstream implements ClientOwner {
	readonly actor: ActorName;
	readonly key: string;
	readonly #host: UpstreamHost;
	readonly #limits: Limits;
	readonly #events: readonly string[];
	readonly #attachments: Attachments;
	readonly #forwarding: Forwarding;
	#connection: UpstreamSocket | undefined;
	#retry: NodeJS.Timeout | undefined;
	#attempts = 0;
	#actorId = "";
	#specifier: ActorSpecifier | undefined;
	#link: string | undefined;
	#n = 0;
	/** Events some client wants, one bit each, and what the actor was told of them. */
	#wanted = 0;
	#said: number | undefined;
	#isSaying = false;
	#isScheduled = false;
	#isDraining = false;
	#resyncs = 0;
	#emptySince = Date.now();

	constructor(actor: ActorName, key: string, host: UpstreamHost) {
		this.actor = actor;
		this.key = key;
		this.#host = host;
		this.#limits = host.limits;
		this.#events = Object.keys(WIRE[actor].events);
		const upstream = this;
		const common = { soon: () => this.#soon() };
		this.#attachments = new Attachments(
			host.limits,
			{
				...common,
				get socket() {
					return upstream.#ready;
				},
				linked: (link) => this.#linked(link),
				attached: (client) => this.#forwarding.attached(client),
				refused: (client, refusal) => this.#turnAway(client, refusal),
				welcome: (client, connectionId) => client.answer(initFrame(this.#actorId, connectionId)),
				hear: (client, op) => this.#tell(client, op),
				giveUp: (why) => this.#giveUp(why),
			},
			host.counts,
		);
		this.#forwarding = new Forwarding(
			host.limits,
			{
				...common,
				get socket() {
					return upstream.#isListened ? upstream.#ready : undefined;
				},
				fail: (call, refusal) => this.#fail(call, refusal),
			},
			host.counts,
			host.callBytes,
		);
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

	get isConnected(): boolean {
		return this.#ready !== undefined;
	}

	join(client: Client): void {
		this.#attachments.join(client);
		if (this.#connection === undefined && this.#retry === undefined) this.#open();
	}

	heard(client: Client, frame: ClientFrame): void {
		if (frame.type === "call") this.#call(client, frame);
		else this.#subscribe(client, frame.event, frame.isWanted);
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
		const socket = this.#ready;
		if (socket === undefined || this.#isSaying) return;
		this.#wanted = 0;
		for (const { events } of this.clients) this.#wanted |= events;
		void this.#listen(socket);
	}

	/** Call every now and then. True when nobody needs it any more. */
	sweep(now: number): boolean {
		this.#resyncs = 0;
		for (const client of [...this.clients]) {
			client.sweep(now);
			if (!client.isWelcome && client.standing === "waiting" && now - client.joinedAt > this.#limits.edgeHandshakeMs)
				this.#turnAway(client, UNREACHABLE);
		}
		this.#forwarding.sweep(now, this.clients);
		this.#watch(now);
		if (this.clients.size > 0 || now - this.#emptySince < this.#limits.edgeUpstreamIdleMs) return false;
		this.end();
		return true;
	}

	/** Reads nothing more from its clients, and no longer opens again what breaks. */
	stopHearing(): void {
		this.#isDraining = true;
		for (const client of this.clients) client.stopHearing();
	}

	/** Whether every call that came has its answer. */
	get isQuiet(): boolean {
		return this.openCalls === 0 && this.waitingCalls === 0;
	}

	/** The actor forgets everybody, if it does within this time; the clients are told to connect again. */
	async release(waitMs: number): Promise<void> {
		const clients = [...this.clients];
		const enough = new AbortController();
		await Promise.race([this.#attachments.leaveAll(), sleep(waitMs, undefined, enough).catch(() => {})]); // rejects when aborted
		enough.abort();
		for (const client of clients) client.close(1012, "service_restart");
	}

	end(): void {
		this.#isDraining = true;
		clearTimeout(this.#retry);
		for (const client of [...this.clients]) client.terminate();
		this.#connection?.end();
	}

	get #ready(): UpstreamSocket | undefined {
		return this.#connection?.isOpen ? this.#connection : undefined;
	}

	/** Whether the actor knows of every event that somebody asked for before their next call. */
	get #isListened(): boolean {
		return this.#said === undefined ? !this.#isSaying : (this.#wanted & ~this.#said) === 0;
	}

	// What clients say

	#subscribe(client: Client, event: string, isWanted: boolean): void {
		const bit = this.#bitOf(event);
		client.events = isWanted ? client.events | bit : client.events & ~bit;
		if (!isWanted || (this.#wanted & bit) === bit) return; // what nobody wants any more is said with the next check
		this.#wanted |= bit;
		this.#soon();
	}

	#call(client: Client, { id, name, args }: Call): void {
		const fault = faultIn(args, this.#limits);
		if (fault?.type === "ill") {
			client.close(1011, "actor.invalid_request");
			return;
		}
		const refusal = fault ? badInput(fault.message) : this.#refusalFor(client, name);
		if (refusal !== undefined) {
			this.#refuse(client, id, refusal);
			return;
		}
		const text = JSON.stringify(args);
		const bytes = Buffer.byteLength(text) + CALL_WRAP_BYTES;
		if (bytes > this.#limits.clientFrameBytesMax + CALL_WRAP_BYTES) {
			this.#refuse(client, id, tooLarge(this.#limits.clientFrameBytesMax));
			return;
		}
		if (!this.#forwarding.add({ client, id, name, args: text, bytes, since: Date.now() })) {
			this.#refuse(client, id, BUSY);
			return;
		}
		client.openCalls++;
		this.#host.counts.calls++;
	}

	#refusalFor(client: Client, name: string): Refusal | undefined {
		if (!ACTION_NAME.test(name)) return notFound(name);
		if (client.openCalls >= this.#limits.edgeCallsPerConnectionMax) return BUSY;
		const waitMs = this.#host.paceOf(client.userId);
		return waitMs > 0 ? tooFast(waitMs) : undefined;
	}

	#refuse(client: Client, id: string, refusal: Refusal): void {
		this.#host.counts.refusedCalls++;
		client.answer(errorFrame(id, refusal, this.#specifier));
	}

	#fail({ client, id }: OpenCall, refusal: Refusal): void {
		client.openCalls--;
		client.answer(errorFrame(id, refusal, this.#specifier));
	}

	/** As RivetKit does with whom an actor does not let in. */
	#turnAway(client: Client, refusal: Refusal): void {
		if (client.isWelcome || refusal.group === NOT_ATTACHED.group) {
			client.close(1000, NOT_ATTACHED.code);
			return;
		}
		client.answer(errorFrame(null, refusal));
		client.close(1011, `${refusal.group}.${refusal.code}`);
	}

	// What the actor says

	#heard(name: string, args: readonly unknown[]): void {
		if (name !== RELAYED) return; // nothing this edge asked for
		const frame = readRelayedFrame(args[0]);
		if (frame === undefined) {
			this.#giveUp("it sent a frame this edge does not understand");
			return;
		}
		this.#linked(frame.link);
		if (frame.n !== this.#n + 1) this.#resync();
		this.#n = frame.n;
		this.#host.counts.frames++;
		this.#host.counts.ops += frame.ops.length;
		const delivery = new Delivery(() => this.#attachments.attached(), this.#host.counts);
		for (const op of frame.ops) this.#apply(delivery, readOp(op));
		delivery.end();
	}

	#apply(delivery: Delivery, op: RelayedOp | undefined): void {
		switch (op?.type) {
			case "event":
				this.#event(delivery, op);
				return;
			case "answer":
				this.#answered(delivery, op.callId, (id) => answerFrame(id, op.output));
				return;
			case "error":
				if (op.error.group === NOT_ATTACHED.group) {
					this.#notAttached(op.callId);
					return;
				}
				this.#answered(delivery, op.callId, (id) => errorFrame(id, op.error, this.#specifier));
				return;
			case "close":
				this.#closed(delivery, op.connectionId, op.reason);
				return;
			case undefined:
				this.#host.counts.unknownOps++;
		}
	}

	#event(delivery: Delivery, op: EventOp): void {
		const bit = this.#bitOf(op.name);
		if (op.to === undefined) this.#attachments.noteMissed(op);
		if ((this.#wanted & bit) === 0) return;
		const frame = eventFrame(op.name, op.args);
		const { to, except } = op;
		if (to !== undefined) {
			for (const connectionId of to) {
				const client = this.#attachments.find(connectionId);
				if (client !== undefined) delivery.tell(client, bit, frame);
			}
		} else if (except === undefined) delivery.broadcast(bit, frame);
		else {
			const leftOut = new Set(except);
			delivery.broadcastExcept(bit, frame, ({ connectionId = "" }) => leftOut.has(connectionId));
		}
	}

	#tell(client: Client, op: EventOp): void {
		if ((client.events & this.#bitOf(op.name)) !== 0) client.tell(eventFrame(op.name, op.args));
	}

	#answered(delivery: Delivery, callId: number, frame: (id: string) => Buffer): void {
		const call = this.#forwarding.take(callId);
		if (call === undefined) {
			this.#host.counts.unknownOps++;
			return;
		}
		call.client.openCalls--;
		delivery.answer(call.client, frame(call.id));
	}

	/** The actor does not know this client: it was not called, and is attached again first. */
	#notAttached(callId: number): void {
		const call = this.#forwarding.take(callId);
		if (call === undefined) return;
		this.#fail(call, BUSY);
		if (call.client.standing !== "attached") return;
		call.client.standing = "waiting";
		this.#forwarding.detached(call.client);
		this.#attachments.again(call.client);
	}

	#closed(delivery: Delivery, connectionId: string, reason: string): void {
		delivery.end(); // what was said before is heard before
		this.#attachments.forget(connectionId, reason)?.close(1000, reason);
	}

	#bitOf(event: string): number {
		const at = this.#events.indexOf(event);
		return at === -1 ? 0 : 1 << at;
	}

	// The connection itself

	#open(): void {
		this.#retry = undefined;
		const socket = new UpstreamSocket(this.#host.url, this.#host.token(), this.#limits, {
			opened: (actorId) => this.#opened(socket, actorId),
			heard: (name, args) => this.#heard(name, args),
			ended: (ending) => this.#ended(ending),
		});
		this.#connection = socket;
	}

	#opened(socket: UpstreamSocket, actorId: string): void {
		this.#actorId = actorId;
		this.#host.counts.opened++;
		this.#learnSpecifier(socket);
		this.#soon();
	}

	#ended(ending: Ending): void {
		this.#connection = undefined;
		this.#link = undefined;
		this.#said = undefined;
		for (const client of this.clients) this.#forwarding.detached(client);
		this.#forwarding.lose(true);
		this.#attachments.reset();
		if (isFinal(ending)) {
			this.#closeAll(ending);
			return;
		}
		if (this.#isDraining || this.#attachments.isIdle) return;
		if (ending.type === "refused") this.#host.warn(`refused this edge: ${ending.refusal.group}/${ending.refusal.code}`);
		this.#attempts++;
		const { edgeUpstreamRetryMs, edgeUpstreamRetryMaxMs } = this.#limits;
		const waitMs = Math.min(edgeUpstreamRetryMaxMs, edgeUpstreamRetryMs * 2 ** Math.min(this.#attempts - 1, 10));
		this.#retry = setTimeout(() => this.#open(), waitMs * (0.5 + Math.random() / 2)).unref();
	}

	/** There is no such actor, or none for anybody: whoever came hears what they would have heard without us. */
	#closeAll(ending: Ending): void {
		for (const client of [...this.clients]) {
			if (ending.type === "refused") this.#turnAway(client, ending.refusal);
			else if (ending.type === "closed") client.close(1011, ending.reason);
		}
	}

	#giveUp(why: string): void {
		this.#host.warn(why);
		this.#connection?.end(why);
	}

	#linked(link: string): void {
		if (link === this.#link) return;
		const isFirst = this.#link === undefined;
		this.#link = link;
		this.#n = 0;
		if (isFirst) return;
		this.#said = undefined;
		const socket = this.#ready;
		if (socket !== undefined) this.#learnSpecifier(socket);
		this.#resync();
	}

	/** Something was lost, perhaps everything: nobody is attached until they are again. */
	#resync(): void {
		this.#host.counts.resyncs++;
		if (++this.#resyncs > RESYNCS_MAX) {
			this.#giveUp("it loses frames again and again");
			return;
		}
		for (const client of this.clients) this.#forwarding.detached(client);
		this.#forwarding.lose(false);
		this.#attachments.reset();
	}

	#watch(now: number): void {
		const socket = this.#ready;
		if (socket === undefined) return;
		const { oldestMs, owedMs, quietMs } = socket.silence(now);
		const { edgeUpstreamSilentMs, edgeUpstreamCheckMs, edgeHandshakeMs } = this.#limits;
		if (oldestMs > edgeHandshakeMs) this.#giveUp("an answer is missing");
		else if (owedMs > edgeUpstreamSilentMs) {
			this.#host.counts.deaths++;
			socket.end("it fell silent");
			this.#host.fellSilent();
		} else if (owedMs > edgeUpstreamSilentMs / 2 || quietMs > edgeUpstreamCheckMs) this.check();
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
		const socket = this.#ready;
		if (socket === undefined) return;
		if (!this.#isSaying && (this.#said === undefined || !this.#isListened)) void this.#listen(socket);
		this.#attachments.flush();
		this.#forwarding.flush();
	}

	async #listen(socket: UpstreamSocket): Promise<void> {
		const wanted = this.#wanted;
		this.#isSaying = true;
		const events = this.#events.filter((_, at) => (wanted & (1 << at)) !== 0);
		try {
			await socket.call("listen", JSON.stringify([{ events }]));
			this.#attempts = 0;
			if (socket === this.#connection) this.#said = wanted;
		} catch (error) {
			if (error instanceof Refused) this.#giveUp(`it refused \`listen\` (${error.message})`);
		} finally {
			this.#isSaying = false;
			this.#soon();
		}
	}

	/** Refusals name the actor's generation and nothing else does, so this asks for one. */
	#learnSpecifier(socket: UpstreamSocket): void {
		socket.call("detach", '[{"connectionIds":[]}]').catch((error: unknown) => {
			if (error instanceof Refused) this.#specifier = error.actor ?? this.#specifier;
		});
	}
}

/** An actor that is not there, or was never begun, does not come by waiting. */
function isFinal(ending: Ending): boolean {
	if (ending.type === "closed") return /^actor\.not_found(?:#|$)/.test(ending.reason);
	return ending.type === "refused" && FINAL.has(`${ending.refusal.group}/${ending.refusal.code}`);
}
const FINAL: ReadonlySet<string> = new Set(["actor/not_found", "user/not_found", "user/not_initialised"]);

const user = (code: string, message: string, metadata: object = {}): Refusal => ({
	group: "user",
	code,
	message,
	metadata,
});
const badInput = (message: string): Refusal => user("bad_input", message);
const tooLarge = (bytesMax: number): Refusal => user("frame_too_large", "This call is too large.", { bytesMax });
const tooFast = (waitMs: number): Refusal => user("rate_limited", `Too fast. Try again in ${waitMs} ms.`, { waitMs });
const BUSY = user("busy", "Too much is under way. Try again in a moment.", { waitMs: 1_000 });
const UNREACHABLE = user("busy", "This cannot be reached just now. Try again.", { waitMs: 1_000 });
/** RivetKit's own words. */
const notFound = (name: string): Refusal => ({
	group: "actor",
	code: "action_not_found",
	message: `Action \`${name}\` was not found.`,
});
