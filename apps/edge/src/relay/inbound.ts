import { NOT_ATTACHED, type RelayedOp } from "@bullpen/domain/relay";
import type { Attachments } from "./attachments.ts";
import { Delivery } from "./delivery.ts";
import type { Forwarding, OpenCall } from "./forwarding.ts";
import type { Interest } from "./interest.ts";
import { type ActorSpecifier, answerFrame, errorFrame, eventFrame } from "./json-frame.ts";
import { type Frame, readOp } from "./relayed-frame.ts";
import type { Counts } from "./tally.ts";

export interface InboundHost {
	readonly attachments: Attachments;
	readonly forwarding: Forwarding;
	readonly interest: Interest;
	readonly counts: Counts;
	specifier(): ActorSpecifier | undefined;
	/** The actor keeps nothing of what it knew of this edge: it slept, or was killed. */
	forgotten(): void;
	/** Something was lost, perhaps everything: nobody is attached until they are again. */
	resync(): void;
	/** The actor does not know the client of this call, which was therefore not made. */
	notAttached(call: OpenCall): void;
}

type EventOp = Extract<RelayedOp, { type: "event" }>;

/** What one actor tells this edge: numbered frames of one link, whose ops go to the clients they are for. */
export class Inbound {
	readonly #host: InboundHost;
	#link: string | undefined;
	#n = 0;

	constructor(host: InboundHost) {
		this.#host = host;
	}

	/** The connection is another one. */
	reset(): void {
		this.#link = undefined;
	}

	/** The link that frames and answers come by right now. */
	linked(link: string): void {
		if (link === this.#link) return;
		const isFirst = this.#link === undefined;
		this.#link = link;
		this.#n = 0;
		if (isFirst) return;
		this.#host.forgotten();
		this.#host.resync();
	}

	hear({ link, n, ops }: Frame): void {
		this.linked(link);
		if (n !== this.#n + 1) this.#host.resync();
		this.#n = n;
		const { counts, attachments } = this.#host;
		counts.frames++;
		counts.ops += ops.length;
		const delivery = new Delivery(() => attachments.attached(), counts);
		for (const op of ops) this.#apply(delivery, readOp(op));
		delivery.end();
	}

	#apply(delivery: Delivery, op: RelayedOp | undefined): void {
		switch (op?.type) {
			case "event":
				this.#event(delivery, op);
				break;
			case "answer":
				this.#answered(delivery, op.callId, (id) => answerFrame(id, op.output));
				break;
			case "error":
				if (op.error.group === NOT_ATTACHED.group) this.#notAttached(op.callId);
				else this.#answered(delivery, op.callId, (id) => errorFrame(id, op.error, this.#host.specifier()));
				break;
			case "close":
				delivery.end(); // what was said before is heard before
				this.#host.attachments.forget(op.connectionId, op.reason)?.close(1000, op.reason);
				break;
			case undefined:
				this.#host.counts.unknownOps++;
		}
	}

	#event(delivery: Delivery, op: EventOp): void {
		const { attachments, interest } = this.#host;
		const bit = interest.bitOf(op.name);
		if (op.to === undefined) attachments.noteMissed(op);
		if (!interest.isWanted(bit)) return;
		const frame = eventFrame(op.name, op.args);
		if (op.to !== undefined) {
			for (const connectionId of op.to) {
				const client = attachments.find(connectionId);
				if (client !== undefined) delivery.tell(client, bit, frame);
			}
		} else if (op.except === undefined) delivery.broadcast(bit, frame);
		else {
			const leftOut = new Set(op.except);
			delivery.broadcastExcept(bit, frame, ({ connectionId = "" }) => leftOut.has(connectionId));
		}
	}

	#answered(delivery: Delivery, callId: number, frame: (id: string) => Buffer): void {
		const call = this.#host.forwarding.take(callId);
		if (call === undefined) {
			this.#host.counts.unknownOps++;
			return;
		}
		call.client.openCalls--;
		delivery.answer(call.client, frame(call.id));
	}

	#notAttached(callId: number): void {
		const call = this.#host.forwarding.take(callId);
		if (call !== undefined) this.#host.notAttached(call);
	}
}
