import { chmodSync, closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

const BUSY_MS = 5_000;

/** Appended, never edited: each brings the file from one `user_version` to the next. */
const MIGRATIONS = [
	`
	CREATE TABLE credentials (
		id         TEXT PRIMARY KEY,
		user_id    TEXT NOT NULL, -- '' for the server's
		provider   TEXT NOT NULL,
		base_url   TEXT NOT NULL, -- where the key may be sent; '' for the provider's own
		sealed     BLOB NOT NULL, -- seal.ts
		sealed_by  TEXT NOT NULL, -- id of the secret key
		set_by     TEXT NOT NULL,
		created_at INTEGER NOT NULL, -- unix ms
		rotated_at INTEGER NOT NULL, -- unix ms
		UNIQUE (user_id, provider)
	) STRICT;
	CREATE TABLE endpoints (
		provider           TEXT PRIMARY KEY,
		base_url           TEXT NOT NULL,
		is_private_allowed INTEGER NOT NULL,
		set_by             TEXT NOT NULL,
		set_at             INTEGER NOT NULL -- unix ms
	) STRICT;
	`,
];

/** Opens the file for one of several processes: readers and a writer do not wait for each other. */
export function openDatabase(file: string): DatabaseSync {
	closeSync(openSync(file, "a", 0o600)); // SQLite gives its -wal and -shm files the mode of this one
	chmodSync(file, 0o600);
	const database = new DatabaseSync(file, { timeout: BUSY_MS });
	database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;");
	transaction(database, () => migrate(database));
	return database;
}

function migrate(database: DatabaseSync): void {
	const version = Number(database.prepare("PRAGMA user_version").get()?.user_version);
	if (version > MIGRATIONS.length) throw new Error("credentials.db was written by a later version of Bullpen.");
	for (const statements of MIGRATIONS.slice(version)) database.exec(statements);
	database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
}

/** All or nothing; nobody else writes meanwhile. */
export function transaction<Result>(database: DatabaseSync, work: () => Result): Result {
	database.exec("BEGIN IMMEDIATE");
	try {
		const result = work();
		database.exec("COMMIT");
		return result;
	} catch (error) {
		database.exec("ROLLBACK");
		throw error;
	}
}
