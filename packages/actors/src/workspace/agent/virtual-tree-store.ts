import { z } from "zod";
import type { Db } from "./db.ts";

const FileRow = z.object({ path: z.string(), text: z.string() });
const FILES_MAX = 1_000;

/** The simulated files of one workspace, in the actor's database: the demo agent and people work on the same ones. */
export class VirtualTreeStore {
	readonly #db: Db;
	#files: Promise<Map<string, string>> | undefined;

	constructor(db: Db) {
		this.#db = db;
	}

	/** All of them, live. */
	files(): Promise<Map<string, string>> {
		this.#files ??= this.#load();
		return this.#files;
	}

	async keep(path: string, text: string): Promise<void> {
		const files = await this.files();
		await this.#db.execute(
			"INSERT INTO agent_files (path, text) VALUES (?, ?) ON CONFLICT (path) DO UPDATE SET text = excluded.text",
			path,
			text,
		);
		files.set(path, text);
	}

	async remove(path: string): Promise<void> {
		const files = await this.files();
		await this.#db.execute("DELETE FROM agent_files WHERE path = ?", path);
		files.delete(path);
	}

	async #load(): Promise<Map<string, string>> {
		const rows = await this.#db.execute("SELECT path, text FROM agent_files ORDER BY path LIMIT ?", FILES_MAX);
		return new Map(rows.map((row) => FileRow.parse(row)).map(({ path, text }) => [path, text]));
	}
}
