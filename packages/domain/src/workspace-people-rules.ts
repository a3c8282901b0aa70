import { Problem } from "./problem.ts";
import type { WorkspaceMemberRow } from "./workspace.ts";
import type { GivenRole } from "./workspace-life.ts";
import type { WorkspaceAccess } from "./workspace-rules.ts";

type Member = Omit<WorkspaceMemberRow, "version">;

/**
 * Somebody's role from now on, whether they are here or have left and may come back. Undefined when it is theirs already.
 * @throws Problem `not_found` for somebody who is not known here · `forbidden` for the owner
 */
export const roleGiven = (
	workspace: WorkspaceAccess,
	member: Member | undefined,
	input: { readonly userId: string; readonly role: GivenRole },
	at: number,
): Member | undefined => {
	if (input.userId === workspace.ownerId) {
		throw new Problem("forbidden", "The owner stays the owner until the workspace is passed on.");
	}
	if (member === undefined || member.status === "removed") throw notHere();
	return member.role === input.role ? undefined : { ...member, role: input.role, changedAt: at };
};

/**
 * Somebody goes, and keeps the role that they had should they come back. Undefined when they are not in.
 * @throws Problem `forbidden` for the owner
 */
export const leftMember = (
	workspace: WorkspaceAccess,
	member: Member | undefined,
	userId: string,
	at: number,
): Member | undefined => {
	if (userId === workspace.ownerId) throw new Problem("forbidden", "Pass the workspace on before you leave it.");
	return member?.status === "joined" ? { ...member, status: "left", changedAt: at } : undefined;
};

/**
 * The rows of the owner to come and of the one before; none when nothing changes. Both are members by name from then on.
 * @throws Problem `not_found` for somebody who is not in
 */
export const ownershipPassed = (
	workspace: WorkspaceAccess,
	member: Member | undefined,
	userId: string,
	at: number,
): readonly Member[] => {
	if (userId === workspace.ownerId) return [];
	if (member?.status !== "joined") throw notHere();
	const row = (id: string, role: Member["role"]): Member => ({
		kind: "member",
		id,
		role,
		status: "joined",
		changedAt: at,
	});
	return [row(userId, "owner"), row(workspace.ownerId, "prompter")];
};

const notHere = (): Problem => new Problem("not_found", "This person is not in the workspace.");
