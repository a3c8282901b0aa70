import { once } from "node:events";
import { WebSocket } from "ws";
import type { Hall, Seat } from "../seat.ts";
import { within } from "../within.ts";
import type { PeerMessage } from "./room-log.ts";
import type { PeerFrame, PeerRequest } from "./ws-protocol.ts";

const OPEN_MS = 30_000;
const FILL_ROWS = 10_000;

export function wsHall(endpoint: string): Hall {
	const open = (room: string, person: string): Promise<Seat> =>
		within(OPEN_MS, "connecting", WsSeat.open(endpoint, room, person));
	return {
		open,
		openListener: open,
		openInbox: undefined,
		fill: async (room, messages, text) => {
			const seat = await WsSeat.open(endpoint, room, "filler");
			for (let left = messages; left > 0; left -= FILL_ROWS) await seat.fill(Math.min(left, FILL_ROWS), text);
			await seat.close();
		},
		close: async () => undefined,
	};
}

type Output = number | readonly PeerMessage[];
/** Of each request on its own, not of all of them together. */
type Unnumbered<Request> = Request extends PeerRequest ? Omit<Request, "call"> : never;

class WsSeat implements Seat {
	readonly #socket: WebSocket;
	readonly #calls = new Map<number, PromiseWithResolvers<Output>>();
	#heard: ((seq: number, text: string) => void) | undefined;
	#count = 0;

	private constructor(socket: WebSocket) {
		this.#socket = socket;
		socket.on("message", (data) => this.#take(JSON.parse(String(data))));
		socket.on("error", () => undefined); // told by the close that follows
		socket.on("close", () => {
			for (const call of this.#calls.values()) call.reject(new Error("the connection closed"));
		});
	}

	static async open(endpoint: string, room: string, person: string): Promise<WsSeat> {
		const socket = new WebSocket(endpoint, { perMessageDeflate: false });
		const seat = new WsSeat(socket);
		await once(socket, "open");
		await seat.#ask({ type: "join", room, person });
		return seat;
	}

	async send(text: string): Promise<number> {
		return Number(await this.#ask({ type: "send", text }));
	}

	async listen(heard: (seq: number, text: string) => void): Promise<void> {
		this.#heard = heard;
		await this.#ask({ type: "listen" });
	}

	async sync(): Promise<void> {
		await this.headSeq(); // answered after whatever was sent to it before
	}

	async page(before: number | undefined, rows: number): Promise<number[]> {
		const output = await this.#ask({ type: "history", before: before ?? Number.MAX_SAFE_INTEGER, limit: rows });
		return typeof output === "number" ? [] : output.map((message) => message.id);
	}

	async headSeq(): Promise<number> {
		return Number(await this.#ask({ type: "head" }));
	}

	/** It keeps no versions: who missed something reads the newest messages again. */
	async catchUp(missed: number): Promise<number> {
		return (await this.page(undefined, missed)).length;
	}

	async fill(messages: number, text: string): Promise<void> {
		await this.#ask({ type: "fill", messages, text });
	}

	async close(): Promise<void> {
		this.#socket.close();
	}

	#ask(request: Unnumbered<PeerRequest>): Promise<Output> {
		const call = ++this.#count;
		const answer = Promise.withResolvers<Output>();
		this.#calls.set(call, answer);
		this.#socket.send(JSON.stringify({ ...request, call }));
		return answer.promise;
	}

	#take(frame: PeerFrame): void {
		if ("messages" in frame) {
			for (const { id, text } of frame.messages) this.#heard?.(id, text);
			return;
		}
		this.#calls.get(frame.call)?.resolve(frame.output);
		this.#calls.delete(frame.call);
	}
}
