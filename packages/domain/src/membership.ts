import { isBotId } from "./bot.ts";
import type { ServerRole } from "./identity.ts";
import { Problem } from "./problem.ts";
import type { MemberRow, MemberStatus, RoomRole, RoomVisibility } from "./room.ts";
import { isAbove, ROOM_RANK, rolesToGive } from "./room-roles.ts";
import { unreachable } from "./unreachable.ts";

/** A person's place in a room, without the version that the feed gives it. */
export type Membership = Omit<MemberRow, "version">;
/**
 * What a person is to a room right now: what the authorisation table asks. `direct`: one of a direct room's people, who have
 * no roles, and whom nobody can add to or take from.
 */
export type RoomStanding = RoomRole | "direct" | "invited" | "previewer" | "outsider";

interface Who {
	readonly userId: string;
	readonly serverRole: ServerRole;
}

/**
 * An owner of the server who has joined is an owner of the room, so no room is ever without one who may act. A public
 * room may be read by any member of the server before joining; guests and the removed see only what they were invited to.
 */
export function standingIn(
	visibility: RoomVisibility,
	member: Pick<Membership, "role" | "status"> | undefined,
	serverRole: ServerRole,
): RoomStanding {
	const visitor = visibility === "public" && serverRole !== "guest" ? "previewer" : "outsider";
	if (member === undefined) return visitor;
	switch (member.status) {
		case "joined":
			if (visibility === "direct") return "direct";
			return serverRole === "owner" ? "owner" : member.role;
		case "invited":
			return "invited";
		case "left":
			return visitor;
		case "removed":
		case "banned":
			return "outsider";
		default:
			return unreachable(member.status);
	}
}

/** The role by which somebody who was admitted acts on messages. */
export const roleOf = (standing: RoomStanding): RoomRole => {
	switch (standing) {
		case "owner":
		case "admin":
		case "member":
		case "guest":
			return standing;
		case "direct":
			return "member";
		case "invited":
		case "previewer":
		case "outsider":
			return "guest";
		default:
			return unreachable(standing);
	}
};

/** People who were shown out stay out: connections with a ticket made before that are refused too. */
export const isShownOut = (status: MemberStatus): boolean => status === "removed" || status === "banned";

/** The person is in the room from now on; unchanged when they were. Whether they may is the table's matter. */
export function joined(member: Membership | undefined, { userId, serverRole }: Who, now: number): Membership {
	if (member?.status === "joined") return member;
	const role = member?.role ?? (serverRole === "guest" ? "guest" : "member");
	return { kind: "member", id: userId, role, status: "joined", changedAt: now };
}

export function left(member: Membership, now: number): Membership {
	return member.status === "joined" || member.status === "invited"
		? { ...member, status: "left", changedAt: now }
		: member;
}

/**
 * An invitation by somebody with the role `by`. It is how a removed person may come back and a ban is lifted, which only
 * an admin or an owner may do. Inviting somebody who is in changes nothing. A bot has nobody to accept it: invited, it is in.
 * @throws Problem `forbidden`
 */
export function invited(
	member: Membership | undefined,
	input: { userId: string; role?: RoomRole | undefined },
	by: RoomRole,
	now: number,
): Membership {
	if (member?.status === "joined") return member;
	const isBot = isBotId(input.userId);
	const role = input.role ?? (isBot ? "guest" : "member");
	if (isBot && role === "owner") throw forbidden("A bot owns no room.");
	if (!rolesToGive(by).includes(role)) throw forbidden("You cannot give a role above your own.");
	if (member !== undefined && isShownOut(member.status) && ROOM_RANK[by] < ROOM_RANK.admin) {
		throw forbidden("This person was removed: an admin or an owner has to invite them.");
	}
	if (member?.status === "invited" && member.role === role) return member;
	return { kind: "member", id: input.userId, role, status: isBot ? "joined" : "invited", changedAt: now };
}

/**
 * @throws Problem `not_found` for somebody who is not in the room, `forbidden` for a role or person not below one's own
 */
export function roleGiven(
	member: Membership | undefined,
	role: RoomRole,
	by: { userId: string; role: RoomRole },
	now: number,
): Membership {
	if (member?.status !== "joined") throw notHere();
	refuseUnlessAbove(by, member);
	if (!rolesToGive(by.role).includes(role)) throw forbidden("You cannot give a role above your own.");
	if (role === "owner" && isBotId(member.id)) throw forbidden("A bot owns no room.");
	return member.role === role ? member : { ...member, role, changedAt: now };
}

/** @throws Problem `not_found` `forbidden` */
export function removed(
	member: Membership | undefined,
	by: { userId: string; role: RoomRole },
	now: number,
): Membership {
	if (member === undefined || member.status === "left") throw notHere();
	refuseUnlessAbove(by, member);
	return isShownOut(member.status) ? member : { ...member, status: "removed", changedAt: now };
}

/** Also keeps out somebody who has never been in. @throws Problem `forbidden` */
export function banned(
	member: Membership | undefined,
	userId: string,
	by: { userId: string; role: RoomRole },
	now: number,
): Membership {
	const current = member ?? { kind: "member", id: userId, role: "guest", status: "left", changedAt: now };
	refuseUnlessAbove(by, current);
	return current.status === "banned" ? current : { ...current, status: "banned", changedAt: now };
}

/** Lifts a ban: the way back is that of somebody who left. @throws Problem `not_found` */
export function unbanned(member: Membership | undefined, now: number): Membership {
	if (member?.status !== "banned") throw new Problem("not_found", "This person is not banned from the room.");
	return { ...member, role: "member", status: "left", changedAt: now };
}

/**
 * A room passes to somebody in it: they become an owner, the one who passed it on an admin.
 * @throws Problem `not_found` `forbidden`
 */
export function ownershipPassed(
	owner: Membership | undefined,
	member: Membership | undefined,
	now: number,
): { readonly next: Membership; readonly before: Membership | undefined } {
	if (member?.status !== "joined") throw notHere();
	if (owner?.id === member.id) throw forbidden("The room is yours already.");
	if (isBotId(member.id)) throw forbidden("A bot owns no room.");
	const before = owner?.role === "owner" ? { ...owner, role: "admin" as const, changedAt: now } : owner;
	return { next: { ...member, role: "owner", changedAt: now }, before };
}

/**
 * Who owns a room when its last owner has gone: the admin who has been one for longest, else the member. Undefined while
 * an owner is in, and when nobody is there to take it.
 */
export function heirOf(members: Iterable<Membership>): Membership | undefined {
	const here = [...members].filter(({ status }) => status === "joined");
	if (here.some(({ role }) => role === "owner")) return undefined;
	const byRank = (one: Membership, other: Membership): number =>
		ROOM_RANK[other.role] - ROOM_RANK[one.role] || one.changedAt - other.changedAt || (one.id < other.id ? -1 : 1);
	return here.filter(({ id, role }) => role !== "guest" && !isBotId(id)).sort(byRank)[0];
}

function refuseUnlessAbove(by: { userId: string; role: RoomRole }, member: Membership): void {
	if (isAbove(by, member)) return;
	const isSelf = by.userId === member.id;
	throw forbidden(isSelf ? "You cannot do this to yourself." : "This person's role is not below yours.");
}

const forbidden = (sentence: string): Problem => new Problem("forbidden", sentence);
const notHere = (): Problem => new Problem("not_found", "This person is not in the room.");
