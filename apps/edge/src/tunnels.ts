import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Limits } from "@bullpen/domain/limits";
import { FrameBoundary } from "./frame-boundary.ts";
import type { Pace } from "./hearing.ts";

/** An empty ping (RFC 6455, 5.5.2). Every client answers it by itself; the answer is a pong the engine did not ask for. */
const PING = Buffer.from([0x89, 0x00]);

interface Tunnel {
	readonly client: Socket;
	readonly towardsClient: FrameBoundary;
	heardBytes: number;
	heardAt: number;
	takenBytes: number;
	takenAt: number;
}

/**
 * All open tunnels. Each ends as a whole: with either side, when its client falls silent, when it stops taking. The
 * engine pings nobody (rivet-engine 2.3.19), so the door does: else a quiet client and a lost one look the same.
 */
export class Tunnels {
	readonly #limits: Limits;
	readonly #open = new Set<Tunnel>();
	readonly #sweep: NodeJS.Timeout;

	constructor(limits: Limits) {
		this.#limits = limits;
		this.#sweep = setInterval(() => this.#sweepAll(Date.now()), limits.edgePingMs).unref();
	}

	get size(): number {
		return this.#open.size;
	}

	/**
	 * Bytes both ways. The engine waits for nobody: what a client does not take would wait in its memory without a bound
	 * (rivet-engine 2.3.19), so it waits here, with one.
	 */
	join(client: Socket, engine: Duplex, pace: Pace): void {
		if (!(engine instanceof Socket)) throw new Error("The engine is reached over TCP.");
		const now = Date.now();
		const towardsClient = new FrameBoundary();
		const tunnel = { client, towardsClient, heardBytes: 0, heardAt: now, takenBytes: 0, takenAt: now };
		this.#open.add(tunnel);
		tie(client, engine);
		tie(engine, client);
		hear(client, engine, pace, this.#limits.edgeHeardPerFrame);
		engine.on("data", (chunk) => {
			towardsClient.read(chunk);
			client.write(chunk);
			if (client.writableLength > this.#limits.edgeWaitingBytesMax) client.destroy();
		});
		client.once("close", () => this.#open.delete(tunnel));
		if (client.destroyed) engine.destroy();
	}

	close(): void {
		clearInterval(this.#sweep);
		for (const { client } of this.#open) client.destroy();
	}

	#sweepAll(now: number): void {
		for (const tunnel of this.#open) {
			if (this.#isLost(tunnel, now)) tunnel.client.destroy();
			else if (tunnel.client.writableLength === 0 && tunnel.towardsClient.isReached) tunnel.client.write(PING);
		}
	}

	#isLost(tunnel: Tunnel, now: number): boolean {
		const { bytesRead, bytesWritten, writableLength } = tunnel.client;
		if (bytesRead !== tunnel.heardBytes) {
			tunnel.heardBytes = bytesRead;
			tunnel.heardAt = now;
		}
		const taken = bytesWritten - writableLength;
		if (taken !== tunnel.takenBytes || writableLength === 0) {
			tunnel.takenBytes = taken;
			tunnel.takenAt = now;
		}
		return now - tunnel.heardAt > this.#limits.edgeSilentMs || now - tunnel.takenAt > this.#limits.edgeStalledMs;
	}
}

/** A WebSocket has no half: when one side ends, the other gets what is left and ends too. */
function tie(from: Socket, to: Socket): void {
	from.setTimeout(0);
	from.setNoDelay(true);
	from.on("error", () => from.destroy()); // a reset is an end like any other
	from.on("end", () => to.destroySoon());
	from.on("close", () => to.destroy());
}

/** What the client says, as fast as its address may and the engine takes it. */
function hear(client: Socket, engine: Socket, pace: Pace, bytesPerFrame: number): void {
	const frames = new FrameBoundary();
	let reasonsToWait = 0;
	const wait = (): void => {
		reasonsToWait++;
		client.pause();
	};
	const go = (): void => {
		reasonsToWait--;
		if (reasonsToWait === 0) client.resume();
	};
	client.on("data", (chunk) => {
		const before = frames.frames;
		frames.read(chunk);
		const waitMs = pace(chunk.length + (frames.frames - before) * bytesPerFrame);
		if (!engine.write(chunk)) {
			wait();
			engine.once("drain", go);
		}
		if (waitMs > 0) {
			wait();
			setTimeout(go, waitMs).unref();
		}
	});
}
