import { knownAgent } from "@bullpen/domain/agent-name";
import type { SessionRow } from "@bullpen/domain/workspace";
import type { NoteListingInput } from "@bullpen/domain/workspace-life";
import { isAbsent } from "../peer-refusal.ts";
import type { Peers } from "../peers.ts";
import type { Chore } from "./inbox-notes.ts";
import type { Scope, WorkspaceDraft } from "./scope.ts";
import type { Session } from "./session.ts";
import { keepListed, readListed } from "./store/listed.ts";

/** What the directory is told of this workspace, until it has acknowledged it. */
export class Listing implements Chore {
	readonly isLast = false;
	readonly #scope: Scope;
	readonly #session: Session;
	readonly #peers: Peers;
	#listed = "";

	constructor(scope: Scope, session: Session, peers: Peers) {
		this.#scope = scope;
		this.#session = session;
		this.#peers = peers;
	}

	async load(): Promise<void> {
		this.#listed = await readListed(this.#scope.frame.db);
	}

	/** With the commit that makes the workspace: the directory, which wants it so, knows how it stands. */
	putMade(draft: WorkspaceDraft, row: Omit<SessionRow, "version">): void {
		this.#listed = printOf(row);
		draft.note("listed", { type: "listed", print: this.#listed });
	}

	get isDue(): boolean {
		const { row } = this.#session;
		return row !== undefined && printOf(row) !== this.#listed;
	}

	/** False when the directory could not be told. */
	async run(version: number): Promise<boolean> {
		const { row } = this.#session;
		if (row === undefined) return true;
		const print = printOf(row);
		try {
			await this.#peers.get("directory", "main").noteWorkspace({ ...listed(row), version });
			await keepListed(this.#scope.frame.db, print);
		} catch (error) {
			if (!isAbsent(error)) {
				this.#scope.frame.log.warn({ msg: "the directory could not be told", error: String(error) });
				return false;
			}
		}
		this.#listed = print;
		return true;
	}
}

type Listed = Omit<NoteListingInput, "version">;

const listed = (row: Omit<SessionRow, "version">): Listed => ({
	workspaceId: row.workspaceId,
	name: row.name,
	agent: knownAgent(row.agent),
	ownerId: row.ownerId,
	...(row.visibility === "room" && row.roomId !== undefined && { roomId: row.roomId }),
	isListed: row.visibility === "server" && row.deleted === undefined,
	isDeleted: row.deleted !== undefined,
	...(row.archived === undefined ? {} : { archivedAt: row.archived.at }),
	createdAt: row.createdAt,
});

/** The agent may change often, and nobody looks for a workspace by it. */
const printOf = (row: Omit<SessionRow, "version">): string => JSON.stringify({ ...listed(row), agent: undefined });
