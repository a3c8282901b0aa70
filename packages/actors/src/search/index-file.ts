import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import type { Limits } from "@bullpen/domain/limits";
import type { NotedMessage, NoteMessagesInput } from "@bullpen/domain/search";
import { foldText, traitsOf } from "@bullpen/domain/search-text";
import { authorToken, roomToken, traitToken, withoutTokens } from "./tokens.ts";

/** A message's place: its time, then which of those of that millisecond it was. So newest first is by place. */
export const PLACES_PER_MS = 2048;

/**
 * `messages.text` is folded. The two indexes hold no text of their own. Whatever is here can be had again from the rooms:
 * another version is begun afresh.
 */
const VERSION = 1;
const SCHEMA = `
	CREATE TABLE rooms (
		no INTEGER PRIMARY KEY,
		room_id TEXT NOT NULL UNIQUE,
		epoch TEXT NOT NULL,
		version INTEGER NOT NULL,
		floor_seq INTEGER NOT NULL
	);
	CREATE TABLE authors (no INTEGER PRIMARY KEY, user_id TEXT NOT NULL UNIQUE);
	CREATE TABLE messages (
		place INTEGER PRIMARY KEY,
		room INTEGER NOT NULL,
		seq INTEGER NOT NULL,
		version INTEGER NOT NULL,
		author INTEGER NOT NULL,
		traits TEXT NOT NULL,
		text TEXT NOT NULL
	);
	CREATE UNIQUE INDEX messages_by_seq ON messages (room, seq);
	CREATE VIRTUAL TABLE words USING fts5(
		text, tokenize = "unicode61 remove_diacritics 2", content = '', contentless_delete = 1
	);
	CREATE VIRTUAL TABLE parts USING fts5(
		text, tokenize = "trigram remove_diacritics 1", detail = none, content = '', contentless_delete = 1
	);
	PRAGMA user_version = ${VERSION};
`;

interface RoomColumns {
	no: number;
	epoch: string;
	version: number;
	floor_seq: number;
}
interface MessageColumns {
	place: number;
	text: string;
	traits: string;
}

/** The index of one shard in its file. Every method is one transaction, and what it did is on the disk when it returns. */
export class IndexFile {
	readonly #db: DatabaseSync;
	readonly #limits: Limits;
	readonly #statements = new Map<string, StatementSync>();

	/** `path` may be `:memory:`. */
	constructor(path: string, limits: Limits) {
		this.#limits = limits;
		this.#db = new DatabaseSync(path);
		this.#db.exec(
			"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -32768",
		);
		const { user_version: version } = this.#get<{ user_version: number }>("PRAGMA user_version") ?? { user_version: 0 };
		if (version === VERSION) return;
		this.transaction(() => {
			const tables = this.all<{ name: string }>(
				"SELECT name FROM sqlite_master WHERE name IN ('rooms', 'authors', 'messages', 'words', 'parts')",
			);
			for (const { name } of tables) this.#db.exec(`DROP TABLE ${name}`); // one of the five
			this.#db.exec(SCHEMA);
		});
	}

	close(): void {
		this.#db.close();
	}

	all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
		return this.#prepared(sql).all(...values) as Row[]; // of the columns that the statement names
	}

	transaction<Result>(run: () => Result): Result {
		this.#db.exec("BEGIN IMMEDIATE");
		try {
			const result = run();
			this.#db.exec("COMMIT");
			return result;
		} catch (error) {
			this.#db.exec("ROLLBACK");
			throw error;
		}
	}

	/** Rooms of these that the index has heard of, by their numbers in it. */
	roomNumbers(roomIds: readonly string[]): { readonly no: number; readonly roomId: string }[] {
		return this.all(
			"SELECT no, room_id AS roomId FROM rooms WHERE room_id IN (SELECT value FROM json_each(?))",
			JSON.stringify(roomIds),
		);
	}

	authorNumbers(userIds: readonly string[]): number[] {
		return this.all<{ no: number }>(
			"SELECT no FROM authors WHERE user_id IN (SELECT value FROM json_each(?))",
			JSON.stringify(userIds),
		).map(({ no }) => no);
	}

	/** How far a room is in the index. */
	versionOf(roomId: string): number {
		return this.#get<RoomColumns>("SELECT * FROM rooms WHERE room_id = ?", roomId)?.version ?? 0;
	}

	/**
	 * Takes a room's news. The answer is how far the room is in the index then: what a note leaves out because it was
	 * acknowledged once, but is not here, is asked for again by it.
	 */
	note(note: NoteMessagesInput): number {
		return this.transaction(() => {
			const room = this.#get<RoomColumns>("SELECT * FROM rooms WHERE room_id = ?", note.roomId);
			const known = room?.epoch === note.epoch ? room.version : 0;
			if (note.from > known) return known;
			if (note.to <= known && room !== undefined && note.floorSeq <= room.floor_seq) return known;
			const version = Math.max(known, note.to);
			const { no } = this.#get<{ no: number }>(
				`INSERT INTO rooms (room_id, epoch, version, floor_seq) VALUES (?, ?, ?, ?) ON CONFLICT (room_id) DO UPDATE
				SET epoch = excluded.epoch, version = excluded.version, floor_seq = max(floor_seq, excluded.floor_seq)
				RETURNING no`,
				note.roomId,
				note.epoch,
				version,
				note.floorSeq,
			) ?? { no: 0 };
			// In the order of places, as the indexes like it best.
			const messages = [...note.messages].sort((one, other) => one.timestamp - other.timestamp || one.seq - other.seq);
			if (note.to > known) for (const message of messages) this.#put(no, message, note.floorSeq);
			this.#forgetBelow(no, note.floorSeq);
			return version;
		});
	}

	/** Takes a part of a room that is no more out of the index; says whether there is more. */
	forget(roomId: string): boolean {
		return this.transaction(() => {
			const room = this.#get<RoomColumns>("SELECT * FROM rooms WHERE room_id = ?", roomId);
			if (room === undefined) return false;
			if (this.#forgetBelow(room.no, Number.MAX_SAFE_INTEGER)) return true;
			this.#run("DELETE FROM rooms WHERE no = ?", room.no);
			return false;
		});
	}

	/** Takes a part of what a room pruned out of the index; says whether there is more. */
	prune(roomId: string): boolean {
		return this.transaction(() => {
			const room = this.#get<RoomColumns>("SELECT * FROM rooms WHERE room_id = ?", roomId);
			return room !== undefined && this.#forgetBelow(room.no, room.floor_seq);
		});
	}

	/** Rooms that pruned more than the index has forgotten. */
	roomsToPrune(): string[] {
		return this.all<{ roomId: string }>(
			`SELECT room_id AS roomId FROM rooms
			WHERE EXISTS (SELECT 1 FROM messages WHERE room = rooms.no AND seq < rooms.floor_seq)`,
		).map(({ roomId }) => roomId);
	}

	/** At most a batch, since a note may tell of many that a room pruned. */
	#forgetBelow(room: number, floorSeq: number): boolean {
		const gone = this.all<MessageColumns>(
			"SELECT place, text, traits FROM messages WHERE room = ? AND seq < ? ORDER BY seq LIMIT ?",
			room,
			floorSeq,
			this.#limits.searchForgetBatch,
		);
		for (const { place } of gone) this.#remove(place);
		return gone.length === this.#limits.searchForgetBatch;
	}

	#put(room: number, message: NotedMessage, floorSeq: number): void {
		const before = this.#get<MessageColumns>(
			"SELECT place, text, traits FROM messages WHERE room = ? AND seq = ?",
			room,
			message.seq,
		);
		const text = foldText(withoutTokens(message.text));
		if (text === "" || message.seq < floorSeq) {
			if (before !== undefined) this.#remove(before.place);
			return;
		}
		const traits = traitsOf(message.text, message.hasFile);
		if (before?.text === text && before.traits === traits.join(" ")) {
			this.#run("UPDATE messages SET version = ? WHERE place = ?", message.version, before.place);
			return;
		}
		if (before !== undefined) this.#remove(before.place);
		const place = before?.place ?? this.#freePlace(message.timestamp);
		const author = this.#authorNumber(message.sender);
		this.#run(
			"INSERT INTO messages (place, room, seq, version, author, traits, text) VALUES (?, ?, ?, ?, ?, ?, ?)",
			place,
			room,
			message.seq,
			message.version,
			author,
			traits.join(" "),
			text,
		);
		const tokens = [roomToken(room), authorToken(author), ...traits.map(traitToken)].join(" ");
		this.#run("INSERT INTO words (rowid, text) VALUES (?, ?)", place, `${withoutTokens(message.text)} ${tokens}`);
		this.#run("INSERT INTO parts (rowid, text) VALUES (?, ?)", place, `${text} ${tokens}`);
	}

	#remove(place: number): void {
		for (const table of ["words", "parts"]) this.#run(`DELETE FROM ${table} WHERE rowid = ?`, place);
		this.#run("DELETE FROM messages WHERE place = ?", place);
	}

	/** The next of this millisecond, or of the first one after it that has room. */
	#freePlace(timestamp: number): number {
		for (let at = timestamp; ; at++) {
			const row = this.#get<{ top: number | null }>(
				"SELECT max(place) AS top FROM messages WHERE place >= ? AND place < ?",
				at * PLACES_PER_MS,
				(at + 1) * PLACES_PER_MS,
			);
			const place = (row?.top ?? at * PLACES_PER_MS - 1) + 1;
			if (place < (at + 1) * PLACES_PER_MS) return place;
		}
	}

	#authorNumber(userId: string): number {
		const row =
			this.#get<{ no: number }>("SELECT no FROM authors WHERE user_id = ?", userId) ??
			this.#get<{ no: number }>("INSERT INTO authors (user_id) VALUES (?) RETURNING no", userId);
		if (row === undefined) throw new Error("an author got no number");
		return row.no;
	}

	#get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
		return this.#prepared(sql).get(...values) as Row | undefined; // of the columns that the statement names
	}

	#run(sql: string, ...values: SQLInputValue[]): void {
		this.#prepared(sql).run(...values);
	}

	/** The statements of this file and of `find.ts`: a few dozen. */
	#prepared(sql: string): StatementSync {
		const known = this.#statements.get(sql) ?? this.#db.prepare(sql);
		this.#statements.set(sql, known);
		return known;
	}
}
