import type { ActorName } from "@bullpen/domain/identity";
import { AttachOutput, RelayedFrame, RelayedOp, type RelayedRefusal } from "@bullpen/domain/relay";
import { z } from "zod";
import type { House } from "./harness.ts";
import type { Who } from "./room-client.ts";

const Told = z.object({
	body: z.discriminatedUnion("tag", [
		z.object({ tag: z.literal("Init"), val: z.object({ actorId: z.string(), connectionId: z.string() }) }),
		z.object({ tag: z.literal("ActionResponse"), val: z.object({ id: z.unknown(), output: z.unknown() }) }),
		z.object({
			tag: z.literal("Error"),
			val: z.object({
				actionId: z.unknown(),
				group: z.string(),
				code: z.string(),
				message: z.string(),
				metadata: z.unknown(),
			}),
		}),
		z.object({ tag: z.literal("Event"), val: z.object({ name: z.string(), args: z.array(z.unknown()) }) }),
	]),
});
type Told = z.infer<typeof Told>["body"];

interface Waiting {
	resolve(output: unknown): void;
	reject(error: unknown): void;
}

/** An edge's one connection to an actor, as raw as it is: what it says, and every frame it hears. */
export class EdgeLink {
	readonly frames: (Omit<RelayedFrame, "ops"> & { readonly ops: readonly RelayedOp[] })[] = [];
	readonly #socket: WebSocket;
	readonly #calls = new Map<number, Waiting>();
	readonly #forwarded = new Map<number, Waiting>();
	readonly #onFrame = new Set<() => void>();
	#lastId = 0;
	/** When the calls of the last frame were. */
	started: Promise<unknown> = Promise.resolve();
	/** When the socket closed. */
	readonly closed: Promise<void>;

	private constructor(socket: WebSocket) {
		this.#socket = socket;
		this.closed = new Promise((resolve) => {
			socket.addEventListener("close", () => {
				this.#failAll(new Error("the connection closed"));
				resolve();
			});
		});
		socket.addEventListener("message", ({ data }) => this.#hear(Told.parse(JSON.parse(String(data))).body));
	}

	static async open(
		house: House,
		actor: ActorName,
		key: string,
		params: unknown = house.service(actor, key, "edge:one", "edge"),
	): Promise<EdgeLink> {
		const query = new URLSearchParams({ "rvt-namespace": "default", "rvt-method": "get", "rvt-key": key });
		const url = `${house.engine.endpoint.replace("http", "ws")}/gateway/${actor}/connect?${query}`;
		const socket = new WebSocket(url, [
			"rivet",
			"rivet_encoding.json",
			`rivet_conn_params.${encodeURIComponent(JSON.stringify(params))}`,
		]);
		const link = new EdgeLink(socket);
		await new Promise<void>((resolve, reject) => {
			socket.addEventListener("message", () => resolve(), { once: true });
			socket.addEventListener("close", () => reject(new Error("it did not open")), { once: true });
		});
		return link;
	}

	/** What happened on the newest link, in order. */
	get ops(): RelayedOp[] {
		const link = this.frames.at(-1)?.link;
		return this.frames.filter((frame) => frame.link === link).flatMap(({ ops }) => ops);
	}

	events(name: string): Extract<RelayedOp, { type: "event" }>[] {
		return this.ops.flatMap((op) => (op.type === "event" && op.name === name ? [op] : []));
	}

	closes(): string[] {
		return this.ops.flatMap((op) => (op.type === "close" ? [op.connectionId] : []));
	}

	/** What somebody attached here hears of an event. */
	heardBy(connectionId: string, name: string): unknown[] {
		return this.events(name)
			.filter(({ to, except }) => (to?.includes(connectionId) ?? true) && !except?.includes(connectionId))
			.map(({ args }) => args[0]);
	}

	call(name: string, input: unknown): Promise<unknown> {
		return new Promise((resolve, reject) => {
			const id = ++this.#lastId;
			this.#calls.set(id, { resolve, reject });
			this.#socket.send(JSON.stringify({ body: { tag: "ActionRequest", val: { id, name, args: [input] } } }));
		});
	}

	async attach(people: ({ ticket: string } | { connectionId: string })[]): Promise<AttachOutput> {
		return AttachOutput.parse(await this.call("attach", { people }));
	}

	/** Attaches one person, or throws their refusal. */
	async attachOne(person: { ticket: string } | { connectionId: string }): Promise<string> {
		const [answer] = (await this.attach([person])).people;
		if (answer === undefined || "refusal" in answer) throw Object.assign(new Error("refused"), answer?.refusal);
		return answer.connectionId;
	}

	/** One frame of calls; each answer as it comes. */
	forward(calls: [connectionId: string, name: string, ...args: unknown[]][]): Promise<unknown>[] {
		return this.forwardAs(calls.map(([connectionId, name, ...args]) => ({ connectionId, name, args })));
	}

	forwardAs(calls: { connectionId: string; name: string; args: unknown }[]): Promise<unknown>[] {
		const numbered = calls.map((call) => ({ ...call, callId: ++this.#lastId }));
		const answers = numbered.map(
			({ callId }) => new Promise((resolve, reject) => this.#forwarded.set(callId, { resolve, reject })),
		);
		this.started = this.call("forward", { calls: numbered });
		this.started.catch((error: unknown) => {
			for (const { callId } of numbered) this.#settle(this.#forwarded, callId)?.reject(error);
		});
		return answers;
	}

	one(connectionId: string, name: string, ...args: unknown[]): Promise<unknown> {
		const [answer] = this.forward([[connectionId, name, ...args]]);
		return answer ?? Promise.reject(new Error("no answer"));
	}

	close(): void {
		this.#socket.close();
	}

	/** Resolves when `isSo` after a frame, or at once. */
	until(isSo: () => boolean): Promise<void> {
		if (isSo()) return Promise.resolve();
		return new Promise((resolve) => {
			const look = (): void => {
				if (!isSo()) return;
				this.#onFrame.delete(look);
				resolve();
			};
			this.#onFrame.add(look);
		});
	}

	#hear(told: Told): void {
		if (told.tag === "ActionResponse") this.#settle(this.#calls, told.val.id)?.resolve(told.val.output);
		else if (told.tag === "Error") this.#settle(this.#calls, told.val.actionId)?.reject(errorOf(told.val));
		else if (told.tag === "Event" && told.val.name === "relayed") {
			const frame = RelayedFrame.parse(told.val.args[0]);
			const ops = z.array(RelayedOp).parse(JSON.parse(frame.ops));
			this.frames.push({ ...frame, ops });
			for (const op of ops) {
				if (op.type === "answer") this.#settle(this.#forwarded, op.callId)?.resolve(op.output);
				if (op.type === "error") this.#settle(this.#forwarded, op.callId)?.reject(errorOf(op.error));
			}
			for (const look of [...this.#onFrame]) look();
		}
	}

	/** RivetKit writes ids as `["$BigInt", "7"]`. */
	#settle(calls: Map<number, Waiting>, rawId: unknown): Waiting | undefined {
		const id = Number(Array.isArray(rawId) ? rawId[1] : rawId);
		const waiting = calls.get(id);
		calls.delete(id);
		return waiting;
	}

	#failAll(error: Error): void {
		for (const { reject } of [...this.#calls.values(), ...this.#forwarded.values()]) reject(error);
		this.#calls.clear();
		this.#forwarded.clear();
	}
}

const errorOf = (refusal: RelayedRefusal): Error => Object.assign(new Error(refusal.message), refusal);

/** The connections of edges, closed together. */
export class Edges {
	readonly #house: House;
	readonly #open: EdgeLink[] = [];

	constructor(house: House) {
		this.#house = house;
	}

	async open(actor: ActorName, key: string, instance = "edge:one"): Promise<EdgeLink> {
		const link = await EdgeLink.open(this.#house, actor, key, this.#house.service(actor, key, instance, "edge"));
		this.#open.push(link);
		return link;
	}

	attach(link: EdgeLink, actor: ActorName, key: string, who: Who): Promise<string> {
		return link.attachOne(this.#house.ticket(actor, key, who));
	}

	async close(): Promise<void> {
		for (const link of this.#open) link.close();
		await Promise.all(this.#open.splice(0).map(({ closed }) => closed));
	}
}
