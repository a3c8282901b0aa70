import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { ServiceClaims } from "@bullpen/domain/identity";
import type { Limits } from "@bullpen/domain/limits";
import { AttachInput, DetachInput, ForwardInput, ListenInput, type RelayedOp } from "@bullpen/domain/relay";
import { onTestFinished, vi } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { RawClient } from "./conformance/raw-client.ts";
import { CONNECT, offerOf } from "./raw.ts";
import { listen, startDoor } from "./stage.ts";
import { claimsFor, signed } from "./tickets.ts";

/** A call as it was forwarded. */
export type Forwarded = ForwardInput["calls"][number];
type Event = Omit<Extract<RelayedOp, { type: "event" }>, "type">;

/** One connection of an edge to the fake actor. */
export class FakeLink {
	readonly id = randomBytes(8).toString("hex");
	readonly subject: string;
	readonly actor: FakeActor;
	readonly socket: WebSocket;
	/** Actions in the order they came, refused ones included. */
	readonly asked: string[] = [];
	readonly attached = new Set<string>();
	events: readonly string[] | undefined;
	link = this.id;
	n = 0;
	/** Says nothing any more, but stays open: what a killed process looks like. */
	isMute = false;
	/** Actions that are not answered. */
	readonly withheld = new Set<string>();

	constructor(actor: FakeActor, socket: WebSocket, subject: string) {
		this.actor = actor;
		this.socket = socket;
		this.subject = subject;
		socket.on("message", (data) => this.#asked(JSON.parse(String(data)).body.val));
		this.#send("Init", { actorId: "fake", connectionId: this.id });
	}

	/** One frame with these ops. */
	push(...ops: RelayedOp[]): void {
		this.n++;
		this.#send("Event", { name: "relayed", args: [{ link: this.link, n: this.n, ops: JSON.stringify(ops) }] });
	}

	say(event: Event): void {
		this.push({ type: "event", ...event });
	}

	answer({ callId, name, args }: Forwarded): void {
		this.push({ type: "answer", callId, output: { name, args } });
	}

	#asked({ id, name, args }: { id: unknown; name: string; args: unknown[] }): void {
		if (this.isMute) return;
		this.asked.push(name);
		const output = this.#perform(name, args[0]);
		if (this.withheld.has(name)) return;
		if (output === undefined) {
			const actor = { actorId: "fake", generation: 3, key: "general" };
			this.#send("Error", { actionId: id, actor, group: "user", code: "bad_input", message: "no", metadata: {} });
		} else this.#send("ActionResponse", { id, output });
	}

	#perform(name: string, input: unknown): unknown {
		switch (name) {
			case "attach":
				return this.#attach(AttachInput.parse(input));
			case "detach": {
				const parsed = DetachInput.safeParse(input);
				if (!parsed.success) return undefined;
				for (const id of parsed.data.connectionIds) this.actor.detached.push(id);
				for (const id of parsed.data.connectionIds) this.attached.delete(id);
				return { ok: true };
			}
			case "forward": {
				const { calls } = ForwardInput.parse(input);
				this.actor.batches.push(calls);
				for (const call of calls) this.actor.onCall(this, call);
				return { ok: true };
			}
			case "listen":
				this.events = ListenInput.parse(input).events;
				return { ok: true };
			default:
				return undefined;
		}
	}

	#attach({ people }: { people: ({ ticket: string } | { connectionId: string })[] }): unknown {
		this.actor.attaches.push(people.length);
		const answers = people.map((one) => {
			const connectionId = "connectionId" in one ? one.connectionId : randomBytes(20).toString("hex");
			const isBack = "connectionId" in one;
			if (this.actor.refused.has(connectionId)) return { refusal: NOT_HERE };
			if (isBack && this.actor.leases.get(connectionId) !== this.subject) return { refusal: NOT_HERE };
			this.actor.leases.set(connectionId, this.subject);
			this.attached.add(connectionId);
			const told = isBack && { told: { name: "roomChanged", args: [{ head: true }] } };
			return { connectionId, leaseEndsAt: Date.now() + 60_000, ...told };
		});
		this.actor.onAttach(this);
		return { link: this.link, people: answers };
	}

	#send(tag: string, val: unknown): void {
		if (!this.isMute) this.socket.send(JSON.stringify({ body: { tag, val } }));
	}
}

const NOT_HERE = { group: "relay", code: "not_attached", message: "This connection is not attached here." };

/**
 * A fake engine with one actor, chatRoom["general"], that answers the actions of edges as a real one does and everything
 * else as the test says: for what an edge makes of a counterpart that dies, stalls, forgets or loses frames.
 */
export class FakeActor {
	readonly links: FakeLink[] = [];
	readonly leases = new Map<string, string>();
	readonly refused = new Set<string>();
	readonly detached: string[] = [];
	readonly attaches: number[] = [];
	/** Calls by the frame they came in. */
	readonly batches: Forwarded[][] = [];
	onCall: (link: FakeLink, call: Forwarded) => void = (link, call) => link.answer(call);
	onAttach: (link: FakeLink) => void = () => {};
	/** Closes whoever connects, with this. */
	closeWith: { code: number; reason: string } | undefined;
	handshakes = 0;
	/** Takes connections and never says `Init`. */
	isStuck = false;

	get link(): FakeLink {
		const link = this.links.at(-1);
		if (link === undefined) throw new Error("no edge has connected");
		return link;
	}

	get calls(): Forwarded[] {
		return this.batches.flat();
	}

	accept(socket: WebSocket, subject: string): void {
		if (this.closeWith) socket.close(this.closeWith.code, this.closeWith.reason);
		else if (!this.isStuck) this.links.push(new FakeLink(this, socket, subject));
	}
}

/** A door in relay mode before a fake actor. */
export async function startRelayAlone(limits: Partial<Limits> = {}) {
	const actor = new FakeActor();
	const engine = createServer();
	const server = new WebSocketServer({ noServer: true, handleProtocols: () => "rivet", maxPayload: 2 * 1024 * 1024 });
	engine.on("upgrade", (request, socket, head) => {
		actor.handshakes++;
		const protocols = request.headers["sec-websocket-protocol"] ?? "";
		const params = JSON.parse(decodeURIComponent(protocols.split("rivet_conn_params.")[1] ?? ""));
		const claims = ServiceClaims.parse(JSON.parse(atobUrl(params.service.split(".")[1])));
		server.handleUpgrade(request, socket, head, (webSocket) => {
			webSocket.on("error", () => {}); // ends like any other
			actor.accept(webSocket, claims.sub);
		});
	});
	const fast = { edgeSweepMs: 20, edgeUpstreamRetryMs: 10, edgeUpstreamRetryMaxMs: 50, edgeDrainMs: 400 };
	const started = await startDoor(await listen(engine), { ...fast, ...limits }, false, "relay");
	onTestFinished(async () => {
		await started.stop();
		for (const client of server.clients) client.terminate();
		engine.closeAllConnections();
		await new Promise((done) => engine.close(done));
	});
	let people = 0;
	const connect = (userId = `u-${++people}`): RawClient => {
		const ticket = signed({ ...claimsFor("chatRoom", "general"), sub: userId });
		const client = new RawClient(`ws://127.0.0.1:${started.door.port}${CONNECT}`, offerOf(ticket).split(", "));
		onTestFinished(() => client.close());
		return client;
	};
	/** A client that was let in. */
	const enter = async (userId?: string): Promise<RawClient> => {
		const client = connect(userId);
		await client.init();
		return client;
	};
	const metric = async (name: string): Promise<number> => {
		const text = await (await fetch(`http://127.0.0.1:${started.door.metricsPort}/metrics`)).text();
		const line = text.split("\n").find((one) => one.startsWith(`bullpen_edge_${name} `));
		return Number(line?.split(" ").at(-1));
	};
	return { ...started, port: started.door.port, actor, connect, enter, metric };
}

/** Subscribes, and waits until the actor heard of it. */
export async function subscribe(actor: FakeActor, client: RawClient, event: string): Promise<void> {
	client.subscribe(event);
	await client.settle();
	await vi.waitFor(() => {
		if (!actor.link.events?.includes(event)) throw new Error(`the actor does not know that ${event} is wanted`);
	});
}

const atobUrl = (text: string): string => Buffer.from(text, "base64url").toString("utf8");
