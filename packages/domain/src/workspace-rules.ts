import type { ServerRole } from "./identity.ts";
import type { Limits } from "./limits.ts";
import { Problem } from "./problem.ts";
import type { TurnRow, WorkspaceMemberRow, WorkspaceRole, WorkspaceVisibility } from "./workspace.ts";

/** A row as the rules make it; the store adds the version. */
type Unversioned<Row> = Omit<Row, "version">;
type Turn = Unversioned<TurnRow>;

export interface WorkspaceAccess {
	readonly visibility: WorkspaceVisibility;
	readonly ownerId: string;
}
type Member = Unversioned<WorkspaceMemberRow>;

/**
 * What somebody is in this workspace. Its owner always is; a member row decides, unless it is there through the room;
 * otherwise a workspace of the server takes its people, one of a room those who are joined there (`isInRoom`): members of
 * the server as prompters, its guests as viewers. Whoever was removed stays out until invited again.
 */
export const workspaceStanding = (
	workspace: WorkspaceAccess,
	member: Pick<Member, "role" | "status" | "via"> | undefined,
	visitor: { readonly userId: string; readonly role: ServerRole; readonly isInRoom: boolean },
): WorkspaceRole | "outsider" => {
	if (visitor.userId === workspace.ownerId) return "owner";
	const isIn = decides(member)
		? member.status === "joined"
		: workspace.visibility === "server" || (workspace.visibility === "room" && visitor.isInRoom);
	if (!isIn) return "outsider";
	const role = member?.role ?? "prompter";
	return visitor.role === "guest" ? "viewer" : role === "owner" ? "prompter" : role;
};

/** Whether only the workspace's room knows if this person may be here. */
export const isForRoomToSay = (
	workspace: WorkspaceAccess,
	member: Pick<Member, "via" | "status"> | undefined,
	userId: string,
): boolean => workspace.visibility === "room" && userId !== workspace.ownerId && !decides(member);

/** Whoever left by themselves is as if they had never come, but for the role. */
const decides = <Known extends Pick<Member, "via" | "status">>(member: Known | undefined): member is Known =>
	member !== undefined && member.via === undefined && member.status !== "left";

/** Whoever acts is a member from then on; through its room, in a workspace of a room. Undefined when they are one already. */
export const actingMember = (
	workspace: WorkspaceAccess,
	member: Member | undefined,
	by: { readonly userId: string; readonly role: WorkspaceRole },
	at: number,
): Member | undefined => {
	const isBack = member?.status === "left" || (member?.via === "room" && member.status === "removed");
	if (member !== undefined && !isBack) return undefined;
	const { userId: id, role } = by;
	const via = workspace.visibility === "room" ? { via: "room" as const } : {};
	return { kind: "member", id, role, status: "joined", ...via, changedAt: at };
};

/** The room says that somebody is not in it. Undefined when that changes nothing about their row. */
export const leftRoom = (member: Member | undefined, at: number): Member | undefined =>
	member?.via === "room" && member.status === "joined" ? { ...member, status: "removed", changedAt: at } : undefined;

/** Somebody enters by invitation, also after a removal. Undefined when they are in already, whatever their room says. */
export const invitedMember = (
	member: Member | undefined,
	userId: string,
	at: number,
	role: WorkspaceRole = "prompter",
): Member | undefined =>
	decides(member) && member.status === "joined"
		? undefined
		: { kind: "member", id: userId, role, status: "joined", changedAt: at };

/**
 * Somebody is put out, also before they ever came. Undefined when they are out already.
 * @throws Problem `forbidden` for the owner
 */
export const removedMember = (
	workspace: WorkspaceAccess,
	member: Member | undefined,
	userId: string,
	at: number,
): Member | undefined => {
	if (userId === workspace.ownerId) throw new Problem("forbidden", "The owner cannot be removed.");
	if (decides(member) && member.status === "removed") return undefined;
	return { kind: "member", id: userId, role: member?.role ?? "prompter", status: "removed", changedAt: at };
};

/** @throws Problem `busy`: anybody's id can be invited or removed, so what is kept of people has a limit */
export const checkMembers = (members: number, limits: Pick<Limits, "workspaceMembersMax">): void => {
	const { workspaceMembersMax: membersMax } = limits;
	if (members < membersMax) return;
	throw new Problem("busy", "This workspace knows as many people as it can.", { membersMax });
};

/** How a turn came to its end. */
export type TurnEnd =
	| { readonly status: "completed"; readonly stopReason: string }
	| { readonly status: "cancelled"; readonly by: string | undefined }
	| { readonly status: "failed"; readonly problem: string }
	| { readonly status: "interrupted"; readonly problem: string };

/** The turn's one terminal record, or undefined when it has one already: the first end stands. */
export const endedTurn = (turn: Turn, end: TurnEnd, at: number): Turn | undefined => {
	if (turn.status !== "running") return undefined;
	const ended = { ...turn, status: end.status, endedAt: Math.max(at, turn.startedAt) };
	switch (end.status) {
		case "completed":
			return { ...ended, stopReason: end.stopReason };
		case "cancelled":
			return end.by === undefined ? ended : { ...ended, cancelledBy: end.by };
		case "failed":
		case "interrupted":
			return { ...ended, problem: end.problem };
	}
};

/** A line for an end that the turn's own status does not tell: the agent stopped, but not because it was done. */
export const turnNotice = (end: TurnEnd): { level: "info"; text: string } | undefined =>
	end.status === "completed" && end.stopReason !== "end_turn"
		? { level: "info", text: `The agent stopped: ${end.stopReason}.` }
		: undefined;
