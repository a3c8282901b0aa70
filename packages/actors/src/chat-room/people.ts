import type { RoomAct } from "@bullpen/domain/audit";
import { notOpenToYou } from "@bullpen/domain/authorization";
import { isBotId } from "@bullpen/domain/bot";
import {
	banned,
	heirOf,
	invited,
	isShownOut,
	joined,
	left,
	type Membership,
	ownershipPassed,
	removed,
	roleGiven,
	unbanned,
} from "@bullpen/domain/membership";
import { Problem } from "@bullpen/domain/problem";
import type { MemberRow, RoomInitInput, RoomRole, RoomRow } from "@bullpen/domain/room";
import type { ActionName } from "@bullpen/domain/wire";
import type { z } from "zod";
import type { Person } from "../identity.ts";
import { passingOn } from "../peer-refusal.ts";
import { noteAct } from "./acts.ts";
import type { Room, RoomDraft } from "./room.ts";
import { placeKey } from "./store/room-store.ts";

type Rule = (member: MemberRow | undefined, by: { userId: string; role: RoomRole }, now: number) => Membership;

/** Makes the room answer. Doing it again changes nothing: the directory repeats it when it is not sure. */
export function initialise(room: Room, input: z.output<typeof RoomInitInput>): Promise<void> {
	return room.writer.write((draft) => {
		if (room.isInitialised || draft.pending("room", room.id) !== undefined) return;
		const now = room.now();
		draft.put<RoomRow>({
			kind: "room",
			id: room.id,
			name: input.name,
			topic: input.topic ?? "",
			visibility: input.visibility,
			createdBy: input.createdBy,
			createdAt: now,
			retentionMessages: room.limits.retentionMessagesMax,
		});
		for (const { userId, role } of input.members) {
			putMember(room, draft, undefined, { kind: "member", id: userId, role, status: "joined", changedAt: now });
		}
	});
}

/** @throws Problem `not_found` `not_member` `busy` */
export function join(room: Room, person: Person): Promise<void> {
	return room.writer.write((draft) => {
		room.admit(person, "join", draft);
		const before = room.memberOf(person.userId, draft);
		refuseWhenFull(room, before);
		const who = { userId: person.userId, serverRole: person.role };
		putMember(room, draft, before, joined(before, who, room.now()));
	});
}

/** @throws Problem `not_found` `not_member` */
export function leave(room: Room, person: Person): Promise<void> {
	return room.writer.write((draft) => {
		room.admit(person, "leave", draft);
		const before = room.memberOf(person.userId, draft);
		if (before === undefined) throw notOpenToYou();
		putMember(room, draft, before, left(before, room.now()));
		passOn(room, draft, person.userId);
	});
}

/** A bot that is let in is there at once, so it has to be one. @throws Problem `not_found` `forbidden` `not_member` `busy` */
export async function invite(
	room: Room,
	person: Person,
	input: { userId: string; role?: RoomRole | undefined },
): Promise<void> {
	if (isBotId(input.userId)) await passingOn(room.peers.get("directory", "main").checkBot({ userId: input.userId }));
	await act(room, person, "invite", input.userId, (member, by, now) => invited(member, input, by.role, now));
}

export const setRole = (
	room: Room,
	person: Person,
	{ userId, role }: { userId: string; role: RoomRole },
): Promise<void> => act(room, person, "setRole", userId, (member, by, now) => roleGiven(member, role, by, now));

export const kick = (room: Room, person: Person, { userId }: { userId: string }): Promise<void> =>
	act(room, person, "kick", userId, removed);

export const ban = (room: Room, person: Person, { userId }: { userId: string }): Promise<void> =>
	act(room, person, "ban", userId, (member, by, now) => banned(member, userId, by, now));

export const unban = (room: Room, person: Person, { userId }: { userId: string }): Promise<void> =>
	act(room, person, "unban", userId, (member, _, now) => unbanned(member, now));

/** @throws Problem `not_found` `forbidden` `not_member` */
export function transferOwnership(room: Room, person: Person, { userId }: { userId: string }): Promise<void> {
	return room.writer.write((draft) => {
		room.admit(person, "transferOwnership", draft);
		const [mine, theirs] = [room.memberOf(person.userId, draft), room.memberOf(userId, draft)];
		const { next, before } = ownershipPassed(mine, theirs, room.now());
		putMember(room, draft, theirs, next);
		if (before !== undefined) putMember(room, draft, mine, before);
		noteAct(room, draft, { type: "ownership-passed", by: person.userId, userId });
	});
}

/** Somebody's account was closed: they are not here any more, and a room that was theirs alone gets another owner. */
export async function barPerson(room: Room, { userId, at }: { userId: string; at: number }): Promise<void> {
	room.audience.bar(userId, at);
	if (!room.isInitialised) return;
	await room.writer.write((draft) => passOn(room, draft, userId));
}

/** @throws Problem `not_found` `forbidden` `not_member` `busy` */
function act(room: Room, person: Person, action: ActionName<"chatRoom">, userId: string, rule: Rule): Promise<void> {
	return room.writer.write((draft) => {
		const role = room.admit(person, action, draft);
		const before = room.memberOf(userId, draft);
		const after = rule(before, { userId: person.userId, role }, room.now());
		if (after.status === "joined") refuseWhenFull(room, before);
		else if (before === undefined) refuseTooManyOutside(room, role);
		if (after === before) return;
		putMember(room, draft, before, after);
		const recorded = actOf(action, person.userId, before, after);
		if (recorded !== undefined) noteAct(room, draft, recorded);
		if (before?.status === "joined") passOn(room, draft, userId);
	});
}

/** What is written down of an act on somebody. */
function actOf(
	action: ActionName<"chatRoom">,
	by: string,
	before: MemberRow | undefined,
	{ id: userId, role }: Membership,
): RoomAct | undefined {
	switch (action) {
		case "invite":
			return { type: "member-invited", by, userId, role };
		case "setRole":
			return { type: "role-changed", by, userId, from: before?.role ?? role, to: role };
		case "kick":
			return { type: "member-kicked", by, userId };
		case "ban":
			return { type: "member-banned", by, userId };
		case "unban":
			return { type: "member-unbanned", by, userId };
		default:
			return undefined;
	}
}

/** When `goneId` was the last owner, the room is somebody else's now. Nobody owns `general`, nor a direct room. */
function passOn(room: Room, draft: RoomDraft, goneId: string): void {
	if (room.memberOf(goneId)?.role !== "owner" || room.room.visibility === "direct") return;
	const others = [...room.members].flatMap(({ row }) =>
		row.id === goneId ? [] : (room.memberOf(row.id, draft) ?? []),
	);
	const heir = heirOf(others);
	if (heir === undefined) return;
	putMember(room, draft, room.memberOf(heir.id, draft), { ...heir, role: "owner", changedAt: room.now() });
	noteAct(room, draft, { type: "ownership-passed", userId: heir.id });
}

export function putMember(room: Room, draft: RoomDraft, before: MemberRow | undefined, after: Membership): void {
	if (after === before) return;
	const place = room.placeOf(after.id, draft);
	const isComing = isIn(after) && !(before !== undefined && isIn(before));
	const isJoining = after.status === "joined" && before?.status !== "joined";
	const { seq, version } = draft.counters;
	draft.note(placeKey(after.id), {
		...place,
		...(isComing || isJoining ? { joinedAtSeq: seq, joinedAtVersion: version } : {}),
		...(isShownOut(after.status) ? { removedAt: after.changedAt } : {}),
	});
	draft.put<MemberRow>(after);
}

const isIn = ({ status }: Membership): boolean => status === "joined" || status === "invited";

/** Only those who are in take a place: nobody can fill a room with invitations to people who never come. */
export function refuseWhenFull(room: Room, before: MemberRow | undefined): void {
	const { roomMembersMax } = room.limits;
	if (before?.status !== "joined" && countOf(room, "joined") >= roomMembersMax) {
		throw new Problem("busy", "This room has as many people as a room can have.", { membersMax: roomMembersMax });
	}
}

/** Anybody's id can be invited or banned, also one that nobody has: what a room keeps of them has a limit. */
function refuseTooManyOutside(room: Room, by: RoomRole): void {
	const { roomMembersMax, roomInvitationsMax } = room.limits;
	const isManager = by === "owner" || by === "admin";
	const outside = isManager ? room.memberCount - countOf(room, "joined") : countOf(room, "invited");
	const invitationsMax = isManager ? roomMembersMax : roomInvitationsMax;
	if (outside >= invitationsMax) {
		throw new Problem("busy", "Too many invitations to this room wait to be taken.", { invitationsMax });
	}
}

const countOf = (room: Room, status: MemberRow["status"]): number =>
	[...room.members].filter(({ row }) => row.status === status).length;
