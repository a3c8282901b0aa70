import type { InboxRoomRow, InboxThreadsRow, ReplyFact, ThreadNote, UnreadThread } from "./inbox.ts";
import type { Countable } from "./inbox-facts.ts";
import { isHeard } from "./inbox-notices.ts";
import type { RoomPosition } from "./inbox-rules.ts";
import type { Limits } from "./limits.ts";
import { Problem } from "./problem.ts";

/** A reply above a thread's read mark, in the newest form that was told. */
export interface KnownReply {
	readonly version: number;
	readonly isUnread: boolean;
}

/** What an inbox knows of one thread. */
export interface ThreadState {
	readonly rootId: number;
	/** Of the newest word on whether it is followed; -1 before any. */
	readonly version: number;
	/** Replies above it concern the person; null: none does. */
	readonly from: number | null;
	readonly readSeq: number;
	readonly replies: ReadonlyMap<number, KnownReply>;
}

/** What a reply is to somebody who follows its thread. Who wrote in it has read it that far. */
export function replyFactOf({ sender, isDeleted }: Pick<Countable, "sender" | "isDeleted">, userId: string): ReplyFact {
	if (sender === userId) return "own";
	return isDeleted ? "silent" : "unread";
}

/** The thread after one more note, which may come late, twice and in any order; the same object when it says nothing new. */
export function withThreadNote(current: ThreadState | undefined, note: ThreadNote): ThreadState {
	const before = current ?? { rootId: note.rootId, version: -1, from: null, readSeq: 0, replies: new Map() };
	const isNewer = note.version > before.version;
	const { version, from } = isNewer ? note : before;
	const own = note.replies.flatMap(([seq, , fact]) => (fact === "own" ? [seq] : []));
	const readSeq = Math.max(before.readSeq, ...own);
	const settled = Math.max(readSeq, from ?? 0);
	const fresh = note.replies.filter(
		([seq, of]) => from !== null && seq > settled && of > (before.replies.get(seq)?.version ?? -1),
	);
	if (!isNewer && readSeq === before.readSeq && fresh.length === 0) return current ?? before;
	const replies = new Map(from === null ? [] : [...before.replies].filter(([seq]) => seq > settled));
	for (const [seq, of, fact] of fresh) replies.set(seq, { version: of, isUnread: fact === "unread" });
	return { rootId: note.rootId, version, from, readSeq, replies };
}

/**
 * Reading only goes forward. A thread of which nothing was told yet can be read, too: whoever looks at it may be ahead of
 * what the room has told this inbox.
 * @throws Problem `not_found` `bad_input`
 */
export function threadReadUpTo(
	current: ThreadState | undefined,
	room: Pick<RoomPosition, "isMember" | "headSeq"> | undefined,
	{ rootId, seq }: { readonly rootId: number; readonly seq: number },
	limits: Pick<Limits, "readAheadMax">,
): ThreadState {
	if (!room?.isMember) throw new Problem("not_found", "This room is not in your inbox.");
	if (seq > room.headSeq + limits.readAheadMax) throw new Problem("bad_input", "This room has no such message.");
	const before = current ?? { rootId, version: -1, from: null, readSeq: 0, replies: new Map() };
	if (current !== undefined && seq <= before.readSeq) return current;
	const replies = new Map([...before.replies].filter(([reply]) => reply > seq));
	return { ...before, readSeq: Math.max(seq, before.readSeq), replies };
}

/** A thread that can neither get replies nor has any to read: its first message is pruned. */
export const isThreadOver = ({ rootId, replies }: ThreadState, floorSeq: number): boolean =>
	rootId < floorSeq && [...replies].every(([seq, { isUnread }]) => seq < floorSeq || !isUnread);

/** What is unread in the threads of one room, the latest first; `max` of them by name. */
export function unreadThreads(
	threads: Iterable<ThreadState>,
	{ isMember, floorSeq, joinedAtSeq }: Pick<RoomPosition, "isMember" | "floorSeq" | "joinedAtSeq">,
	max: number,
): Pick<InboxThreadsRow, "unread" | "threads"> {
	const settled = Math.max(floorSeq - 1, joinedAtSeq);
	const all = (isMember ? [...threads] : [])
		.flatMap((thread) => unreadIn(thread, settled) ?? [])
		.sort((a, b) => b.lastSeq - a.lastSeq);
	return { unread: all.reduce((sum, { unread }) => sum + unread, 0), threads: all.slice(0, max) };
}

function unreadIn({ rootId, from, readSeq, replies }: ThreadState, settledInRoom: number): UnreadThread | undefined {
	if (from === null) return undefined;
	const settled = Math.max(from, readSeq, settledInRoom);
	const seqs = [...replies].flatMap(([seq, { isUnread }]) => (isUnread && seq > settled ? [seq] : []));
	if (seqs.length === 0) return undefined;
	return { rootId, unread: seqs.length, firstSeq: Math.min(...seqs), lastSeq: Math.max(...seqs) };
}

/** A thread with something unread, and its room. */
export interface ThreadWaiting extends UnreadThread {
	readonly room: InboxRoomRow;
}

/** The threads that wait in rooms that are heard at `now` (unix ms), those of the latest room first. */
export function waitingThreads(
	rooms: readonly InboxRoomRow[],
	threads: readonly InboxThreadsRow[],
	now: number,
): ThreadWaiting[] {
	const told = new Map(threads.map((row) => [row.id, row.threads]));
	return rooms
		.filter((room) => isHeard(room, now))
		.flatMap((room) => (told.get(room.id) ?? []).map((one) => ({ ...one, room })));
}
