import type { RoomShown, RoomStore } from "@bullpen/client/room-store";
import type { RoomAuditPage } from "@bullpen/domain/audit";
import { PAGE_LIMITS } from "@bullpen/domain/page-limits";
import type { MemberStatus, RoomRole, RoomRow } from "@bullpen/domain/room";
import type { RoomLink } from "@bullpen/domain/room-link";
import { isAbove } from "@bullpen/domain/room-roles";
import type { Person, PersonOf } from "../../live/person.ts";
import { refusalOf } from "../../live/refusals.ts";
import { type HookVerbs, hookVerbs } from "./hooks/hook-verbs.ts";

/** Somebody in a room or kept out of it. */
export interface RoomPerson extends Person {
	role: RoomRole;
	membership: MemberStatus;
}

/** Who runs a room, and what of it is for us to change. */
export interface Governance {
	/** Ours; null for visitors and in direct rooms, where nobody has any. */
	role: RoomRole | null;
	canInvite: boolean;
	canManage: boolean;
	isArchived: boolean;
	/** Those who are here first. */
	people: readonly RoomPerson[];
	/** Invited, and kept out. */
	outside: readonly RoomPerson[];
	retentionMessages: number;
	createdAt: number;
}

/** Each answers why not, in words, or null when it is done. */
export interface GovernVerbs {
	invite: (userId: string, role: RoomRole) => Promise<string | null>;
	setRole: (userId: string, role: RoomRole) => Promise<string | null>;
	kick: (userId: string) => Promise<string | null>;
	ban: (userId: string) => Promise<string | null>;
	unban: (userId: string) => Promise<string | null>;
	pass: (userId: string) => Promise<string | null>;
	update: (wish: {
		name?: string;
		topic?: string;
		retentionMessages?: number;
		isArchived?: boolean;
	}) => Promise<string | null>;
	leave: () => Promise<string | null>;
	revokeLink: (id: string) => Promise<string | null>;
	/** What is read or made is thrown for when it is refused. */
	createLink: (input: { usesMax?: number; forMs?: number; role?: "member" | "guest" }) => Promise<{ secret: string }>;
	getLinks: () => Promise<readonly RoomLink[]>;
	getAudit: (page: { before?: number }) => Promise<RoomAuditPage>;
	hooks: HookVerbs;
}

export function governanceOf(
	room: RoomRow,
	shown: RoomShown,
	reader: { me: string; isServerOwner: boolean; personOf: PersonOf },
): Governance {
	const isDirect = room.visibility === "direct";
	const mine = shown.me === null || isDirect ? null : reader.isServerOwner ? "owner" : shown.me.role;
	const rows = [...shown.members.values()].map(
		(row): RoomPerson => ({ ...reader.personOf(row.id), role: row.role, membership: row.status }),
	);
	const isArchived = room.archivedAt !== undefined;
	return {
		role: mine,
		canInvite: mine !== null && mine !== "guest" && !isArchived,
		canManage: mine === "owner" || mine === "admin",
		isArchived,
		people: rows.filter(({ membership, isGone }) => membership === "joined" && !isGone).sort(hereFirst),
		outside: rows.filter(({ membership }) => membership === "invited" || membership === "banned").sort(byName),
		retentionMessages: room.retentionMessages ?? PAGE_LIMITS.retentionMessagesMax,
		createdAt: room.createdAt,
	};
}

/** Whether somebody with `role` runs the room and may act on a person in it. */
export const mayActOn = (role: RoomRole | null, person: Pick<RoomPerson, "id" | "role">, me: string): boolean =>
	(role === "owner" || role === "admin") && isAbove({ userId: me, role }, person);

export const governVerbs = (store: RoomStore): GovernVerbs => ({
	invite: (userId, role) => refusalOf(store.governance.invite(userId, role)),
	setRole: (userId, role) => refusalOf(store.governance.setRole(userId, role)),
	kick: (userId) => refusalOf(store.governance.kick(userId)),
	ban: (userId) => refusalOf(store.governance.ban(userId)),
	unban: (userId) => refusalOf(store.governance.unban(userId)),
	pass: (userId) => refusalOf(store.governance.transferOwnership(userId)),
	update: (wish) => refusalOf(store.governance.updateRoom(wish)),
	leave: () => refusalOf(store.leave()),
	revokeLink: (id) => refusalOf(store.governance.revokeLink(id)),
	createLink: (input) => store.governance.createLink(input),
	getLinks: () => store.governance.getLinks(),
	getAudit: (page) => store.governance.getAudit(page),
	hooks: hookVerbs(store.hooks),
});

const byName = (a: Person, b: Person) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1);
const hereFirst = (a: Person, b: Person) => Number(b.isOnline) - Number(a.isOnline) || byName(a, b);
