import type { Socket } from "node:net";
import type { Limits } from "@bullpen/domain/limits";
import { WebSocket } from "ws";
import { FrameBoundary } from "../frame-boundary.ts";
import type { Pace } from "../hearing.ts";
import type { Call } from "./call.ts";
import { type ClientFrame, readClientFrame } from "./client-frame.ts";
import type { WaitingBytes } from "./waiting-bytes.ts";
import { type Lane, newLane } from "./waiting-calls.ts";

/** What a client says and what becomes of it, to whoever it belongs to. */
export interface ClientOwner {
	heard(client: Client, frame: ClientFrame): void;
	/** It lagged, was told less than all, and has now taken everything that waited. */
	caughtUp(client: Client): void;
	left(client: Client): void;
}

/** Where a client stands with its actor: not attached (yet, or any more), attached, or gone. */
export type Standing = "waiting" | "attached" | "gone";

interface Arrival {
	readonly socket: Socket;
	readonly webSocket: WebSocket;
	readonly userId: string;
	readonly ticket: string;
	readonly pace: Pace;
	readonly limits: Limits;
	readonly waiting: WaitingBytes;
	readonly owner: ClientOwner;
	readonly now: number;
}

/**
 * One person's WebSocket. What it is told is written to the socket as ready frames (no extension was agreed on, so they
 * are the same for everybody), up to a bound: a client that lags is told no events until it has taken what waits, one
 * that goes on lagging is closed.
 */
export class Client {
	readonly userId: string;
	readonly ticket: string;
	readonly lane: Lane<Call>;
	readonly joinedAt: number;
	standing: Standing = "waiting";
	/** It was told that its connection is open. */
	isWelcome = false;
	/** Its virtual connection at the actor, from the first attachment on. */
	connectionId: string | undefined;
	/** Events it subscribed to, one bit each. */
	events = 0;
	/** Calls without an answer. */
	openCalls = 0;
	/** Bytes of its that wait, as last counted. */
	waiting = 0;
	readonly #arrival: Arrival;
	readonly #heard = new FrameBoundary();
	#reasonsToWait = 0;
	#laggingSince: number | undefined;
	#pingedAt: number;
	#heardBytes = 0;
	#heardAt: number;
	#takenBytes = 0;
	#takenAt: number;

	constructor(arrival: Arrival) {
		this.#arrival = arrival;
		this.userId = arrival.userId;
		this.ticket = arrival.ticket;
		this.lane = newLane(arrival.userId);
		this.joinedAt = this.#pingedAt = this.#heardAt = this.#takenAt = arrival.now;
		const { socket, webSocket } = arrival;
		socket.on("data", (chunk) => this.#pace(chunk));
		socket.on("drain", () => this.#drained());
		webSocket.on("message", (data) => this.#read(data));
		webSocket.on("error", () => this.#cutOffLater()); // ws closes it by itself, with the code that fits
		webSocket.on("close", () => this.#left());
	}

	get isLagging(): boolean {
		return this.#laggingSince !== undefined;
	}

	get isOpen(): boolean {
		return this.#arrival.webSocket.readyState === WebSocket.OPEN;
	}

	/** Several frames that leave together: between `cork` and `uncork` they are collected. */
	cork(): void {
		this.#arrival.socket.cork();
	}

	uncork(): void {
		this.#arrival.socket.uncork();
		this.count();
	}

	/** An answer or a word about the connection: never left out. */
	answer(frame: Buffer): void {
		if (this.isOpen) this.#write(frame);
	}

	/** Events: left out while the client lags. False when they were. */
	tell(frames: Buffer): boolean {
		if (this.isLagging) return false;
		if (this.isOpen) this.#write(frames);
		return true;
	}

	/** Says why and closes; whoever does not answer that in time is cut off. */
	close(code: number, reason: string): void {
		this.standing = "gone";
		this.#arrival.webSocket.close(code, reason);
		this.#cutOffLater();
	}

	terminate(): void {
		this.standing = "gone";
		this.#arrival.webSocket.terminate();
	}

	/** Nothing more is read from it. */
	stopHearing(): void {
		this.#wait();
	}

	/** Call every now and then: pings, and ends what is silent or does not take what it is told. */
	sweep(now: number): void {
		if (!this.isOpen) return;
		const { limits, webSocket, socket } = this.#arrival;
		this.count();
		if (this.#isSilent(now)) {
			this.terminate();
			return;
		}
		if (this.#isStalled(now)) {
			this.dropSlow();
			return;
		}
		if (now - this.#pingedAt < limits.edgePingMs || socket.writableLength > 0) return;
		this.#pingedAt = now;
		webSocket.ping();
	}

	dropSlow(): void {
		this.#arrival.waiting.noteDropped();
		this.close(1013, "slow_consumer");
	}

	#cutOffLater(): void {
		setTimeout(() => this.terminate(), this.#arrival.limits.edgeCloseMs).unref();
	}

	/** What really waits now. */
	count(): void {
		const { socket, limits, waiting } = this.#arrival;
		const bytes = socket.destroyed ? 0 : socket.writableLength;
		waiting.changed(this, bytes);
		if (bytes > limits.edgeWaitingBytesMax && this.isOpen) this.dropSlow();
		else if (bytes > limits.edgeClientLagBytes) this.#laggingSince ??= Date.now();
		else if (bytes === 0) this.#drained();
	}

	#write(frame: Buffer): void {
		const { socket } = this.#arrival;
		socket.write(frame);
		if (socket.writableCorked === 0) this.count();
	}

	#drained(): void {
		const { socket, waiting, owner } = this.#arrival;
		if (socket.writableLength > 0) return;
		waiting.changed(this, 0);
		if (this.#laggingSince === undefined) return;
		this.#laggingSince = undefined;
		if (this.isOpen) owner.caughtUp(this);
	}

	#isSilent(now: number): boolean {
		const { bytesRead } = this.#arrival.socket;
		if (bytesRead !== this.#heardBytes || this.#reasonsToWait > 0) {
			this.#heardBytes = bytesRead;
			this.#heardAt = now;
		}
		return now - this.#heardAt > this.#arrival.limits.edgeSilentMs;
	}

	#isStalled(now: number): boolean {
		const { socket, limits } = this.#arrival;
		const taken = socket.bytesWritten - socket.writableLength;
		if (taken !== this.#takenBytes || socket.writableLength === 0) {
			this.#takenBytes = taken;
			this.#takenAt = now;
		}
		const since = Math.min(this.#takenAt, this.#laggingSince ?? now);
		return now - since > limits.edgeStalledMs;
	}

	#read(data: WebSocket.RawData): void {
		if (!this.isOpen || !Buffer.isBuffer(data)) return;
		const frame = readClientFrame(data);
		if (frame === undefined) this.close(1011, "actor.invalid_request");
		else this.#arrival.owner.heard(this, frame);
	}

	/** Its address says so much in a second; the rest is heard later. */
	#pace(chunk: Buffer): void {
		const { pace, limits } = this.#arrival;
		const before = this.#heard.frames;
		this.#heard.read(chunk);
		const waitMs = pace(chunk.length + (this.#heard.frames - before) * limits.edgeHeardPerFrame);
		if (waitMs <= 0) return;
		this.#wait();
		setTimeout(() => this.#go(), waitMs).unref();
	}

	#wait(): void {
		this.#reasonsToWait++;
		this.#arrival.webSocket.pause();
	}

	#go(): void {
		this.#reasonsToWait--;
		if (this.#reasonsToWait === 0) this.#arrival.webSocket.resume();
	}

	#left(): void {
		this.standing = "gone";
		this.#arrival.waiting.changed(this, 0);
		this.#arrival.owner.left(this);
	}
}
