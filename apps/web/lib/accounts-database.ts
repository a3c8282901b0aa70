import { chmodSync, closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { Pool } from "pg";
import type { Settings } from "./settings.ts";

export type AccountsDatabase = DatabaseSync | Pool;

/** Opens the accounts: a file beside the rest of the data that only its owner can read, or a PostgreSQL server. */
export function openAccounts(where: Settings["accounts"]): AccountsDatabase {
	return "file" in where ? openFile(where.file) : openServer(where.databaseUrl);
}

export async function closeAccounts(database: AccountsDatabase): Promise<void> {
	if (database instanceof DatabaseSync) database.close();
	else await database.end();
}

function openServer(databaseUrl: string): Pool {
	const pool = new Pool({ connectionString: databaseUrl, max: 10, connectionTimeoutMillis: 5_000 });
	// A server that restarts breaks idle connections; the next question opens a fresh one.
	pool.on("error", ({ message }) => process.stderr.write(`accounts: PostgreSQL closed a connection: ${message}\n`));
	return pool;
}

function openFile(file: string): DatabaseSync {
	closeSync(openSync(file, "a", 0o600)); // SQLite gives its -wal and -shm files the mode of this one
	chmodSync(file, 0o600);
	const database = new DatabaseSync(file, { timeout: 5_000 });
	database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
	return database;
}
