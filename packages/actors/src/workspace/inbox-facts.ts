import type { NoteWorkspaceInput } from "@bullpen/domain/inbox";
import { mayAnswer } from "@bullpen/domain/permission-rules";
import type { WorkspaceFeedRow, WorkspaceMemberRow } from "@bullpen/domain/workspace";
import type { Members } from "./members.ts";
import type { Scope } from "./scope.ts";
import type { Session } from "./session.ts";
import { pendingPermissions } from "./store/permissions.ts";
import { lastTurnAt } from "./store/turns.ts";

export type Facts = Omit<NoteWorkspaceInput, "userId" | "version">;

/** What members' inboxes are told: absolute facts of this moment, as committed. */
export class InboxFacts {
	readonly #scope: Scope;
	readonly #session: Session;
	readonly #members: Members;
	#pendingIds = new Set<string>();
	#lastAt = 0;

	constructor(scope: Scope, session: Session, members: Members) {
		this.#scope = scope;
		this.#session = session;
		this.#members = members;
	}

	async load(): Promise<void> {
		const { db } = this.#scope.frame;
		this.#lastAt = await lastTurnAt(db);
		this.#pendingIds = new Set((await pendingPermissions(db)).map(({ id }) => id));
	}

	/** Call with every committed row. */
	committed(row: WorkspaceFeedRow): void {
		if (row.kind === "turn") this.#lastAt = row.endedAt ?? row.startedAt;
		if (row.kind !== "permission") return;
		if (row.status === "pending") this.#pendingIds.add(row.id);
		else this.#pendingIds.delete(row.id);
	}

	/** Whether a commit of these rows may be something to tell. */
	areTouchedBy(rows: readonly WorkspaceFeedRow[]): boolean {
		return rows.some(({ kind }) => kind !== "item" && kind !== "prompt" && kind !== "rule" && kind !== "chat");
	}

	/** By person. */
	all(): [userId: string, facts: Facts][] {
		return this.#members.rows.flatMap((member): [string, Facts][] => {
			const facts = this.#for(member);
			return facts === undefined ? [] : [[member.id, facts]];
		});
	}

	#for({ id, role, status, via }: WorkspaceMemberRow): Facts | undefined {
		const { row } = this.#session;
		if (row === undefined) return undefined;
		const { workspaceId, name, agent, state, createdAt, policy = "prompters", archived } = row;
		// Whoever was here through a room is not when it is private: their row decides nothing then.
		const isIn = id === row.ownerId || (status === "joined" && (via === undefined || row.visibility !== "private"));
		return {
			workspaceId,
			name,
			agent,
			state,
			needsYou: this.#pendingIds.size > 0 && mayAnswer(policy, role),
			lastAt: Math.max(createdAt, this.#lastAt),
			...(archived === undefined ? {} : { archivedAt: archived.at }),
			isMember: isIn && row.deleted === undefined,
		};
	}
}
