import type { SessionRow } from "@bullpen/domain/workspace";
import type { Scope, WorkspaceDraft } from "./scope.ts";
import { readSession } from "./store/session.ts";

/** What may change about a session after it was made. */
export type SessionPatch = Partial<
	Pick<SessionRow, "sandboxId" | "sandboxKind" | "state" | "mode" | "usage" | "title" | "policy"> & {
		/** Undefined takes it away. */
		problem: string | undefined;
		sandboxNote: string | undefined;
		paused: SessionRow["paused"] | undefined;
	}
>;

/** The workspace's one session row, kept in memory as it was committed. */
export class Session {
	readonly #scope: Scope;
	#row: SessionRow | undefined;

	constructor(scope: Scope) {
		this.#scope = scope;
	}

	/** Undefined until the workspace was initialised. */
	get row(): SessionRow | undefined {
		return this.#row;
	}

	async load(): Promise<void> {
		this.#row = await readSession(this.#scope.frame.db);
	}

	/** Call with every committed row: the truth others decide by. */
	committed(row: SessionRow): void {
		this.#row = row;
	}

	/** As this commit sees it. */
	seen(draft: WorkspaceDraft): SessionRow | undefined {
		const pending = draft.pending("session", "default");
		return pending?.kind === "session" ? pending : this.#row;
	}

	/** Adds the change to a commit; a change that changes nothing adds nothing. */
	put(draft: WorkspaceDraft, patch: SessionPatch): void {
		const current = this.seen(draft);
		if (current === undefined) return;
		const { version: _, problem, sandboxNote, paused, ...fields } = { ...current, ...patch };
		const next = {
			...fields,
			...(problem === undefined ? {} : { problem }),
			...(sandboxNote === undefined ? {} : { sandboxNote }),
			...(paused === undefined ? {} : { paused }),
		};
		const { version: _same, ...before } = current;
		if (JSON.stringify(sorted(next)) === JSON.stringify(sorted(before))) return;
		draft.put<SessionRow>(next);
	}
}

const sorted = (row: object): [string, unknown][] => Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1));
