import { z } from "zod";
import { InboxDraftRow } from "./draft.ts";
import { changesPage, feedBatch, Head } from "./feed.ts";
import { RoomId, Seq, UnixMs, UserId, Version, WorkspaceId } from "./id.ts";
import { RoomVisibility } from "./room.ts";

/** What somebody wants to be told of a room: every message, what calls on them, or nothing. */
export const InboxLevel = z.enum(["all", "mentions", "nothing"]);
export type InboxLevel = z.infer<typeof InboxLevel>;

/**
 * One room of a person's sidebar. `unread` = messages above `readSeq` that count, `mentions` = those of them that call on
 * this person. `readEpoch` rises whenever reading goes back. Without a `level` it is what such rooms have. `leftAt` is the
 * tombstone.
 */
export const InboxRoomRow = z.strictObject({
	kind: z.literal("inboxRoom"),
	id: RoomId,
	version: Version,
	name: z.string(),
	visibility: RoomVisibility,
	headSeq: z.int().min(0),
	readSeq: z.int().min(0),
	unread: z.int().min(0),
	mentions: z.int().min(0).default(0),
	readEpoch: z.int().min(0).default(0),
	level: InboxLevel.optional(),
	mutedUntil: UnixMs.optional(),
	lastAt: UnixMs,
	leftAt: UnixMs.optional(),
});
export type InboxRoomRow = z.infer<typeof InboxRoomRow>;

export const InboxWorkspaceRow = z.strictObject({
	kind: z.literal("inboxWorkspace"),
	id: WorkspaceId,
	version: Version,
	name: z.string(),
	agent: z.string(),
	state: z.string(),
	needsYou: z.boolean(),
	lastAt: UnixMs,
	archivedAt: UnixMs.optional(),
	leftAt: UnixMs.optional(),
});
export type InboxWorkspaceRow = z.infer<typeof InboxWorkspaceRow>;

/** Minutes since midnight where the person lives, up to but without `toMinute`; over midnight where that comes first. */
export const QuietHours = z.strictObject({
	fromMinute: z.int().min(0).max(1439),
	toMinute: z.int().min(0).max(1439),
	timeZone: z.string().max(64).refine(isTimeZone, "no such time zone"),
});
export type QuietHours = z.infer<typeof QuietHours>;

/** What holds for everything in an inbox. Absent until somebody chose something. */
export const InboxSettingsRow = z.strictObject({
	kind: z.literal("inboxSettings"),
	id: z.literal("settings"),
	version: Version,
	quietHours: QuietHours.nullable(),
});
export type InboxSettingsRow = z.infer<typeof InboxSettingsRow>;

/** A thread that its person follows, with its unread replies: how many, the first and the last of them. */
export const UnreadThread = z.strictObject({ rootId: Seq, unread: z.int().min(1), firstSeq: Seq, lastSeq: Seq });
export type UnreadThread = z.infer<typeof UnreadThread>;

/** What is unread in followed threads of one room: in all of them, and by thread for the latest ones. */
export const InboxThreadsRow = z.strictObject({
	kind: z.literal("inboxThreads"),
	id: RoomId,
	version: Version,
	unread: z.int().min(0),
	threads: z.array(UnreadThread),
});
export type InboxThreadsRow = z.infer<typeof InboxThreadsRow>;

export const InboxFeedRow = z.discriminatedUnion("kind", [
	InboxRoomRow,
	InboxWorkspaceRow,
	InboxSettingsRow,
	InboxDraftRow,
	InboxThreadsRow,
]);
export type InboxFeedRow = z.infer<typeof InboxFeedRow>;
export const InboxChanged = feedBatch(InboxFeedRow);
export const InboxChanges = changesPage(InboxFeedRow);
export const InboxView = z.strictObject({ rows: z.array(InboxFeedRow), head: Head });
export type InboxView = z.infer<typeof InboxView>;

/** `readEpoch`: the one that the reader saw; a mark of another epoch changes nothing. */
export const MarkReadInput = z.strictObject({
	roomId: RoomId,
	seq: z.int().min(0),
	readEpoch: z.int().min(0).optional(),
});
export type MarkReadInput = z.infer<typeof MarkReadInput>;
/** Everything up to `seq` in the thread that begins at `rootId`. */
export const MarkThreadReadInput = z.strictObject({ roomId: RoomId, rootId: Seq, seq: Seq });
export type MarkThreadReadInput = z.infer<typeof MarkThreadReadInput>;
export const MarkAllReadInput = z.strictObject({
	rooms: z.array(MarkReadInput).max(1_000),
	threads: z.array(MarkThreadReadInput).max(1_000).optional(),
});
export type MarkAllReadInput = z.infer<typeof MarkAllReadInput>;
/** This message and all after it. */
export const MarkUnreadInput = z.strictObject({ roomId: RoomId, seq: Seq });
export const SetLevelInput = z.strictObject({ roomId: RoomId, level: InboxLevel });
/** For how long nothing is told of this room (ten years are for ever), or null for not any more. */
export const SetMuteInput = z.strictObject({ roomId: RoomId, minutes: z.int().min(1).max(5_256_000).nullable() });
export const SetQuietHoursInput = z.strictObject({ quietHours: QuietHours.nullable() });
export const ExplainUnreadInput = z.strictObject({ roomId: RoomId });
/** The messages counted as unread, oldest first; `mentions` are those of them that call. `hasMore`: newer ones are not listed. */
export const UnreadExplained = z.strictObject({
	readSeq: z.int().min(0),
	headSeq: z.int().min(0),
	unread: z.int().min(0),
	seqs: z.array(Seq),
	mentions: z.array(Seq),
	hasMore: z.boolean(),
});
export type UnreadExplained = z.infer<typeof UnreadExplained>;

/** What a message is to one person. `silent`: their own, deleted, or said in a thread alone. */
export const MessageFact = z.enum(["unread", "mention", "silent"]);
export type MessageFact = z.infer<typeof MessageFact>;
/** Of the message's `seq` in the form that has `version`: of two facts about a message the one of the later form stands. */
export const SeqFact = z.tuple([Seq, Version, MessageFact]);
export type SeqFact = z.infer<typeof SeqFact>;

/** What a reply is to whoever follows its thread. */
export const ReplyFact = z.enum(["unread", "own", "silent"]);
export type ReplyFact = z.infer<typeof ReplyFact>;
/**
 * A thread that somebody follows from the replies above `from` on, or (null) does not any more; `version` is the room's when
 * that changed. `replies` are those that changed, and all of them in a note that tells of the following itself.
 */
export const ThreadNote = z.strictObject({
	rootId: Seq,
	version: Version,
	from: z.int().min(0).nullable(),
	replies: z.array(z.tuple([Seq, Version, ReplyFact])).max(10_000),
});
export type ThreadNote = z.infer<typeof ThreadNote>;

/** A message that somebody may want to be told of now. Its text is passed on and never kept. */
export const RoomNews = z.strictObject({
	seq: Seq,
	sender: UserId,
	text: z.string(),
	timestamp: UnixMs,
	isMention: z.boolean(),
	threadOf: Seq.optional(),
});
export type RoomNews = z.infer<typeof RoomNews>;

/**
 * What a room tells one member's inbox: absolute facts, never increments, so that order and repetition do not matter. A
 * message of which there is no fact is `unread`.
 */
export const NoteRoomInput = z.strictObject({
	userId: UserId,
	roomId: RoomId,
	name: z.string(),
	visibility: RoomVisibility,
	/** The room's version that this note reflects: an older note never overwrites a newer one. */
	version: Version,
	headSeq: z.int().min(0),
	floorSeq: Seq,
	lastAt: UnixMs,
	facts: z.array(SeqFact).max(10_000),
	/** Head when this person last came in (reading starts there), and the version of that: null for who never did. */
	joinedAtSeq: z.int().min(0).nullable(),
	joinedVersion: Version.default(0),
	isMember: z.boolean(),
	news: z.array(RoomNews).max(10).default([]),
	threads: z.array(ThreadNote).max(2_000).default([]),
});
export type NoteRoomInput = z.infer<typeof NoteRoomInput>;

/** From an inbox to a room: how it stands for this person, of what changed since `version`, or of all above `afterSeq`. */
export const GetPositionInput = z.strictObject({
	userId: UserId,
	version: Version.optional(),
	afterSeq: z.int().min(0).optional(),
});

/** Something that its person wants to be told of now, on every device they have open. */
export const Notified = z.discriminatedUnion("about", [
	z.strictObject({
		about: z.literal("room"),
		roomId: RoomId,
		name: z.string(),
		reason: z.enum(["mention", "direct", "message"]),
		seq: Seq,
		sender: UserId,
		text: z.string(),
		at: UnixMs,
		threadOf: Seq.optional(),
	}),
	z.strictObject({
		about: z.literal("workspace"),
		workspaceId: WorkspaceId,
		name: z.string(),
		reason: z.enum(["needsYou", "done"]),
		at: UnixMs,
	}),
]);
export type Notified = z.infer<typeof Notified>;

export const NoteWorkspaceInput = z.strictObject({
	userId: UserId,
	workspaceId: WorkspaceId,
	name: z.string(),
	agent: z.string(),
	state: z.string(),
	needsYou: z.boolean(),
	version: Version,
	lastAt: UnixMs,
	archivedAt: UnixMs.optional(),
	isMember: z.boolean(),
});
export type NoteWorkspaceInput = z.infer<typeof NoteWorkspaceInput>;

function isTimeZone(name: string): boolean {
	try {
		new Intl.DateTimeFormat("en", { timeZone: name });
		return true;
	} catch {
		return false; // RangeError: that is the answer
	}
}
