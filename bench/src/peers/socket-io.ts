import { createServer } from "node:http";
import { join } from "node:path";
import { Server } from "socket.io";
import { RoomLog } from "./room-log.ts";
import type { ToClient, ToServer } from "./socket-io-protocol.ts";

/** A chat as Socket.IO's own guide has it, over SQLite: insert, acknowledge, emit to the room. No accounts, no limits. */
const log = new RoomLog(join(process.env.PEER_DATA ?? ".", "rooms.db"));
const server = createServer();
const io = new Server<ToServer, ToClient>(server, { transports: ["websocket"], perMessageDeflate: false });

io.on("connection", (socket) => {
	let room = "";
	let sender = "";
	socket.on("join", (name, person, answer) => {
		room = name;
		sender = person;
		answer(log.head(room));
	});
	socket.on("listen", async (answer) => {
		await socket.join(room);
		answer(log.head(room));
	});
	socket.on("send", (text, answer) => {
		for (const message of log.append([{ room, sender, text }])) {
			answer(message.id);
			io.to(room).emit("newMessage", message);
		}
	});
	socket.on("history", (before, limit, answer) => answer(log.page(room, before, limit)));
	socket.on("head", (answer) => answer(log.head(room)));
	socket.on("fill", (messages, text, answer) => {
		log.fill(room, messages, text);
		answer(log.head(room));
	});
});
server.listen(Number(process.env.PORT), "127.0.0.1", () => process.stdout.write("peer ready\n"));
