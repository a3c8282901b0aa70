import type { InboxLevel, InboxWorkspaceRow, NoteRoomInput, NoteWorkspaceInput, Notified } from "./inbox.ts";
import type { Limits } from "./limits.ts";
import { Problem } from "./problem.ts";
import type { RoomVisibility } from "./room.ts";

/**
 * What an inbox knows of one room, beside the facts of single messages. Positions only ever grow, but for what its person
 * does to the read mark; what can change both ways (name, membership) is that of the newest note. So notes may come late,
 * twice and in any order.
 */
export interface RoomPosition {
	readonly roomId: string;
	/** Version of the newest note. */
	readonly noteVersion: number;
	readonly name: string;
	readonly visibility: RoomVisibility;
	readonly isMember: boolean;
	readonly headSeq: number;
	readonly floorSeq: number;
	readonly readSeq: number;
	/** Rises whenever reading goes back: whoever marks by an earlier one has not seen that. */
	readonly readEpoch: number;
	/** The coming in that reading began with, as the room's version of it; -1 for none. */
	readonly joinedVersion: number;
	/** Head when its person came in last: no thread has anything unread below. */
	readonly joinedAtSeq: number;
	readonly lastAt: number;
	readonly level?: InboxLevel;
	readonly mutedUntil?: number;
}

/** The room after one more note; the same object when the note says nothing new. */
export function withNote(current: RoomPosition | undefined, note: NoteRoomInput): RoomPosition {
	const { version: noteVersion, name, visibility, isMember } = note;
	const newest =
		current === undefined || noteVersion >= current.noteVersion ? { noteVersion, name, visibility, isMember } : current;
	const { roomId } = note;
	const isComing = note.joinedAtSeq !== null && note.joinedVersion > (current?.joinedVersion ?? -1);
	const merged: RoomPosition = {
		...current,
		roomId,
		noteVersion: newest.noteVersion,
		name: newest.name,
		visibility: newest.visibility,
		isMember: newest.isMember,
		headSeq: Math.max(current?.headSeq ?? 0, note.headSeq),
		floorSeq: Math.max(current?.floorSeq ?? 1, note.floorSeq),
		readSeq: Math.max(current?.readSeq ?? 0, isComing ? (note.joinedAtSeq ?? 0) : 0),
		readEpoch: current?.readEpoch ?? 0,
		joinedVersion: isComing ? note.joinedVersion : (current?.joinedVersion ?? -1),
		joinedAtSeq: Math.max(current?.joinedAtSeq ?? 0, note.joinedAtSeq ?? 0),
		lastAt: Math.max(current?.lastAt ?? 0, note.lastAt),
	};
	return current !== undefined && isSame(current, merged) ? current : merged;
}

/** The last seq that cannot be unread: read, or pruned. */
export const settledSeq = (room: Pick<RoomPosition, "readSeq" | "floorSeq">): number =>
	Math.max(room.readSeq, room.floorSeq - 1);

/**
 * Reading only goes forward within an epoch; a mark made by an earlier one changes nothing. A client may be a little ahead
 * of what the room has told this inbox, not far ahead.
 * @throws Problem `not_found` `bad_input`
 */
export function readUpTo(
	room: RoomPosition | undefined,
	seq: number,
	limits: Pick<Limits, "readAheadMax">,
	readEpoch: number | undefined = room?.readEpoch,
): RoomPosition {
	refuseOutside(room);
	if (seq > room.headSeq + limits.readAheadMax) throw noSuchMessage(room);
	return seq > room.readSeq && readEpoch === room.readEpoch ? { ...room, readSeq: seq } : room;
}

/**
 * From `seq` on everything is unread again. It goes back so far that a room can still tell which of that counts.
 * @throws Problem `not_found` `bad_input`
 */
export function unreadFrom(
	room: RoomPosition | undefined,
	seq: number,
	limits: Pick<Limits, "markUnreadMax">,
): RoomPosition {
	refuseOutside(room);
	if (seq > room.headSeq || seq < room.floorSeq) throw noSuchMessage(room);
	const { markUnreadMax } = limits;
	if (room.headSeq - seq >= markUnreadMax) {
		throw new Problem("bad_input", `At most the newest ${markUnreadMax} messages can be marked as unread.`, {
			markUnreadMax,
		});
	}
	return { ...room, readSeq: seq - 1, readEpoch: room.readEpoch + 1 };
}

/** @throws Problem `not_found` */
export function levelSet(room: RoomPosition | undefined, level: InboxLevel): RoomPosition {
	refuseOutside(room);
	return room.level === level ? room : { ...room, level };
}

/** @throws Problem `not_found` */
export function muteSet(room: RoomPosition | undefined, until: number | null): RoomPosition {
	refuseOutside(room);
	const { mutedUntil, ...rest } = room;
	if ((mutedUntil ?? null) === until) return room;
	return until === null ? rest : { ...rest, mutedUntil: until };
}

function refuseOutside(room: RoomPosition | undefined): asserts room is RoomPosition {
	if (!room?.isMember) throw new Problem("not_found", "This room is not in your inbox.");
}

const noSuchMessage = ({ headSeq, floorSeq }: RoomPosition): Problem =>
	new Problem("bad_input", "This room has no such message.", { headSeq, floorSeq });

/** The workspace's row after one more note, or undefined when an equal or newer one is already kept. */
export function withWorkspaceNote(
	current: { readonly noteVersion: number } | undefined,
	note: NoteWorkspaceInput,
): Omit<InboxWorkspaceRow, "version"> | undefined {
	if (current !== undefined && note.version <= current.noteVersion) return undefined;
	const { name, agent, state, needsYou, lastAt, archivedAt } = note;
	const archived = archivedAt === undefined ? {} : { archivedAt };
	return { kind: "inboxWorkspace", id: note.workspaceId, name, agent, state, needsYou, lastAt, ...archived };
}

/** What its people are told of a workspace: that it waits for them, and that its agent is done. */
export function workspaceNoticeOf(
	before: Pick<InboxWorkspaceRow, "needsYou" | "state"> | undefined,
	after: InboxWorkspaceRow,
	now: number,
): Notified | null {
	const about = { about: "workspace" as const, workspaceId: after.id, name: after.name, at: now };
	if (after.needsYou) return before?.needsYou === true ? null : { ...about, reason: "needsYou" };
	const isDone = after.state === "idle" && (before?.state === "running" || before?.state === "waiting_permission");
	return isDone ? { ...about, reason: "done" } : null;
}

const FIELDS = [
	"noteVersion",
	"name",
	"visibility",
	"isMember",
	"headSeq",
	"floorSeq",
	"readSeq",
	"readEpoch",
	"joinedVersion",
	"joinedAtSeq",
	"lastAt",
] as const satisfies (keyof RoomPosition)[];
const isSame = (one: RoomPosition, other: RoomPosition): boolean =>
	FIELDS.every((field) => one[field] === other[field]);
