import { randomBytes } from "node:crypto";
import type { Limits } from "@bullpen/domain/limits";
import { RELAYED, type RelayedFrame, type RelayedOp, type RelayedRefusal } from "@bullpen/domain/relay";
import type { Connection, Frame } from "../frame.ts";
import { jsonText } from "./json-text.ts";
import type { RelayedConnection } from "./relayed-connection.ts";

type FrameLimits = Pick<Limits, "relayFrameBytesMax" | "clientFrameBytesMax">;

/** What an event costs the engine and the edge for one relayed listener, in deliveries to a direct one. */
const DELIVERIES_PER_LISTENER = 0.15;
const ANNOUNCE_MS = [20, 200, 2_000];

/**
 * One edge's connection, as long as this process and that connection last: who is attached by it, and everything they are
 * told, in numbered frames. What is told in one turn of the event loop shares a frame.
 */
export class Link {
	readonly id = randomBytes(16).toString("hex");
	/** The edge instance (`edge:…`). */
	readonly edge: string;
	readonly attached = new Map<string, RelayedConnection>();
	readonly #connection: Connection;
	readonly #limits: FrameLimits;
	readonly #log: Frame<unknown>["log"];
	/** Undefined until the edge says what it listens to: then everything is sent. */
	#events: ReadonlySet<string> | undefined;
	#isOpen = true;
	#sent = 0;
	/** Each as JSON text. */
	#ops: string[] = [];
	#bytes = 0;

	constructor(
		connection: Connection,
		edge: string,
		options: { readonly limits: FrameLimits; readonly log: Frame<unknown>["log"] },
	) {
		this.#connection = connection;
		this.#limits = options.limits;
		this.#log = options.log;
		this.edge = edge;
	}

	get isOpen(): boolean {
		return this.#isOpen;
	}

	/**
	 * Begins the link on a connection that outlived a process. RivetKit 2.3.19 loses what is sent on it while the actor wakes
	 * and some milliseconds longer: one of these arrives.
	 */
	announce(): void {
		for (const waitMs of ANNOUNCE_MS) setTimeout(() => this.flush(), waitMs).unref();
	}

	listen(events: readonly string[]): void {
		this.#events = new Set(events);
	}

	wants(event: string): boolean {
		return this.attached.size > 0 && (this.#events?.has(event) ?? true);
	}

	/** What an event to everybody here counts as, in deliveries to a direct connection. */
	get deliveries(): number {
		return this.attached.size === 0 ? 0 : 1 + this.attached.size * DELIVERIES_PER_LISTENER;
	}

	/** To everybody attached here but these connections, once. */
	tell(event: string, payload: unknown, excluded: ReadonlySet<string>): void {
		if (!this.wants(event)) return;
		const except = [...excluded].filter((id) => this.attached.has(id));
		if (except.length === this.attached.size) return;
		const op = { type: "event" as const, name: event, args: [payload] };
		if (except.length === 0) this.push(op);
		else if (except.length * 2 <= this.attached.size) this.push({ ...op, except });
		else this.push({ ...op, to: [...this.attached.keys()].filter((id) => !excluded.has(id)) });
	}

	push(op: RelayedOp): void {
		if (!this.#isOpen) return;
		const text = jsonText(op);
		// RivetKit closes a connection rather than send such a frame, and this one is everybody's.
		if (Buffer.byteLength(text) > this.#limits.clientFrameBytesMax) {
			this.#refuseToSend(op);
			return;
		}
		const bytes = bytesWithin(text);
		if (this.#ops.length > 0 && this.#bytes + bytes > this.#limits.relayFrameBytesMax) this.flush();
		// From within a promise's continuation this runs after all others that are due: theirs share the frame.
		if (this.#ops.length === 0) process.nextTick(() => this.#ops.length > 0 && this.flush());
		this.#ops.push(text);
		this.#bytes += bytes;
	}

	/** Sends what waits, be it nothing. */
	flush(): void {
		const ops = `[${this.#ops.join(",")}]`;
		this.#ops = [];
		this.#bytes = 0;
		if (!this.#isOpen) return;
		this.#sent += 1;
		try {
			this.#connection.send(RELAYED, { link: this.id, n: this.#sent, ops } satisfies RelayedFrame);
		} catch (error) {
			this.#log.warn({ msg: "a frame did not reach its edge", error: String(error) }); // which sees the gap
		}
	}

	/** The edge's connection is gone, or the actor goes to sleep. */
	close(): void {
		this.#isOpen = false;
		this.#ops = [];
		this.attached.clear();
	}

	#refuseToSend(op: RelayedOp): void {
		this.#log.error({ msg: "too much for one frame", type: op.type });
		if (op.type === "answer") this.push({ type: "error", callId: op.callId, error: TOO_LONG });
	}
}

/** What this text takes as a text in the JSON of its frame, where each of these signs takes one more. */
function bytesWithin(text: string): number {
	let bytes = Buffer.byteLength(text) + 1;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code === QUOTE || code === BACKSLASH) bytes += 1;
	}
	return bytes;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** What RivetKit 2.3.19 answers when an answer is too long. */
const TOO_LONG: RelayedRefusal = {
	group: "message",
	code: "outgoing_too_long",
	message: "Outgoing message too long",
};
