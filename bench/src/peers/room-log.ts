import Database from "better-sqlite3";

export interface PeerMessage {
	readonly id: number;
	readonly sender: string;
	readonly text: string;
	readonly timestamp: number;
}

export interface PeerSend {
	readonly room: string;
	readonly sender: string;
	readonly text: string;
}

/** All rooms in one SQLite file, durable to a power cut. Whoever writes it gets the lock of one process: theirs. */
export class RoomLog {
	readonly #heads = new Map<string, number>();
	readonly #database: Database.Database;
	readonly #insert: Database.Statement<[string, number, string, string, number]>;
	readonly #page: Database.Statement<[string, number, number], PeerMessage>;
	readonly #head: Database.Statement<[string], { head: number | null }>;

	constructor(file: string) {
		this.#database = new Database(file);
		this.#database.pragma("journal_mode = WAL");
		this.#database.pragma("synchronous = FULL");
		this.#database.exec(`CREATE TABLE IF NOT EXISTS messages (
			room TEXT NOT NULL,
			id INTEGER NOT NULL,
			sender TEXT NOT NULL,
			text TEXT NOT NULL,
			timestamp INTEGER NOT NULL, -- unix ms
			PRIMARY KEY (room, id)
		) WITHOUT ROWID`);
		this.#insert = this.#database.prepare("INSERT INTO messages VALUES (?, ?, ?, ?, ?)");
		this.#page = this.#database.prepare(
			"SELECT id, sender, text, timestamp FROM messages WHERE room = ? AND id < ? ORDER BY id DESC LIMIT ?",
		);
		this.#head = this.#database.prepare("SELECT max(id) AS head FROM messages WHERE room = ?");
	}

	/** One commit for all of them, however many rooms they are for. */
	append(sends: readonly PeerSend[]): PeerMessage[] {
		const timestamp = Date.now();
		return this.#database.transaction(() =>
			sends.map(({ room, sender, text }) => {
				const id = this.head(room) + 1;
				this.#insert.run(room, id, sender, text, timestamp);
				this.#heads.set(room, id);
				return { id, sender, text, timestamp };
			}),
		)();
	}

	page(room: string, before: number, limit: number): PeerMessage[] {
		return this.#page.all(room, before, limit).reverse();
	}

	head(room: string): number {
		const known = this.#heads.get(room) ?? this.#head.get(room)?.head ?? 0;
		this.#heads.set(room, known);
		return known;
	}

	/** Only for reading benchmarks: what that many sends would have left. */
	fill(room: string, messages: number, text: string): void {
		const sender = "filler";
		this.append(Array.from({ length: messages }, () => ({ room, sender, text })));
	}
}
