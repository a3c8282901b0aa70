import { createClient } from "rivetkit/client";
import type { Hall, Seat } from "../seat.ts";
import { within } from "../within.ts";
import type { NaiveRegistry } from "./registry.ts";

const OPEN_MS = 30_000;
const FILL_ROWS = 10_000;

export function naiveHall(endpoint: string): Hall {
	const client = createClient<NaiveRegistry>({ endpoint });
	const open = async (room: string, person: string): Promise<Seat> => {
		const connection = client.chatRoom.getOrCreate([room]).connect();
		await within(OPEN_MS, "connecting", connection.ready);
		return {
			send: async (text) => (await connection.sendMessage(person, text)).id,
			listen: async (heard) => {
				connection.on("newMessage", (message) => heard(message.id, message.text));
				await connection.count(); // answered after the subscription before it
			},
			sync: async () => undefined,
			page: async (before, rows) =>
				(await connection.getHistory(before ?? Number.MAX_SAFE_INTEGER, rows)).map((each) => each.id),
			headSeq: () => connection.count(),
			// It keeps no versions: who missed something reads the newest messages again.
			catchUp: async (missed) => (await connection.getHistory(Number.MAX_SAFE_INTEGER, missed)).length,
			close: () => connection.dispose(),
		};
	};
	return {
		open,
		openListener: open,
		openInbox: undefined,
		fill: async (room, messages, text) => {
			for (let left = messages; left > 0; left -= FILL_ROWS)
				await client.chatRoom.getOrCreate([room]).fill(Math.min(left, FILL_ROWS), text);
		},
		close: () => client.dispose(),
	};
}
