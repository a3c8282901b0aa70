import type { InboxWorkspaceRow, NoteRoomInput, NoteWorkspaceInput } from "./inbox.ts";
import type { Limits } from "./limits.ts";
import { Problem } from "./problem.ts";
import type { RoomVisibility } from "./room.ts";

/**
 * What an inbox knows of one room, beside the set of seqs that do not count. Positions only ever grow; what can change
 * both ways (name, membership) is that of the newest note. So notes may come late, twice and in any order.
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
	readonly lastAt: number;
}

/** The room after one more note; the same object when the note says nothing new. */
export function withNote(current: RoomPosition | undefined, note: NoteRoomInput): RoomPosition {
	const { version: noteVersion, name, visibility, isMember } = note;
	const newest =
		current === undefined || noteVersion >= current.noteVersion ? { noteVersion, name, visibility, isMember } : current;
	const { roomId } = note;
	const merged: RoomPosition = {
		roomId,
		noteVersion: newest.noteVersion,
		name: newest.name,
		visibility: newest.visibility,
		isMember: newest.isMember,
		headSeq: Math.max(current?.headSeq ?? 0, note.headSeq),
		floorSeq: Math.max(current?.floorSeq ?? 1, note.floorSeq),
		readSeq: Math.max(current?.readSeq ?? 0, note.joinedAtSeq ?? 0),
		lastAt: Math.max(current?.lastAt ?? 0, note.lastAt),
	};
	return current !== undefined && isSame(current, merged) ? current : merged;
}

/** The last seq that cannot be unread: read, or pruned. */
export const settledSeq = (room: Pick<RoomPosition, "readSeq" | "floorSeq">): number =>
	Math.max(room.readSeq, room.floorSeq - 1);

/** Seqs of a note worth keeping: what is settled never counts again. */
export const countsToKeep = (room: RoomPosition, notCounted: readonly number[]): number[] =>
	notCounted.filter((seq) => seq > settledSeq(room));

/** `notCountedAbove` is how many seqs above `settledSeq` and up to head do not count. */
export function unreadCount(room: RoomPosition, notCountedAbove: number): number {
	return room.isMember ? Math.max(0, room.headSeq - settledSeq(room) - notCountedAbove) : 0;
}

/**
 * Reading only goes forward. A client may be a little ahead of what the room has told this inbox, not far ahead.
 * @throws Problem `not_found` `bad_input`
 */
export function readUpTo(
	room: RoomPosition | undefined,
	seq: number,
	limits: Pick<Limits, "readAheadMax">,
): RoomPosition {
	if (!room?.isMember) throw new Problem("not_found", "This room is not in your inbox.");
	if (seq > room.headSeq + limits.readAheadMax) {
		throw new Problem("bad_input", "This room has no such message.", { headSeq: room.headSeq });
	}
	return seq > room.readSeq ? { ...room, readSeq: seq } : room;
}

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

const FIELDS = [
	"noteVersion",
	"name",
	"visibility",
	"isMember",
	"headSeq",
	"floorSeq",
	"readSeq",
	"lastAt",
] as const satisfies (keyof RoomPosition)[];
const isSame = (one: RoomPosition, other: RoomPosition): boolean =>
	FIELDS.every((field) => one[field] === other[field]);
