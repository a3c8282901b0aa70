import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { LIMITS, type Limits } from "@bullpen/domain/limits";
import { startTestEngine, type TestEngine } from "@bullpen/engine/test";
import { actor, event, setup } from "rivetkit";
import { createClient } from "rivetkit/client";
import { type Door, openDoor } from "../src/door.ts";
import { EDGE_KEYS, KEYS } from "./tickets.ts";

/** Actors of our names (and one of another) that tell what reached them. */
const witness = actor({
	createConnState: (_c, params: unknown): { params: unknown } => ({ params }),
	events: { newMessage: event<{ text: string }>() },
	actions: {
		getHistory: (c): { params: unknown } => ({ params: c.conn?.state.params }),
		getInbox: (c): { params: unknown } => ({ params: c.conn?.state.params }),
		getSessionInfo: (c): { params: unknown } => ({ params: c.conn?.state.params }),
		list: (c): { params: unknown } => ({ params: c.conn?.state.params }),
		sendMessage: (c, input: { text: string }): { text: string } => {
			c.broadcast("newMessage", { text: input.text });
			return { text: input.text };
		},
		init: (): string => "initialised",
	},
	onRequest: () => new Response("a raw request"),
	onWebSocket: (_c, socket) => socket.send("a raw socket"),
});
const WITNESSES = { chatRoom: witness, userInbox: witness, workspace: witness, directory: witness, secret: witness };
const registryOn = (engine: TestEngine) =>
	setup({
		use: WITNESSES,
		endpoint: engine.endpoint,
		token: engine.token,
		maxIncomingMessageSize: LIMITS.clientFrameBytesMax,
		startServices: false,
		noWelcome: true,
	});
export type WitnessRegistry = ReturnType<typeof registryOn>;

export interface Stage {
	readonly engine: TestEngine;
	/** The id of chatRoom["general"] in the engine. */
	readonly roomId: string;
	/** Every byte that the door sends to the engine goes through here. */
	readonly spy: Spy;
	readonly door: Door;
	readonly publicUrl: URL;
	stop(): Promise<void>;
}

/** A real engine with actors of our names, a web that says so, and the door in front of both. */
export async function startStage(limits: Partial<Limits> = {}): Promise<Stage> {
	const engine = await startTestEngine();
	const registry = registryOn(engine);
	await registry.startAndWait();
	const trusted = createClient<WitnessRegistry>({ endpoint: engine.endpoint, token: engine.token });
	const roomId = await trusted.chatRoom.getOrCreate(["general"]).resolve();
	for (const other of [trusted.userInbox, trusted.workspace, trusted.directory, trusted.secret])
		await other.getOrCreate(["general"]).resolve();
	await trusted.dispose();

	const spy = await Spy.before(engine.ports.guard);
	const { door, publicUrl, stop } = await startDoor(spy.port, limits);
	return {
		engine,
		roomId,
		spy,
		door,
		publicUrl,
		async stop() {
			await stop();
			await spy.close();
			await registry.shutdown();
			await engine.stop();
		},
	};
}

/** The door before any engine, with a web that answers everything by saying that it did, or with 401 what it shall not read. */
export async function startDoor(
	enginePort: number,
	limits: Partial<Limits> = {},
	isDevelopment = false,
	mode: "relay" | "tunnel" = "tunnel",
): Promise<{ door: Door; publicUrl: URL; webBodies: number[]; stop(): Promise<void> }> {
	const webBodies: number[] = [];
	const web = createHttpServer(async (request, response) => {
		if (request.headers["x-unread"] !== undefined) return void response.writeHead(401).end();
		const chunks = await request.toArray().catch(() => undefined); // the door broke it off
		if (!chunks) return;
		if (chunks.length > 0) webBodies.push(Buffer.concat(chunks).length);
		response.setHeader("x-answered-by", "web");
		response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers }));
	});
	web.on("upgrade", (_request, socket) => socket.end("HTTP/1.1 101 Switching Protocols\r\nx-answered-by: web\r\n\r\n"));
	const webPort = await listen(web);
	const publicUrl = new URL(`http://127.0.0.1:${await freePort()}`);
	const door = await openDoor({
		host: "127.0.0.1",
		port: Number(publicUrl.port),
		publicUrl,
		webUrl: new URL(`http://127.0.0.1:${webPort}`),
		engineUrl: new URL(`http://127.0.0.1:${enginePort}`),
		ticketKey: KEYS.publicKey,
		edgeKey: EDGE_KEYS.privateKey,
		mode,
		metricsPort: mode === "relay" ? 0 : undefined,
		isDevelopment,
		trustedProxies: new Set(),
		limits: { ...LIMITS, edgeDrainMs: 500, ...limits },
	});
	const stop = async (): Promise<void> => {
		await door.drain();
		web.closeAllConnections();
		await new Promise((done) => web.close(done));
	};
	return { door, publicUrl, webBodies, stop };
}

/** A wire to the engine that counts who comes and keeps what they say first. */
class Spy {
	readonly #server: Server;
	readonly #sockets = new Set<Socket>();
	readonly heads: string[] = [];
	readonly port: number;

	private constructor(server: Server, port: number) {
		this.#server = server;
		this.port = port;
	}

	static async before(enginePort: number): Promise<Spy> {
		const server = createServer();
		const spy = new Spy(server, await listen(server));
		server.on("connection", (here) => {
			const there = connect(enginePort, "127.0.0.1");
			const at = spy.heads.push("") - 1;
			here.on("data", (chunk) => {
				spy.heads[at] += chunk.toString("latin1");
			});
			for (const [from, to] of [
				[here, there],
				[there, here],
			] as const) {
				spy.#sockets.add(from);
				from.setNoDelay(true);
				from.on("error", () => from.destroy());
				from.on("close", () => {
					spy.#sockets.delete(from);
					to.destroy();
				});
				from.pipe(to);
			}
		});
		return spy;
	}

	get bytes(): number {
		return this.heads.reduce((sum, head) => sum + head.length, 0);
	}

	get open(): number {
		return this.#sockets.size;
	}

	async close(): Promise<void> {
		for (const socket of this.#sockets) socket.destroy();
		await new Promise((done) => this.#server.close(done));
	}
}

export function listen(server: Server): Promise<number> {
	return new Promise((resolve) => {
		server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
	});
}

async function freePort(): Promise<number> {
	const server = createServer();
	const port = await listen(server);
	await new Promise((done) => server.close(done));
	return port;
}
