import { join } from "node:path";
import { type WebSocket, WebSocketServer } from "ws";
import { type PeerMessage, RoomLog } from "./room-log.ts";
import type { PeerRequest } from "./ws-protocol.ts";

/**
 * The server to beat: what an expert writes by hand for one machine. Sends that arrive while others commit share the next
 * commit (group commit), and a frame is serialised once, however many hear it. No accounts, no limits, nobody is slow.
 */
const log = new RoomLog(join(process.env.PEER_DATA ?? ".", "rooms.db"));
const FRAME_PER = process.env.PEER_FRAME_PER;
const listeners = new Map<string, Set<WebSocket>>();
let waiting: { socket: WebSocket; call: number; room: string; sender: string; text: string }[] = [];

const server = new WebSocketServer({ host: "127.0.0.1", port: Number(process.env.PORT), perMessageDeflate: false });
server.on("connection", (socket) => {
	let room = "";
	let sender = "";
	const answer = (call: number, output: unknown): void => socket.send(JSON.stringify({ call, output }));
	socket.on("message", (data) => {
		const request: PeerRequest = JSON.parse(String(data));
		switch (request.type) {
			case "join":
				({ room, person: sender } = request);
				return answer(request.call, log.head(room));
			case "listen":
				listenersOf(room).add(socket);
				return answer(request.call, log.head(room));
			case "send":
				return enqueue({ socket, call: request.call, room, sender, text: request.text });
			case "history":
				return answer(request.call, log.page(room, request.before, request.limit));
			case "head":
				return answer(request.call, log.head(room));
			case "fill":
				log.fill(room, request.messages, request.text);
				return answer(request.call, log.head(room));
		}
	});
	socket.on("close", () => listenersOf(room).delete(socket));
});
server.once("listening", () => process.stdout.write("peer ready\n"));

function enqueue(send: (typeof waiting)[number]): void {
	if (waiting.push(send) === 1) setImmediate(commit);
}

function commit(): void {
	const batch = waiting;
	waiting = [];
	const byRoom = new Map<string, PeerMessage[]>();
	for (const [i, message] of log.append(batch).entries()) {
		const { socket, call, room } = batch[i] ?? {};
		socket?.send(`{"call":${call},"output":${message.id}}`);
		if (room === undefined) continue;
		const messages = byRoom.get(room);
		if (messages) messages.push(message);
		else byRoom.set(room, [message]);
	}
	for (const [room, messages] of byRoom) {
		const frames = FRAME_PER === "commit" ? [messages] : messages.map((message) => [message]);
		for (const some of frames) {
			const frame = Buffer.from(JSON.stringify({ messages: some }));
			for (const socket of listenersOf(room)) socket.send(frame, { binary: false });
		}
	}
}

function listenersOf(room: string): Set<WebSocket> {
	const found = listeners.get(room) ?? new Set();
	listeners.set(room, found);
	return found;
}
