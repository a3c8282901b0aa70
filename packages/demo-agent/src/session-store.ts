import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Conversation, readConversation } from "./conversation.ts";

const FILE_BYTES_MAX = 4 * 1024 * 1024;

/** Sessions as files in the agent's home, so that they outlive the process. */
export class SessionStore {
	readonly #folder: string;
	#written = 0;

	constructor(home: string) {
		this.#folder = join(home, ".bullpen-demo-agent");
	}

	/** Undefined for a session that never was here. */
	async load(sessionId: string): Promise<Conversation | undefined> {
		const file = this.#file(sessionId);
		if (file === undefined) return undefined;
		try {
			if ((await stat(file)).size > FILE_BYTES_MAX) return undefined;
			return readConversation(await readFile(file, "utf8"));
		} catch {
			return undefined; // absent or unreadable: the same for the caller, who starts a new session
		}
	}

	async save(sessionId: string, conversation: Conversation): Promise<void> {
		const file = this.#file(sessionId);
		if (file === undefined) return;
		await mkdir(this.#folder, { recursive: true });
		const half = `${file}.${process.pid}.${++this.#written}`;
		await writeFile(half, JSON.stringify(conversation));
		await rename(half, file);
	}

	#file(sessionId: string): string | undefined {
		return /^[A-Za-z0-9-]{1,64}$/.test(sessionId) ? join(this.#folder, `${sessionId}.json`) : undefined;
	}
}
