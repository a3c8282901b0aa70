import { io, type Socket } from "socket.io-client";
import type { Hall, Seat } from "../seat.ts";
import { within } from "../within.ts";
import type { ToClient, ToServer } from "./socket-io-protocol.ts";

const OPEN_MS = 30_000;
const FILL_ROWS = 10_000;

export function socketIoHall(endpoint: string): Hall {
	const open = async (room: string, person: string): Promise<Seat> => {
		const socket: Socket<ToClient, ToServer> = io(endpoint, { transports: ["websocket"], forceNew: true });
		await within(OPEN_MS, "connecting", socket.emitWithAck("join", room, person));
		return seatOf(socket);
	};
	return {
		open,
		openListener: open,
		openInbox: undefined,
		fill: async (room, messages, text) => {
			const socket: Socket<ToClient, ToServer> = io(endpoint, { transports: ["websocket"], forceNew: true });
			await socket.emitWithAck("join", room, "filler");
			for (let left = messages; left > 0; left -= FILL_ROWS)
				await socket.emitWithAck("fill", Math.min(left, FILL_ROWS), text);
			socket.disconnect();
		},
		close: async () => undefined,
	};
}

function seatOf(socket: Socket<ToClient, ToServer>): Seat {
	const page = async (before: number, rows: number): Promise<number[]> =>
		(await socket.emitWithAck("history", before, rows)).map((message) => message.id);
	return {
		send: (text) => socket.emitWithAck("send", text),
		listen: async (heard) => {
			socket.on("newMessage", (message) => heard(message.id, message.text));
			await socket.emitWithAck("listen");
		},
		sync: async () => void (await socket.emitWithAck("head")),
		page: (before, rows) => page(before ?? Number.MAX_SAFE_INTEGER, rows),
		headSeq: () => socket.emitWithAck("head"),
		// It keeps no versions: who missed something reads the newest messages again.
		catchUp: async (missed) => (await page(Number.MAX_SAFE_INTEGER, missed)).length,
		close: async () => void socket.disconnect(),
	};
}
