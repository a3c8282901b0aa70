import type { Limits } from "@bullpen/domain/limits";
import { WebSocket } from "ws";
import { isRecord } from "./client-frame.ts";
import type { ActorSpecifier, Refusal } from "./json-frame.ts";

/** Why a connection to an actor ended: refused in words, closed with a reason, or simply gone. */
export type Ending =
	| { readonly type: "refused"; readonly refusal: Refusal }
	| { readonly type: "closed"; readonly code: number; readonly reason: string }
	| { readonly type: "dead"; readonly why: string };

export interface UpstreamListener {
	opened(actorId: string): void;
	heard(eventName: string, args: readonly unknown[]): void;
	/** Said once, whatever happened; nothing comes after it. */
	ended(ending: Ending): void;
}

/** An action was answered with a refusal. */
export class Refused extends Error {
	override readonly name = "Refused";
	readonly refusal: Refusal;
	readonly actor: ActorSpecifier | undefined;

	constructor(refusal: Refusal, actor: ActorSpecifier | undefined) {
		super(`${refusal.group}/${refusal.code}`);
		this.refusal = refusal;
		this.actor = actor;
	}
}

/** The connection ended before an answer came: the action may have happened. */
class Lost extends Error {
	override readonly name = "Lost";
}

interface RoundTrip {
	readonly startedAt: number;
	resolve(output: unknown): void;
	reject(error: Refused | Lost): void;
}

/** One connection to one actor in RivetKit's JSON encoding (2.3.19): actions and their answers, and what the actor sends. */
export class UpstreamSocket {
	readonly #webSocket: WebSocket;
	readonly #listener: UpstreamListener;
	readonly #roundTrips = new Map<string, RoundTrip>();
	readonly #openBy: NodeJS.Timeout;
	readonly #closeMs: number;
	#refusal: Refusal | undefined;
	#actionCount = 0;
	#heardAt: number;
	#isOpen = false;
	#isEnded = false;

	constructor(url: string, token: string, limits: Limits, listener: UpstreamListener) {
		this.#listener = listener;
		this.#heardAt = Date.now();
		this.#closeMs = limits.edgeCloseMs;
		this.#webSocket = new WebSocket(
			url,
			["rivet", "rivet_encoding.json", `rivet_conn_params.${encodeURIComponent(JSON.stringify({ service: token }))}`],
			{
				perMessageDeflate: false,
				skipUTF8Validation: true,
				maxPayload: limits.edgeUpstreamFrameBytesMax,
			},
		);
		this.#openBy = setTimeout(() => this.end("it did not open in time"), limits.edgeUpstreamOpenMs);
		this.#webSocket.on("message", (data) => this.#read(data));
		this.#webSocket.on("error", () => {}); // the close that follows says it
		this.#webSocket.on("close", (code, reason) => this.#closed(code, reason.toString("utf8")));
	}

	get isOpen(): boolean {
		return this.#isOpen && !this.#isEnded;
	}

	/**
	 * In milliseconds: how long the oldest action has waited for its answer, how long the actor has said nothing at all
	 * while it owed one, and how long it has said nothing.
	 */
	silence(now: number): { readonly oldestMs: number; readonly owedMs: number; readonly quietMs: number } {
		const [oldest] = this.#roundTrips.values();
		const quietMs = now - this.#heardAt;
		const oldestMs = oldest === undefined ? 0 : now - oldest.startedAt;
		return { oldestMs, owedMs: Math.min(oldestMs, quietMs), quietMs };
	}

	/** Calls an action with these arguments, JSON text of a list. Rejects with `Refused` or `Lost`. */
	call(name: string, args: string): Promise<unknown> {
		return new Promise((resolve, reject) => {
			if (!this.isOpen) {
				reject(new Lost("not connected"));
				return;
			}
			const id = String(++this.#actionCount);
			this.#roundTrips.set(id, { startedAt: Date.now(), resolve, reject });
			this.#webSocket.send(
				`{"body":{"tag":"ActionRequest","val":{"id":["$BigInt","${id}"],"name":"${name}","args":${args}}}}`,
			);
		});
	}

	/** Closes; when it is given up as dead, the other side is not waited for. */
	end(why?: string): void {
		if (this.#isEnded) return;
		if (why === undefined) {
			this.#webSocket.close(1000);
			setTimeout(() => this.#webSocket.terminate(), this.#closeMs).unref();
		} else this.#webSocket.terminate();
		this.#finish({ type: "dead", why: why ?? "not needed any more" });
	}

	#read(data: WebSocket.RawData): void {
		if (this.#isEnded || !Buffer.isBuffer(data)) return;
		this.#heardAt = Date.now();
		const frame = parse(data);
		const body = isRecord(frame) ? frame.body : undefined;
		const isUnderstood = isRecord(body) && isRecord(body.val) && this.#understand(body.tag, body.val);
		if (!isUnderstood) this.end("it said what this edge does not understand");
	}

	#understand(tag: unknown, val: Record<string, unknown>): boolean {
		switch (tag) {
			case "Event":
				if (typeof val.name !== "string" || !Array.isArray(val.args)) return false;
				this.#listener.heard(val.name, val.args);
				return true;
			case "ActionResponse":
				this.#take(val.id)?.resolve(val.output);
				return true;
			case "Error":
				this.#refused(val);
				return true;
			case "Init":
				if (typeof val.actorId !== "string") return false;
				this.#opened(val.actorId);
				return true;
			default:
				return false;
		}
	}

	#opened(actorId: string): void {
		clearTimeout(this.#openBy);
		this.#isOpen = true;
		this.#listener.opened(actorId);
	}

	#refused(val: Record<string, unknown>): void {
		const refusal = readRefusal(val);
		if (val.actionId === null || val.actionId === undefined) this.#refusal = refusal;
		else this.#take(val.actionId)?.reject(new Refused(refusal, readActor(val.actor)));
	}

	#take(id: unknown): RoundTrip | undefined {
		const number = Array.isArray(id) && id[0] === "$BigInt" ? String(id[1]) : String(id);
		const roundTrip = this.#roundTrips.get(number);
		this.#roundTrips.delete(number);
		return roundTrip;
	}

	#closed(code: number, reason: string): void {
		this.#finish(
			this.#refusal ? { type: "refused", refusal: this.#refusal } : { type: "closed", code, reason: reason },
		);
	}

	#finish(ending: Ending): void {
		if (this.#isEnded) return;
		this.#isEnded = true;
		clearTimeout(this.#openBy);
		for (const roundTrip of this.#roundTrips.values()) roundTrip.reject(new Lost("the connection ended"));
		this.#roundTrips.clear();
		this.#listener.ended(ending);
	}
}

export function readRefusal({ group, code, message, metadata }: Record<string, unknown>): Refusal {
	return { group: String(group), code: String(code), message: String(message), metadata };
}

function readActor(value: unknown): ActorSpecifier | undefined {
	if (!isRecord(value)) return undefined;
	const { actorId, generation, key } = value;
	const isWhole = typeof actorId === "string" && typeof generation === "number" && typeof key === "string";
	return isWhole ? { actorId, generation, key } : undefined;
}

function parse(data: Buffer): unknown {
	try {
		return JSON.parse(data.toString("utf8"));
	} catch {
		return undefined; // no frame of RivetKit's
	}
}
