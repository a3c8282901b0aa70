import { chmodSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Refusal } from "./refusal.ts";
import { readRun } from "./run-file.ts";

/**
 * Keeps everybody else from the data folder until `release` or the end of this process, however it ends. SQLite's
 * exclusive lock on `<data>/lock`, which stays empty: the operating system holds it, so it cannot be stale and no pid
 * has to be believed. Nothing else in this process may open that file (POSIX locks end with any close).
 * @throws Refusal naming the process and address that use it.
 */
export function lockData(dataFolder: string): { readonly release: () => void } {
	const path = join(dataFolder, "lock");
	const database = new DatabaseSync(path);
	try {
		chmodSync(path, 0o600);
		database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE"); // memory: no second file
	} catch (error) {
		database.close();
		if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY) throw inUse(dataFolder);
		throw error;
	}
	return { release: () => database.isOpen && database.close() };
}

/** https://sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

function inUse(dataFolder: string): Refusal {
	const running = readRun(dataFolder);
	const who = running ? ` (process ${running.pid}, ${running.publicUrl})` : "";
	return new Refusal(
		`Bullpen is already running on ${dataFolder}${who}: stop it, or set BULLPEN_DATA to another folder.`,
	);
}
