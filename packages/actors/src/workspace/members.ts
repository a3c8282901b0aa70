import type { ServerRole } from "@bullpen/domain/identity";
import type { WorkspaceMemberRow, WorkspaceRole } from "@bullpen/domain/workspace";
import type { GivenRole } from "@bullpen/domain/workspace-life";
import { leftMember, ownershipPassed, roleGiven } from "@bullpen/domain/workspace-people-rules";
import {
	actingMember,
	checkMembers,
	invitedMember,
	isForRoomToSay,
	leftRoom,
	removedMember,
	type WorkspaceAccess,
	workspaceStanding,
} from "@bullpen/domain/workspace-rules";
import type { Scope, WorkspaceDraft } from "./scope.ts";
import { allMembers } from "./store/members.ts";

type Member = Omit<WorkspaceMemberRow, "version">;

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
		visitor: { readonly userId: string; readonly role: ServerRole; readonly isInRoom: boolean },
		draft?: WorkspaceDraft,
	): WorkspaceRole | "outsider" {
		return workspaceStanding(access, this.#row(visitor.userId, draft), visitor);
	}

	isForRoomToSay(access: WorkspaceAccess, userId: string): boolean {
		return isForRoomToSay(access, this.#rows.get(userId), userId);
	}

	/** Whoever acts is a member from then on, unless as many are known as there can be. */
	putActing(draft: WorkspaceDraft, access: WorkspaceAccess, by: { userId: string; role: WorkspaceRole }): void {
		const known = this.#row(by.userId, draft);
		const row = actingMember(access, known, by, this.#scope.now());
		const hasPlace = known !== undefined || this.#count(draft) < this.#scope.limits.workspaceMembersMax;
		if (row !== undefined && hasPlace) this.#put(draft, row);
	}

	/**
	 * The row that was put; undefined when they are in already.
	 * @throws Problem `busy` when as many people are known as there can be
	 */
	putInvited(draft: WorkspaceDraft, userId: string, role?: GivenRole): Member | undefined {
		const known = this.#row(userId, draft);
		const row = invitedMember(known, userId, this.#scope.now(), role);
		if (known === undefined) checkMembers(this.#count(draft), this.#scope.limits);
		if (row !== undefined) this.#put(draft, row);
		return row;
	}

	/** The role before, undefined when it is the same. @throws Problem `not_found` `forbidden` */
	putRole(
		draft: WorkspaceDraft,
		access: WorkspaceAccess,
		input: { userId: string; role: GivenRole },
	): WorkspaceRole | undefined {
		const known = this.#row(input.userId, draft);
		const row = roleGiven(access, known, input, this.#scope.now());
		if (row === undefined) return undefined;
		this.#put(draft, row);
		return known?.role;
	}

	/** @throws Problem `forbidden` for the owner */
	putLeft(draft: WorkspaceDraft, access: WorkspaceAccess, userId: string): void {
		const row = leftMember(access, this.#row(userId, draft), userId, this.#scope.now());
		if (row !== undefined) this.#put(draft, row);
	}

	/** Whether somebody else is the owner from then on. @throws Problem `not_found` */
	putPassed(draft: WorkspaceDraft, access: WorkspaceAccess, userId: string): boolean {
		const rows = ownershipPassed(access, this.#row(userId, draft), userId, this.#scope.now());
		for (const row of rows) this.#put(draft, row);
		return rows.length > 0;
	}

	/**
	 * Whether they were not out already.
	 * @throws Problem `forbidden` for the owner · `busy` when as many people are known as there can be
	 */
	putRemoved(draft: WorkspaceDraft, access: WorkspaceAccess, userId: string): boolean {
		const known = this.#row(userId, draft);
		const row = removedMember(access, known, userId, this.#scope.now());
		if (known === undefined) checkMembers(this.#count(draft), this.#scope.limits);
		if (row !== undefined) this.#put(draft, row);
		return row !== undefined;
	}

	/** Whoever was put out: what they said once does not count any more. */
	isRemoved(userId: string, draft?: WorkspaceDraft): boolean {
		return this.#row(userId, draft)?.status === "removed";
	}

	isToLeaveRoom(userId: string): boolean {
		return leftRoom(this.#rows.get(userId), this.#scope.now()) !== undefined;
	}

	putLeftRoom(draft: WorkspaceDraft, userId: string): void {
		const row = leftRoom(this.#row(userId, draft), this.#scope.now());
		if (row !== undefined) this.#put(draft, row);
	}

	#put(draft: WorkspaceDraft, row: Omit<WorkspaceMemberRow, "version">): void {
		const isNew = this.#row(row.id, draft) === undefined;
		if (isNew) draft.note("members", { type: "members", count: this.#count(draft) + 1 });
		draft.put<WorkspaceMemberRow>(row);
	}

	/** People with a row, those of this commit included. */
	#count(draft: WorkspaceDraft): number {
		const noted = draft.noted("members");
		return noted?.type === "members" ? noted.count : this.#rows.size;
	}

	#row(userId: string, draft?: WorkspaceDraft): WorkspaceMemberRow | undefined {
		const pending = draft?.pending("member", userId);
		return pending?.kind === "member" ? pending : this.#rows.get(userId);
	}
}
