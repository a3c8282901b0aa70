import type { WorkspaceMemberRow, WorkspaceRole } from "@bullpen/domain/workspace";
import { invitedMember, removedMember, type WorkspaceAccess, workspaceStanding } from "@bullpen/domain/workspace-rules";
import type { Person } from "../identity.ts";
import type { Scope, WorkspaceDraft } from "./scope.ts";
import { allMembers } from "./store/members.ts";

/** Who may be here: the member rows, kept in memory as they were committed. */
export class Members {
	readonly #scope: Scope;
	#rows = new Map<string, WorkspaceMemberRow>();

	constructor(scope: Scope) {
		this.#scope = scope;
	}

	get rows(): readonly WorkspaceMemberRow[] {
		return [...this.#rows.values()];
	}

	async load(): Promise<void> {
		this.#rows = new Map((await allMembers(this.#scope.frame.db)).map((row) => [row.id, row]));
	}

	/** Call with every committed row. The connections of a removed person close at once. */
	committed(row: WorkspaceMemberRow): void {
		this.#rows.set(row.id, row);
		if (row.status === "removed") this.#scope.audience.close(row.id, "removed");
	}

	standing(
		access: WorkspaceAccess,
		person: Pick<Person, "userId" | "role">,
		draft?: WorkspaceDraft,
	): WorkspaceRole | "outsider" {
		return workspaceStanding(access, this.#row(person.userId, draft), person);
	}

	/** Whoever acts is a member from then on. */
	putActing(draft: WorkspaceDraft, userId: string, role: WorkspaceRole): void {
		if (this.#row(userId, draft) !== undefined) return;
		const changedAt = this.#scope.now();
		draft.put<WorkspaceMemberRow>({ kind: "member", id: userId, role, status: "joined", changedAt });
	}

	putInvited(draft: WorkspaceDraft, userId: string): void {
		const row = invitedMember(this.#row(userId, draft), userId, this.#scope.now());
		if (row !== undefined) draft.put<WorkspaceMemberRow>(row);
	}

	/** @throws Problem `forbidden` for the owner */
	putRemoved(draft: WorkspaceDraft, access: WorkspaceAccess, userId: string): void {
		const row = removedMember(access, this.#row(userId, draft), userId, this.#scope.now());
		if (row !== undefined) draft.put<WorkspaceMemberRow>(row);
	}

	#row(userId: string, draft?: WorkspaceDraft): WorkspaceMemberRow | undefined {
		const pending = draft?.pending("member", userId);
		return pending?.kind === "member" ? pending : this.#rows.get(userId);
	}
}
