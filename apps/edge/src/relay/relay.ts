import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { ActorName } from "@bullpen/domain/identity";
import { Problem } from "@bullpen/domain/problem";
import { WebSocket, WebSocketServer } from "ws";
import { Addresses } from "../addresses.ts";
import { engineTarget, type GatewayTarget } from "../gateway-target.ts";
import type { Admitted } from "../handshake.ts";
import type { Pace } from "../hearing.ts";
import type { Settings } from "../settings.ts";
import { Client } from "./client.ts";
import { edgeToken, newEdgeSubject } from "./edge-token.ts";
import type { CallBytes } from "./forwarding.ts";
import { type Gauges, metricsText, Tally } from "./tally.ts";
import { Upstream } from "./upstream.ts";
import { WaitingBytes } from "./waiting-bytes.ts";

/** RivetKit's word for a frame that is too large (2.3.19), where ws would say 1009. */
class ClientWebSocket extends WebSocket {
	override close(code?: number, reason?: string | Buffer): void {
		if (code === 1009) super.close(1011, "message.incoming_too_long");
		else super.close(code, reason);
	}
}

/** Actors of one name run in one process of a pool, and die with it. */
const poolOf = (actor: ActorName): string => (actor === "workspace" ? "workspaces" : "rooms");

/** All people's connections of this edge: each ends here, and all to one actor share one connection to it. */
export class Relay {
	readonly #settings: Settings;
	readonly #subject = newEdgeSubject();
	readonly #upstreams = new Map<string, Upstream>();
	readonly #webSockets: WebSocketServer;
	readonly #people: Addresses;
	readonly #callers: Addresses;
	readonly #waiting: WaitingBytes;
	readonly #callBytes: CallBytes = { held: 0 };
	readonly #tally = new Tally();
	readonly #sweep: NodeJS.Timeout;
	#clientCount = 0;

	constructor(settings: Settings) {
		const { limits } = settings;
		this.#settings = settings;
		this.#webSockets = new WebSocketServer({
			noServer: true,
			clientTracking: false,
			perMessageDeflate: false,
			maxPayload: limits.clientFrameBytesMax,
			handleProtocols: () => "rivet",
			WebSocket: ClientWebSocket,
		});
		this.#people = new Addresses(limits.edgeSocketsPerPerson, {
			burst: limits.edgeHandshakeBurstPerPerson,
			perSecond: limits.edgeHandshakesPerSecondPerPerson,
		});
		this.#callers = new Addresses(0, {
			burst: limits.edgeCallBurstPerPerson,
			perSecond: limits.edgeCallsPerSecondPerPerson,
		});
		this.#waiting = new WaitingBytes(limits.edgeWaitingBytesTotalMax);
		this.#sweep = setInterval(() => this.#sweepAll(Date.now()), limits.edgeSweepMs).unref();
	}

	get clients(): number {
		return this.#clientCount;
	}

	get upstreams(): number {
		return this.#upstreams.size;
	}

	/**
	 * Takes over a handshake whose ticket was checked.
	 * @throws Problem `rate_limited` when this person connects too often or has too many connections
	 */
	accept(
		target: GatewayTarget,
		{ userId, ticket }: Admitted,
		handshake: IncomingMessage,
		socket: Socket,
		head: Buffer,
		pace: Pace,
	): void {
		const waitMs = this.#people.start(userId, Date.now());
		if (waitMs > 0) throw new Problem("rate_limited", "You connect too often.", { waitMs });
		if (!this.#people.enter(userId))
			throw new Problem("rate_limited", "You have too many connections open.", { waitMs: 10_000 });
		this.#clientCount++;
		socket.once("close", () => {
			this.#clientCount--;
			this.#people.leave(userId);
		});
		socket.setTimeout(0);
		this.#webSockets.handleUpgrade(handshake, socket, head, (webSocket) => {
			const upstream = this.#upstreamOf(target);
			const { limits } = this.#settings;
			const waiting = this.#waiting;
			const now = Date.now();
			upstream.join(new Client({ socket, webSocket, userId, ticket, pace, limits, waiting, owner: upstream, now }));
		});
	}

	metrics(): string {
		const gauges = new Map<ActorName, Gauges>(ActorName.options.map((actor) => [actor, this.#gaugesOf(actor)]));
		const { bytes: waitingBytes, lagging, dropped: slowConsumers } = this.#waiting;
		return metricsText(this.#tally, gauges, { waitingBytes, lagging, slowConsumers });
	}

	/**
	 * Lets every client go to another edge, or to this one after a restart: calls that came are answered, actors forget the
	 * connections, and the clients are told to connect again.
	 */
	async drain(): Promise<void> {
		const { edgeDrainMs } = this.#settings.limits;
		const startedAt = Date.now();
		for (const upstream of this.#upstreams.values()) upstream.stopHearing();
		while (Date.now() - startedAt < edgeDrainMs / 2 && !this.#isQuiet()) await sleep(Math.min(20, edgeDrainMs / 20));
		await Promise.all([...this.#upstreams.values()].map((upstream) => upstream.release(edgeDrainMs / 4)));
		while (Date.now() - startedAt < edgeDrainMs && this.#clientCount > 0) await sleep(Math.min(20, edgeDrainMs / 20));
		clearInterval(this.#sweep);
		for (const upstream of this.#upstreams.values()) upstream.end();
		this.#upstreams.clear();
	}

	#isQuiet(): boolean {
		for (const upstream of this.#upstreams.values()) if (!upstream.isQuiet) return false;
		return true;
	}

	#upstreamOf({ actor, key }: GatewayTarget): Upstream {
		const name = `${actor}:${key}`;
		const known = this.#upstreams.get(name);
		if (known !== undefined) return known;
		const { limits, engineUrl, edgeKey } = this.#settings;
		const path = engineTarget({ wants: "connect", actor, key });
		const upstream = new Upstream(actor, {
			limits,
			counts: this.#tally.of(actor),
			callBytes: this.#callBytes,
			url: `ws://${engineUrl.host}${path}`,
			token: () => edgeToken({ key: edgeKey, subject: this.#subject, limits, now: Date.now() }, actor, key),
			paceOf: (userId) => this.#callers.start(userId, Date.now()),
			fellSilent: () => this.#checkPool(poolOf(actor), upstream),
			warn: (what) => process.stderr.write(`edge: ${actor} ${key}: ${what}\n`),
		});
		this.#upstreams.set(name, upstream);
		return upstream;
	}

	#checkPool(pool: string, except: Upstream): void {
		for (const upstream of this.#upstreams.values())
			if (upstream !== except && poolOf(upstream.actor) === pool) upstream.check();
	}

	#sweepAll(now: number): void {
		for (const [name, upstream] of this.#upstreams) if (upstream.sweep(now)) this.#upstreams.delete(name);
	}

	#gaugesOf(actor: ActorName): Gauges {
		const gauges = { clients: 0, attached: 0, upstreams: 0, openCalls: 0, waitingCalls: 0, waitingCallBytes: 0 };
		for (const upstream of this.#upstreams.values()) {
			if (upstream.actor !== actor) continue;
			gauges.upstreams++;
			gauges.clients += upstream.clients.size;
			for (const { standing } of upstream.clients) if (standing === "attached") gauges.attached++;
			gauges.openCalls += upstream.openCalls;
			gauges.waitingCalls += upstream.waitingCalls;
			gauges.waitingCallBytes += upstream.waitingCallBytes;
		}
		return gauges;
	}
}
