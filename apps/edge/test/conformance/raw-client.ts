import { WebSocket } from "ws";

/** What a frame of the protocol says (rivetkit 2.3.19, JSON). */
export interface Body {
	readonly tag: string;
	readonly val: Readonly<Record<string, unknown>>;
}

export interface Closed {
	readonly code: number;
	/** Without what the engine adds after `#`: an id of the request. */
	readonly reason: string;
}

const WAIT_MS = 8_000;

/** One WebSocket to an actor, frame by frame. */
export class RawClient {
	readonly socket: WebSocket;
	readonly heard: Body[] = [];
	/** Resolves when the handshake is done: with undefined, or with the HTTP status that refused it. */
	readonly handshake: Promise<{ readonly status: number; readonly body: string } | undefined>;
	readonly closed: Promise<Closed>;
	#taken = 0;
	#wake: () => void = () => undefined;

	constructor(url: string, protocols: string[]) {
		this.socket = new WebSocket(url, protocols, { perMessageDeflate: false });
		this.socket.on("error", () => undefined); // told by `handshake` and `closed`
		this.socket.on("message", (data, isBinary) => {
			this.heard.push(isBinary ? { tag: "binary", val: {} } : JSON.parse(String(data)).body);
			this.#wake();
		});
		this.handshake = new Promise((resolve) => {
			this.socket.once("open", () => resolve(undefined));
			this.socket.once("unexpected-response", (_request, response) => {
				let body = "";
				response.on("data", (chunk) => (body += chunk));
				response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
			});
		});
		this.closed = new Promise((resolve) => {
			this.socket.once("close", (code, reason) => {
				resolve({ code, reason: String(reason).replace(/#.*$/, "") });
				this.#wake();
			});
		});
	}

	get isOpen(): boolean {
		return this.socket.readyState === WebSocket.OPEN;
	}

	/** The next frame that was not taken yet. @throws Error when none comes */
	async next(): Promise<Body> {
		const deadline = AbortSignal.timeout(WAIT_MS);
		while (this.heard.length === this.#taken) {
			if (!this.isOpen && this.socket.readyState !== WebSocket.CONNECTING) throw new Error("closed without a frame");
			await new Promise<void>((resolve, reject) => {
				this.#wake = resolve;
				deadline.onabort = () =>
					reject(new Error(`no further frame after ${JSON.stringify(this.heard).slice(0, 500)}`));
			});
		}
		const frame = this.heard[this.#taken++];
		if (frame === undefined) throw new Error("a frame that was there is gone");
		return frame;
	}

	/** Waits for the first frame of a connection that is accepted. */
	async init(): Promise<Body> {
		return this.next();
	}

	text(frame: string | Buffer): void {
		this.socket.send(frame, { binary: false });
	}

	body(body: unknown): void {
		this.text(JSON.stringify({ body }));
	}

	call(id: unknown, name: string, ...args: unknown[]): void {
		this.body({ tag: "ActionRequest", val: { id, name, args } });
	}

	subscribe(eventName: string, subscribe = true): void {
		this.body({ tag: "SubscriptionRequest", val: { eventName, subscribe } });
	}

	/** Every frame up to the answer of that call, with it. Answers may overtake each other; what a call told comes first. */
	async until(id: number): Promise<Body[]> {
		const frames: Body[] = [];
		for (;;) {
			const frame = await this.next();
			frames.push(frame);
			if (String(frame.val.id ?? frame.val.actionId) === `$BigInt,${id}`) return frames;
		}
	}

	/** Everything up to the answer of a call that is made now. */
	async settle(): Promise<Body[]> {
		const id = 900_000 + this.#taken;
		this.call(id, "getHash");
		return (await this.until(id)).slice(0, -1);
	}

	async close(): Promise<void> {
		if (this.socket.readyState === WebSocket.CLOSED) return;
		this.socket.terminate();
		await this.closed;
	}
}
