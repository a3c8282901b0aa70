import { createServer, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { type EgressRule, isAllowed } from "@bullpen/domain/egress-rules";
import type { Limits } from "@bullpen/domain/limits";
import { fullBucket, takeToken } from "@bullpen/domain/rate-limit";
import { listenAt, type Place } from "../model-proxy/listening.ts";
import { EgressRefusal } from "./egress-refusal.ts";
import { absoluteTarget, connectTarget, type EgressTarget } from "./egress-target.ts";
import { EgressCounters, type EgressUsage } from "./egress-usage.ts";
import { passRequest } from "./pass-request.ts";
import { publicAddresses, type Resolve, systemResolve } from "./resolve-public.ts";

/** The way of one workspace's sandbox to named hosts. */
export interface EgressOptions {
	/** Asked for every connection, and again while it is open, so that a change counts at once. None: nothing is reached. */
	rules(): readonly EgressRule[];
	/** A host by name that was refused, and may be asked for again and again. Must not throw. */
	onRefused?(target: EgressTarget, reason: "not_allowed" | "private_address"): void;
	/** What a sandbox used, when it ends: for a log. Names and numbers, never a path or what was said. */
	onUsed?(usage: EgressUsage): void;
	/** How names become addresses; tests give their own. */
	readonly resolve?: Resolve;
	/** Connects to an address that was found to be public; tests lead it elsewhere. */
	readonly dial?: (address: string, port: number) => Socket;
}

export interface EgressProxy {
	readonly usage: EgressUsage;
	/** Cuts what runs, and frees the place. */
	close(): Promise<void>;
}

/** How often connections are looked at that may have carried too much, or may not be any more. */
const SWEEP_MS = 250;

/**
 * An HTTP proxy (RFC 9110 9.3.6 `CONNECT`, RFC 9112 3.2.2 absolute form) to the hosts that a workspace may reach, and no
 * others. It looks a name up itself, refuses it when it leads to a private address, and connects to what it found.
 */
export async function openEgressProxy(options: EgressOptions, place: Place, limits: Limits): Promise<EgressProxy> {
	const resolve = options.resolve ?? systemResolve;
	const dial = options.dial ?? ((address, port) => connect({ host: address, port }));
	const counters = new EgressCounters(limits.egressHostsMax);
	const open = new Map<Socket, EgressTarget>();
	const inside = new Set<Socket>();
	const rate = { burst: limits.egressConnectBurst, perSecond: limits.egressConnectsPerSecond };
	let bucket = fullBucket(rate.burst, performance.now());
	let entered = 0;

	/** A connection to the target. @throws EgressRefusal */
	async function reach({ host, port }: EgressTarget): Promise<Socket> {
		if (!isAllowed(options.rules(), host, port)) {
			options.onRefused?.({ host, port }, "not_allowed");
			const whoMay = "Its owner can allow it: side panel, Sandbox.";
			throw new EgressRefusal("not_allowed", 403, `This workspace may not reach ${host} on port ${port}. ${whoMay}`);
		}
		for (const address of await addressesOf({ host, port })) {
			const socket = await connected(dial(address, port), limits.egressConnectMs);
			if (socket) return bounded(socket, { host, port });
		}
		throw new EgressRefusal("unreachable", 502, `${host} does not answer.`);
	}

	/** @throws EgressRefusal */
	async function addressesOf(target: EgressTarget): Promise<readonly string[]> {
		try {
			return await publicAddresses((host) => inTime(resolve(host), limits.egressConnectMs), target.host);
		} catch (error) {
			const isPrivate = error instanceof EgressRefusal && error.kind === "private_address";
			if (isPrivate) options.onRefused?.(target, "private_address");
			throw error;
		}
	}

	/** Counts, and ends what is silent, long or large. */
	function bounded(socket: Socket, target: EgressTarget): Socket {
		open.set(socket, target);
		counters.connected(target.host);
		socket.setTimeout(limits.egressSilentMs, () => socket.destroy());
		const deadline = setTimeout(() => socket.destroy(), limits.egressConnectionMs).unref();
		socket.on("error", ignore).once("close", () => {
			clearTimeout(deadline);
			open.delete(socket);
			counters.closed({ sent: socket.bytesWritten, received: socket.bytesRead });
		});
		return socket;
	}

	/** Resolves in turn: whoever asks without end is not answered without end, on the thread of all workspaces. */
	async function paced(): Promise<void> {
		for (;;) {
			const taken = takeToken(bucket, rate, performance.now());
			bucket = taken.bucket;
			if (taken.waitMs === 0) return;
			await wait(taken.waitMs, undefined, { ref: false });
		}
	}

	/** The work for a connection from inside that still stands when its turn has come. @throws EgressRefusal */
	async function within<Result>({ socket }: IncomingMessage, work: () => Promise<Result>): Promise<Result> {
		await paced();
		if (socket.destroyed) throw new EgressRefusal("busy", 503, "Nobody waits for it any more.");
		if (entered + open.size >= limits.egressConnectionsMax) {
			throw new EgressRefusal("busy", 503, "This workspace has too many connections open.");
		}
		entered++;
		try {
			return await work();
		} catch (error) {
			const refusal = error instanceof EgressRefusal ? error : new EgressRefusal("unreachable", 502, "It failed.");
			counters.refused(refusal.kind);
			throw refusal;
		} finally {
			entered--;
		}
	}

	const sweep = setInterval(() => {
		if (open.size === 0) return;
		const rules = options.rules();
		for (const [socket, { host, port }] of open) {
			const isTooMuch = socket.bytesRead + socket.bytesWritten > limits.egressConnectionBytesMax;
			if (isTooMuch || !isAllowed(rules, host, port)) socket.destroy();
		}
	}, SWEEP_MS).unref();

	const http = createServer({
		maxHeaderSize: limits.egressHeadBytesMax,
		headersTimeout: Math.min(limits.egressConnectMs, limits.egressConnectionMs),
		requestTimeout: limits.egressConnectionMs,
		keepAlive: false,
	});
	http.maxConnections = limits.egressConnectionsMax * 2;
	http.on("connection", (socket) => {
		inside.add(socket);
		socket.on("error", ignore).once("close", () => inside.delete(socket));
	});
	http.on("clientError", (_, socket) => socket.destroy());
	http.on("connect", (request: IncomingMessage, inner: Duplex, head: Buffer) => {
		within(request, () => reach(connectTarget(request.url))).then(
			(outer) => join(request.socket, outer, head),
			// All of it: what is only half closed could stay for ever.
			(refusal: EgressRefusal) => inner.end(refusalText(refusal), () => inner.destroy()),
		);
	});
	http.on("upgrade", (_, socket: Duplex) => socket.destroy());
	http.on("request", (request, response) => {
		let outer: Socket | undefined;
		response.once("close", () => outer?.destroy());
		within(request, async () => {
			const target = absoluteTarget(request.url);
			outer = await reach(target);
			return { target, outer };
		}).then(
			({ target, outer }) => passRequest(request, response, target, outer),
			({ status, message }: EgressRefusal) => {
				response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" });
				response.end(`${message}\n`);
			},
		);
	});

	/** A tunnel. Each side hears of the other's end, after all that it said. */
	function join(inner: Socket, outer: Socket, head: Buffer): void {
		if (inner.destroyed) return void outer.destroy(); // whoever asked has gone meanwhile
		inner.setTimeout(limits.egressSilentMs, () => inner.destroy());
		inner.write("HTTP/1.1 200 Connection established\r\n\r\n");
		outer.write(head);
		inner.pipe(outer).pipe(inner);
		inner.once("close", () => outer.destroy());
		outer.once("close", () => (inner.writableEnded ? inner.destroySoon() : inner.destroy()));
	}

	const stop = await listenAt(place, http);
	return {
		get usage() {
			return counters.usage;
		},
		async close() {
			clearInterval(sweep);
			for (const socket of [...open.keys(), ...inside]) socket.destroy();
			await stop();
			if (counters.usage.connections + counters.usage.refused > 0) options.onUsed?.(counters.usage);
		},
	};
}

function refusalText({ status, message }: EgressRefusal): string {
	const body = `${message}\n`;
	return [
		`HTTP/1.1 ${status} ${message.replace(/[^\x20-\x7e]/g, "?")}`,
		"Content-Type: text/plain; charset=utf-8",
		`Content-Length: ${Buffer.byteLength(body)}`,
		"Connection: close",
		"",
		body,
	].join("\r\n");
}

/** Undefined when it does not stand in time. */
function connected(socket: Socket, waitMs: number): Promise<Socket | undefined> {
	return new Promise((resolve) => {
		const fail = () => {
			clearTimeout(timer);
			socket.destroy();
			resolve(undefined);
		};
		const timer = setTimeout(fail, waitMs);
		socket.on("error", ignore).once("error", fail);
		socket.once("connect", () => {
			clearTimeout(timer);
			socket.off("error", fail);
			resolve(socket);
		});
	});
}

/** @throws Error when it takes longer: what a system asks of name servers can take minutes */
async function inTime<Value>(value: Promise<Value>, waitMs: number): Promise<Value> {
	const late = Promise.withResolvers<never>();
	const timer = setTimeout(() => late.reject(new Error("It took too long.")), waitMs);
	try {
		return await Promise.race([value, late.promise]);
	} finally {
		clearTimeout(timer);
	}
}

/** It tells its end by closing. */
function ignore(): void {}
