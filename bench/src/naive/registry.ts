import { actor, event, setup } from "rivetkit";
import { db } from "rivetkit/db";

export interface NaiveMessage {
	id: number;
	sender: string;
	text: string;
	timestamp: number;
}

/** The room that everybody writes first: one INSERT and one broadcast per call. The yardstick, not an example. */
const chatRoom = actor({
	db: db({
		onMigrate: async (database) => {
			await database.execute(`CREATE TABLE IF NOT EXISTS messages (
				id INTEGER PRIMARY KEY AUTOINCREMENT,
				sender TEXT NOT NULL,
				text TEXT NOT NULL,
				timestamp INTEGER NOT NULL -- unix ms
			)`);
		},
	}),
	events: { newMessage: event<NaiveMessage>() },
	actions: {
		sendMessage: async (c, sender: string, text: string): Promise<NaiveMessage> => {
			const timestamp = Date.now();
			const rows = await c.db.execute(
				"INSERT INTO messages (sender, text, timestamp) VALUES (?, ?, ?) RETURNING id",
				sender,
				text,
				timestamp,
			);
			const message = { id: Number(rows[0]?.id), sender, text, timestamp };
			c.broadcast("newMessage", message);
			return message;
		},
		getHistory: async (c, before: number, limit: number): Promise<NaiveMessage[]> => {
			const rows = await c.db.execute<{ id: number; sender: string; text: string; timestamp: number }>(
				"SELECT id, sender, text, timestamp FROM messages WHERE id < ? ORDER BY id DESC LIMIT ?",
				before,
				limit,
			);
			return rows.reverse();
		},
		count: async (c): Promise<number> => Number((await c.db.execute("SELECT count(*) AS n FROM messages"))[0]?.n),
		/** Only for reading benchmarks: what a million calls of `sendMessage` would have left. */
		fill: async (c, messages: number, text: string): Promise<void> => {
			await c.db.execute(
				`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
				INSERT INTO messages (sender, text, timestamp) SELECT 'filler', ?, ? FROM n`,
				messages,
				text,
				Date.now(),
			);
		},
	},
});

export const registry = setup({
	use: { chatRoom },
	endpoint: process.env.RIVET_ENDPOINT ?? "",
	token: process.env.RIVET_TOKEN ?? "",
	startServices: false,
	noWelcome: true,
});
export type NaiveRegistry = typeof registry;
