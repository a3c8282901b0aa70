import { SessionRow } from "@bullpen/domain/workspace";
import type { Scope, WorkspaceDraft } from "./scope.ts";
import { readSession } from "./store/session.ts";

/** What may change about a session after it was made. */
export type SessionPatch = Partial<
	Pick<
		SessionRow,
		| "sandboxId"
		| "sandboxKind"
		| "state"
		| "agent"
		| "usage"
		| "title"
		| "policy"
		| "spending"
		| "name"
		| "ownerId"
		| "visibility"
	> & {
		/** Undefined takes it away. */
		problem: string | undefined;
		sandboxNote: string | undefined;
		sandbox: SessionRow["sandbox"] | undefined;
		egress: SessionRow["egress"] | undefined;
		refusedHosts: SessionRow["refusedHosts"] | undefined;
		paused: SessionRow["paused"] | undefined;
		mode: string | undefined;
		choices: SessionRow["choices"] | undefined;
		commands: SessionRow["commands"] | undefined;
		installing: number | undefined;
		payer: SessionRow["payer"] | undefined;
		roomId: string | undefined;
		origin: SessionRow["origin"] | undefined;
		archived: SessionRow["archived"] | undefined;
		deleted: SessionRow["deleted"] | undefined;
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
		const { version: _, ...fields } = { ...current, ...patch };
		const next = present(fields);
		const { version: _same, ...before } = current;
		if (JSON.stringify(sorted(next)) === JSON.stringify(sorted(before))) return;
		draft.put<SessionRow>(next);
	}
}

const Fields = SessionRow.omit({ version: true });
/** What is undefined is not there. */
const present = (fields: object): Omit<SessionRow, "version"> =>
	Fields.parse(Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)));

const sorted = (row: object): [string, unknown][] => Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1));
