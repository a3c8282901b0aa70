import { eraseFiles } from "./agent/erase.ts";
import type { Agent } from "./agent.ts";
import type { Chore } from "./inbox-notes.ts";
import type { Scope } from "./scope.ts";
import type { Session } from "./session.ts";

interface Parts {
	readonly session: Session;
	readonly agent: Agent;
	readonly workspaceId: string;
	/** `BULLPEN_DATA`. */
	readonly dataDir: string;
}

/** Takes away what is left of a deleted workspace, once everybody was told: its files, then its tables with the actor. */
export class Erasure implements Chore {
	readonly isLast = true;
	readonly #scope: Scope;
	readonly #parts: Parts;

	constructor(scope: Scope, parts: Parts) {
		this.#scope = scope;
		this.#parts = parts;
	}

	get isDue(): boolean {
		return this.#parts.session.row?.deleted !== undefined;
	}

	/** False when the files could not be taken away: nothing else is then, so that it is tried again. */
	async run(): Promise<boolean> {
		const { workspaceId, dataDir, agent } = this.#parts;
		const { frame, limits } = this.#scope;
		try {
			await agent.stop();
			await eraseFiles({ workspaceId, dataDir, db: frame.db, limits });
		} catch (error) {
			frame.log.error({ msg: "a deleted workspace's files are still there", error: String(error) });
			return false;
		}
		frame.destroy();
		return true;
	}
}
