import { Agent, createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Problem } from "@bullpen/domain/problem";
import { callAction, engineHeaders } from "./action.ts";
import { Addresses } from "./addresses.ts";
import { requestMsMax, requireInTime } from "./body-bounds.ts";
import { type GatewayTarget, parseGatewayTarget } from "./gateway-target.ts";
import { admitHandshake } from "./handshake.ts";
import { Hearing, type Pace } from "./hearing.ts";
import { asProblem, refuse, refuseHandshake } from "./refusal.ts";
import { serveMetrics } from "./relay/metrics-server.ts";
import { Relay } from "./relay/relay.ts";
import type { Settings } from "./settings.ts";
import { openTunnel } from "./tunnel.ts";
import { Tunnels } from "./tunnels.ts";
import { addressOf, loopbackTwin, plain, requireOurHost, requireOurOrigin } from "./visitor.ts";
import { webBehind } from "./web.ts";

/** What a RivetKit client asks for first unless told not to (rivetkit 2.3.19): which runtime, and where else to go. */
const METADATA = JSON.stringify({ runtime: "rivetkit", version: "2.3.19", envoy: {} });
const METADATA_TARGET = /^\/rivet\/metadata(?:\?namespace=default)?$/;
const HOT_RELOAD_TARGET = /^\/_next\/(?:webpack-hmr|hmr)(?:\?|$)/;
/** A path on this server. `//host`, `/\host` and absolute targets name another one to some readers. */
const OWN_TARGET = /^\/(?![/\\])/;

export interface Door {
	readonly port: number;
	readonly metricsPort: number | undefined;
	/** Takes nothing new, lets running requests end, then closes every connection. */
	drain(): Promise<void>;
}

/** The only public port of the server: pages and accounts from the web, connections and calls to listed actors. */
export async function openDoor(settings: Settings): Promise<Door> {
	const { limits } = settings;
	const web = webBehind(settings);
	const tunnels = new Tunnels(limits);
	const relay = new Relay(settings);
	const engineAgent = new Agent({ keepAlive: true, maxSockets: 500, noDelay: true });
	const addresses = new Addresses(limits.edgeSocketsPerAddress, {
		burst: limits.edgeHandshakeBurstPerAddress,
		perSecond: limits.edgeHandshakesPerSecondPerAddress,
	});
	const callers = new Addresses(limits.edgeCallsAtOncePerAddress, {
		burst: limits.edgeCallBurstPerAddress,
		perSecond: limits.edgeCallsPerSecondPerAddress,
	});
	const hearing = new Hearing({
		burst: limits.edgeHeardBurstPerAddress,
		perSecond: limits.edgeHeardPerSecondPerAddress,
	});
	let isDraining = false;

	const server = createServer({
		maxHeaderSize: limits.edgeHeadBytesMax,
		headersTimeout: limits.edgeHeadMs,
		requestTimeout: requestMsMax(limits),
		connectionsCheckingInterval: Math.max(10, limits.edgeHeadMs / 5),
		noDelay: true,
	});
	server.maxConnections = limits.edgeSocketsMax;
	server.on("connection", (socket) => admit(settings, addresses, socket));
	server.on("clientError", (_error, socket) => {
		// Browsers connect ahead of need: an answer to nothing would be taken for that to the first request.
		if ((socket as Socket).bytesRead === 0) socket.destroy();
		else refuseHandshake(socket, malformed());
	});
	server.on("request", (request, response) => {
		requireInTime(limits, request, response);
		answer(request, response).catch((error) => refuse(response, request, asProblem(error)));
	});
	server.on("upgrade", (request, socket, head) => {
		socket.on("error", () => socket.destroy()); // a client that went away
		try {
			connect(request, socket as Socket, head);
		} catch (error) {
			refuseHandshake(socket, asProblem(error));
		}
	});

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const url = request.url ?? "";
		if (url === "/healthz" && request.method === "GET") return health(response);
		if (isDraining) throw shuttingDown();
		requireOwnTarget(url);
		const twin = loopbackTwin(settings, request);
		if (twin) return redirect(response, twin);
		requireOurHost(settings, request);
		requireOurOrigin(settings, request);
		if (!isForEngine(url)) return web.answer(request, response);
		if (request.method === "GET" && METADATA_TARGET.test(url)) return answerJson(response, 200, METADATA);
		const target = request.method === "POST" ? parseGatewayTarget(url) : undefined;
		if (target?.wants !== "action") throw nothingHere();
		requirePace(request);
		const headers = engineHeaders(settings, target, request);
		await asCaller(request, () =>
			callAction(settings, engineAgent, target, request, response, headers, paceOf(request)),
		);
	}

	function connect(request: IncomingMessage, socket: Socket, head: Buffer): void {
		const url = request.url ?? "";
		if (isDraining) throw shuttingDown();
		requireOwnTarget(url);
		requireOurHost(settings, request);
		requireOurOrigin(settings, request);
		if (request.method !== "GET" || request.headers.upgrade?.toLowerCase() !== "websocket") throw nothingHere();
		requirePace(request);
		const target = parseGatewayTarget(url);
		if (target?.wants === "connect") connectTo(target, request, socket, head);
		else if (settings.isDevelopment && HOT_RELOAD_TARGET.test(url)) web.tunnel(request, socket, head);
		else throw nothingHere();
	}

	function connectTo(target: GatewayTarget, request: IncomingMessage, socket: Socket, head: Buffer): void {
		const admitted = admitHandshake(settings, target, request);
		const pace = paceOf(request);
		if (settings.mode === "relay") relay.accept(target, admitted, request, socket, head, pace);
		else openTunnel(settings, tunnels, target, admitted, socket, head, pace);
	}

	function requirePace(request: IncomingMessage): void {
		const waitMs = addresses.start(addressOf(settings, request), Date.now());
		if (waitMs > 0) throw new Problem("rate_limited", "Too many connections at once from your address.", { waitMs });
	}

	/** Each such call makes an actor read the ticket and a connection of its own, on the thread of all rooms. */
	async function asCaller(request: IncomingMessage, call: () => Promise<void>): Promise<void> {
		const address = addressOf(settings, request);
		if (!callers.enter(address)) throw tooManyCalls(1_000);
		try {
			const waitMs = callers.start(address, Date.now());
			if (waitMs > 0) throw tooManyCalls(waitMs);
			await call();
		} finally {
			callers.leave(address);
		}
	}

	function paceOf(request: IncomingMessage): Pace {
		const address = addressOf(settings, request);
		return (bytes) => hearing.take(address, bytes, Date.now());
	}

	function health(response: ServerResponse): void {
		const { clients, upstreams } = relay;
		const body = JSON.stringify({ ok: !isDraining, tunnels: tunnels.size, clients, upstreams });
		answerJson(response, isDraining ? 503 : 200, body);
	}

	await listen(server, settings);
	const metrics =
		settings.metricsPort === undefined ? undefined : await serveMetrics(settings.metricsPort, () => relay.metrics());
	return {
		port: (server.address() as AddressInfo).port,
		metricsPort: metrics?.port,
		async drain() {
			isDraining = true;
			const closed = new Promise((resolve) => server.close(resolve));
			tunnels.close();
			await relay.drain();
			metrics?.close();
			server.closeIdleConnections();
			const cut = setTimeout(() => server.closeAllConnections(), limits.edgeDrainMs);
			await closed;
			clearTimeout(cut);
			web.close();
			engineAgent.destroy();
		},
	};
}

/** Counted by the address of the socket; a trusted reverse proxy stands for many people and has its own limits. */
function admit({ trustedProxies }: Settings, addresses: Addresses, socket: Socket): void {
	const address = plain(socket.remoteAddress ?? "");
	if (trustedProxies.has(address)) return;
	if (addresses.enter(address)) socket.once("close", () => addresses.leave(address));
	else socket.destroy();
}

function requireOwnTarget(url: string): void {
	if (!OWN_TARGET.test(url)) throw malformed();
}

/** The engine's share of the paths, however it is written: such a request goes to the engine by our rules or nowhere. */
const isForEngine = (url: string): boolean => /^\/rivet(?:[/?#;%\\]|$)/i.test(url);

function redirect(response: ServerResponse, location: string): void {
	response.writeHead(307, { location, "cache-control": "no-store" });
	response.end();
}

function answerJson(response: ServerResponse, status: number, body: string): void {
	response.writeHead(status, {
		"content-type": "application/json",
		"content-length": Buffer.byteLength(body),
		"cache-control": "no-store",
	});
	response.end(body);
}

function listen(server: Server, { port, host }: Settings): Promise<void> {
	return new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, host, () => resolve());
	});
}

const nothingHere = (): Problem => new Problem("not_found", "There is nothing here.");
const malformed = (): Problem => new Problem("bad_input", "This is not a request this server understands.");
const tooManyCalls = (waitMs: number): Problem =>
	new Problem("rate_limited", "Too many calls without a connection from your address. Connect instead.", { waitMs });
const shuttingDown = (): Problem =>
	new Problem("shutting_down", "The server is restarting. Try again in a moment.", { waitMs: 1_000 });
