import type { Limits } from "@bullpen/domain/limits";
import type { Call } from "./call.ts";
import type { Client } from "./client.ts";
import type { Refusal } from "./json-frame.ts";
import { UNCONFIRMED, UNREACHABLE } from "./refusals.ts";
import type { Counts } from "./tally.ts";
import { Refused, type UpstreamSocket } from "./upstream-socket.ts";
import { WaitingCalls } from "./waiting-calls.ts";

/** Bytes of calls that wait, for all actors of this edge together. */
export interface CallBytes {
	held: number;
}

export interface ForwardingHost {
	/** The connection calls can go out on right now. */
	socket(): UpstreamSocket | undefined;
	/** Something waits: call `flush` when everything of this moment has come in. */
	soon(): void;
	fail(call: OpenCall, refusal: Refusal): void;
}

/** What is kept of a call once it was sent. */
export type OpenCall = Pick<Call, "client" | "id" | "since">;

/**
 * Calls on their way to one actor. A lone call leaves at once; while frames are unacknowledged, what comes waits and leaves
 * merged. What one connection says stays in order: its next calls leave when those before were started.
 */
export class Forwarding {
	readonly #limits: Limits;
	readonly #host: ForwardingHost;
	readonly #counts: Counts;
	readonly #total: CallBytes;
	readonly #waiting = new WaitingCalls<Call>();
	readonly #open = new Map<number, OpenCall>();
	#lastCallId = 0;
	/** Frames without an acknowledgement. A new connection begins anew. */
	#window = { unacknowledged: 0 };

	constructor(limits: Limits, host: ForwardingHost, counts: Counts, total: CallBytes) {
		this.#limits = limits;
		this.#host = host;
		this.#counts = counts;
		this.#total = total;
	}

	get openCalls(): number {
		return this.#open.size;
	}

	get waitingCalls(): number {
		return this.#waiting.size;
	}

	get waitingBytes(): number {
		return this.#waiting.bytes;
	}

	/** False when there is no room for it. */
	add(call: Call): boolean {
		const { edgeCallBytesPerActorMax, edgeCallBytesTotalMax } = this.#limits;
		if (this.#waiting.bytes + call.bytes > edgeCallBytesPerActorMax) return false;
		if (this.#total.held + call.bytes > edgeCallBytesTotalMax) return false;
		this.#total.held += call.bytes;
		this.#waiting.add(call.client.lane, call);
		this.#host.soon();
		return true;
	}

	/** From now on the actor knows this client. */
	attached(client: Client): void {
		this.#waiting.release(client.lane);
		this.#host.soon();
	}

	detached(client: Client): void {
		this.#waiting.hold(client.lane);
	}

	/** Nobody waits for an answer to these any more. */
	left(client: Client): void {
		this.#waiting.hold(client.lane);
		for (const call of this.#waiting.remove(client.lane)) this.#total.held -= call.bytes;
	}

	flush(): void {
		const { edgeForwardsAtOnce } = this.#limits;
		for (;;) {
			const socket = this.#host.socket();
			if (socket === undefined || this.#window.unacknowledged >= edgeForwardsAtOnce || !this.#waiting.isReady) return;
			const calls = this.#waiting.take(this.#limits.relayForwardMax, this.#limits.relayFrameBytesMax);
			if (calls.length > 0) this.#send(socket, calls);
		}
	}

	/** The call with this number, which is thereby answered. */
	take(callId: number): OpenCall | undefined {
		const call = this.#open.get(callId);
		this.#open.delete(callId);
		return call;
	}

	/** Whatever was sent will not be answered. */
	lose(isConnectionGone: boolean): void {
		if (isConnectionGone) this.#window = { unacknowledged: 0 };
		const lost = [...this.#open.values()];
		this.#open.clear();
		this.#counts.unconfirmed += lost.length;
		for (const call of lost) this.#host.fail(call, UNCONFIRMED);
	}

	/** Ends what waited too long: sent calls may have taken effect, others have not. */
	sweep(now: number, clients: Iterable<Client>): void {
		const late = now - this.#limits.edgeActionMs;
		for (const [callId, call] of this.#open) {
			if (call.since > late) break; // in the order they were sent
			this.#open.delete(callId);
			this.#counts.unconfirmed++;
			this.#host.fail(call, UNCONFIRMED);
		}
		if (this.#waiting.size === 0) return;
		for (const { lane } of clients)
			for (const call of this.#waiting.remove(lane, ({ since }) => since <= late)) {
				this.#total.held -= call.bytes;
				this.#host.fail(call, UNREACHABLE);
			}
	}

	#send(socket: UpstreamSocket, calls: readonly Call[]): void {
		const clients = new Set<Client>();
		const parts: string[] = [];
		const callIds: number[] = [];
		for (const call of calls) {
			const callId = ++this.#lastCallId;
			const { client, id, name, args, since, bytes } = call;
			this.#total.held -= bytes;
			this.#open.set(callId, { client, id, since });
			callIds.push(callId);
			parts.push(`{"connectionId":"${client.connectionId ?? ""}","callId":${callId},"name":"${name}","args":${args}}`);
			clients.add(client);
		}
		for (const { lane } of clients) this.#waiting.hold(lane);
		const window = this.#window;
		window.unacknowledged++;
		this.#counts.forwards++;
		socket
			.call("forward", `[{"calls":[${parts.join(",")}]}]`)
			.catch((error: unknown) => this.#refused(callIds, error))
			.then(() => {
				window.unacknowledged--;
				for (const client of clients) if (client.standing === "attached") this.#waiting.release(client.lane);
				this.flush();
			});
	}

	/** A frame the actor did not take: its reason is everybody's, unless it says nothing about whether any was started. */
	#refused(callIds: readonly number[], error: unknown): void {
		if (!(error instanceof Refused)) return; // lost with the connection: whoever noticed it ends all calls
		const isUntouched = error.refusal.group === "user";
		for (const callId of callIds) {
			const call = this.take(callId);
			if (call !== undefined) this.#host.fail(call, isUntouched ? error.refusal : UNCONFIRMED);
		}
	}
}
