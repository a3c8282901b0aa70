import { notOpenToYou } from "@bullpen/domain/authorization";
import {
	banned,
	invited,
	isShownOut,
	joined,
	left,
	type Membership,
	removed,
	roleGiven,
} from "@bullpen/domain/membership";
import { Problem } from "@bullpen/domain/problem";
import type { RoomInitInput, UpdateRoomInput } from "@bullpen/domain/room";
import { type MemberRow, RoomRole, type RoomRow } from "@bullpen/domain/room";
import { cleanText } from "@bullpen/domain/text";
import type { ActionName } from "@bullpen/domain/wire";
import type { z } from "zod";
import type { Person } from "../identity.ts";
import type { Room, RoomDraft } from "./room.ts";
import { placeKey } from "./store/room-store.ts";

type Rule = (member: MemberRow | undefined, by: { userId: string; role: RoomRole }, now: number) => Membership;

/** Makes the room answer. Doing it again changes nothing: the directory repeats it when it is not sure. */
export function initialise(room: Room, input: z.output<typeof RoomInitInput>): Promise<void> {
	return room.writer.write((draft) => {
		if (room.isInitialised || draft.pending("room", room.id) !== undefined) return;
		const now = room.now();
		draft.note("retention", { kind: "retention", messages: room.limits.retentionMessagesMax });
		draft.put<RoomRow>({
			kind: "room",
			id: room.id,
			name: input.name,
			topic: "",
			visibility: input.visibility,
			createdBy: input.createdBy,
			createdAt: now,
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
	});
}

export const invite = (
	room: Room,
	person: Person,
	input: { userId: string; role?: RoomRole | undefined },
): Promise<void> =>
	act(room, person, "invite", input.userId, (member, by, now) => invited(member, input, by.role, now));

export const setRole = (
	room: Room,
	person: Person,
	{ userId, role }: { userId: string; role: RoomRole },
): Promise<void> => act(room, person, "setRole", userId, (member, by, now) => roleGiven(member, role, by, now));

export const kick = (room: Room, person: Person, { userId }: { userId: string }): Promise<void> =>
	act(room, person, "kick", userId, removed);

export const ban = (room: Room, person: Person, { userId }: { userId: string }): Promise<void> =>
	act(room, person, "ban", userId, (member, by, now) => banned(member, userId, by, now));

/** @throws Problem `text_*` `bad_input` `forbidden` `not_member` */
export function updateRoom(room: Room, person: Person, input: z.output<typeof UpdateRoomInput>): Promise<void> {
	const topic = input.topic === undefined ? undefined : cleanTopic(input.topic, room.limits.topicCharsMax);
	const messagesMax = room.limits.retentionMessagesMax;
	if ((input.retentionMessages ?? 0) > messagesMax) {
		throw new Problem("bad_input", `A room keeps at most ${messagesMax} messages.`, { messagesMax });
	}
	return room.writer.write((draft) => {
		room.admit(person, "updateRoom", draft);
		const pending = draft.pending("room", room.id);
		const before = pending?.kind === "room" ? pending : room.room;
		const noted = draft.noted("retention");
		const messages = noted?.kind === "retention" ? noted.messages : room.retentionMessages;
		draft.note("retention", { kind: "retention", messages: input.retentionMessages ?? messages });
		draft.put<RoomRow>({ ...before, topic: topic ?? before.topic });
	});
}

/** A topic may be empty, unlike a message. */
const cleanTopic = (raw: string, charsMax: number): string =>
	raw.trim() === "" ? "" : cleanText(raw, charsMax, charsMax * 4);

/** @throws Problem `not_found` `forbidden` `not_member` `busy` */
function act(room: Room, person: Person, action: ActionName<"chatRoom">, userId: string, rule: Rule): Promise<void> {
	return room.writer.write((draft) => {
		const role = RoomRole.parse(room.admit(person, action, draft));
		const before = room.memberOf(userId, draft);
		const after = rule(before, { userId: person.userId, role }, room.now());
		if (before === undefined) refuseTooManyOutside(room, role);
		putMember(room, draft, before, after);
	});
}

function putMember(room: Room, draft: RoomDraft, before: MemberRow | undefined, after: Membership): void {
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
function refuseWhenFull(room: Room, before: MemberRow | undefined): void {
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
