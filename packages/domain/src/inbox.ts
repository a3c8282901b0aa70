import { z } from "zod";
import { changesPage, feedBatch, Head } from "./feed.ts";
import { RoomId, Seq, UnixMs, UserId, Version, WorkspaceId } from "./id.ts";
import { RoomVisibility } from "./room.ts";

/** One room of a person's sidebar. `unread` = messages above `readSeq` that count. `leftAt` is the tombstone. */
export const InboxRoomRow = z.strictObject({
	kind: z.literal("inboxRoom"),
	id: RoomId,
	version: Version,
	name: z.string(),
	visibility: RoomVisibility,
	headSeq: z.int().min(0),
	readSeq: z.int().min(0),
	unread: z.int().min(0),
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

export const InboxFeedRow = z.discriminatedUnion("kind", [InboxRoomRow, InboxWorkspaceRow]);
export type InboxFeedRow = z.infer<typeof InboxFeedRow>;
export const InboxChanged = feedBatch(InboxFeedRow);
export const InboxChanges = changesPage(InboxFeedRow);
export const InboxView = z.strictObject({ rows: z.array(InboxFeedRow), head: Head });
export type InboxView = z.infer<typeof InboxView>;

export const MarkReadInput = z.strictObject({ roomId: RoomId, seq: z.int().min(0) });

/**
 * What a room tells one member's inbox: absolute facts, never increments, so that order and repetition do not matter.
 * `notCounted` lists seqs that are not unread for this person (own posts, tombstones); the inbox keeps their union.
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
	notCounted: z.array(Seq).max(1000),
	/** Head when this person joined (reading starts there), or null when nothing changed about that. */
	joinedAtSeq: z.int().min(0).nullable(),
	isMember: z.boolean(),
});
export type NoteRoomInput = z.infer<typeof NoteRoomInput>;

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
