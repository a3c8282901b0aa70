import { once } from "node:events";
import { WIRE } from "@bullpen/domain/wire";
import { WebSocket } from "ws";
import type { RoomLink } from "./seat.ts";

const { sendMessage, getRoom, getHash, getHistory, changesSince } = WIRE.chatRoom.actions;
type Batch = Parameters<Parameters<RoomLink["on"]>[1]>[0];

/**
 * A connection to a room that speaks RivetKit's JSON frames itself (rivetkit 2.3.19). A thousand stock clients take more of
 * the machine than the server under test; this one costs about what the hand-rolled servers' clients cost.
 */
export class RawRoom implements RoomLink {
	readonly #socket: WebSocket;
	readonly #calls = new Map<number, PromiseWithResolvers<unknown>>();
	readonly #told: ((batch: Batch) => void)[] = [];
	readonly #ready = Promise.withResolvers<void>();
	readonly #ended = Promise.withResolvers<string>();
	#count = 0;

	constructor(endpoint: string, room: string, ticket: { readonly ticket: string }) {
		const query = new URLSearchParams({ "rvt-namespace": "default", "rvt-method": "get", "rvt-key": room });
		const url = `${endpoint.replace(/^http/, "ws")}/gateway/chatRoom/connect?${query}`;
		const params = `rivet_conn_params.${encodeURIComponent(JSON.stringify(ticket))}`;
		this.#socket = new WebSocket(url, ["rivet", "rivet_encoding.json", params], { perMessageDeflate: false });
		this.#socket.on("message", (data) => this.#take(JSON.parse(String(data)).body));
		this.#socket.on("error", (error) => this.#end(error));
		this.#socket.on("close", (code, reason) => {
			this.#end(new Error(`closed: ${code} ${reason}`));
			this.#ended.resolve(`${code} ${reason}`);
		});
		this.#ready.promise.catch(() => undefined); // told to whoever waits for it, and by every call
	}

	/** Resolves once actions may be called. */
	get ready(): Promise<void> {
		return this.#ready.promise;
	}

	/** Resolves with the reason when the connection is over. */
	get ended(): Promise<string> {
		return this.#ended.promise;
	}

	get isOpen(): boolean {
		return this.#socket.readyState === WebSocket.OPEN;
	}

	/** Takes nothing more from the network until `resume`: a client that is slow. */
	pause(): void {
		this.#socket.pause();
	}

	resume(): void {
		this.#socket.resume();
	}

	async join(): Promise<unknown> {
		return await this.#call("join", {});
	}

	async sendMessage(input: Parameters<RoomLink["sendMessage"]>[0]): ReturnType<RoomLink["sendMessage"]> {
		return sendMessage.output.parse(await this.#call("sendMessage", input));
	}

	async getRoom(): ReturnType<RoomLink["getRoom"]> {
		return getRoom.output.parse(await this.#call("getRoom", {}));
	}

	async getHash(): ReturnType<RoomLink["getHash"]> {
		return getHash.output.parse(await this.#call("getHash", {}));
	}

	async getHistory(input: Parameters<RoomLink["getHistory"]>[0]): ReturnType<RoomLink["getHistory"]> {
		return getHistory.output.parse(await this.#call("getHistory", input ?? {}));
	}

	async changesSince(input: Parameters<RoomLink["changesSince"]>[0]): ReturnType<RoomLink["changesSince"]> {
		return changesSince.output.parse(await this.#call("changesSince", input));
	}

	on(event: "roomChanged", told: (batch: Batch) => void): void {
		this.#told.push(told);
		this.#say("SubscriptionRequest", { eventName: event, subscribe: true });
	}

	async dispose(): Promise<void> {
		if (this.#socket.readyState === WebSocket.CLOSED) return;
		this.#socket.resume(); // a paused one would never hear that it has closed
		this.#socket.close();
		await once(this.#socket, "close");
	}

	#call(name: string, argument: object): Promise<unknown> {
		const id = ++this.#count;
		const call = Promise.withResolvers<unknown>();
		this.#calls.set(id, call);
		if (this.isOpen) this.#say("ActionRequest", { id: ["$BigInt", String(id)], name, args: [argument] });
		else call.reject(new Error("not connected"));
		return call.promise;
	}

	#say(tag: string, val: object): void {
		this.#socket.send(JSON.stringify({ body: { tag, val } }));
	}

	#take({ tag, val }: Frame["body"]): void {
		switch (tag) {
			case "Init":
				this.#ready.resolve();
				break;
			case "Event":
				if (val.name === "roomChanged") for (const told of this.#told) told(val.args[0]);
				break;
			case "ActionResponse":
				this.#settle(val.id)?.resolve(val.output);
				break;
			case "Error": {
				const refusal = new Error(`${val.group}.${val.code}: ${val.message}`);
				if (val.actionId === null) this.#end(refusal);
				else this.#settle(val.actionId)?.reject(refusal);
				break;
			}
		}
	}

	/** Each call is answered once. */
	#settle([, id]: Id): PromiseWithResolvers<unknown> | undefined {
		const call = this.#calls.get(Number(id));
		this.#calls.delete(Number(id));
		return call;
	}

	#end(error: Error): void {
		this.#ready.reject(error);
		for (const call of this.#calls.values()) call.reject(error);
		this.#calls.clear();
	}
}

type Id = readonly ["$BigInt", string];
/** What the server says, as far as it is listened to. */
interface Frame {
	readonly body:
		| { readonly tag: "Init"; readonly val: object }
		| { readonly tag: "Event"; readonly val: { readonly name: string; readonly args: readonly [Batch] } }
		| { readonly tag: "ActionResponse"; readonly val: { readonly id: Id; readonly output: unknown } }
		| { readonly tag: "Error"; readonly val: Refusal };
}
interface Refusal {
	readonly actionId: Id | null;
	readonly group: string;
	readonly code: string;
	readonly message: string;
}
