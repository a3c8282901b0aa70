import { z } from "zod";
import { changesPage, feedBatch, Head } from "./feed.ts";
import { RoomId, Seq, UnixMs, UserId, Version } from "./id.ts";
import { ServerRole } from "./identity.ts";
import { Message } from "./message.ts";
import { MessageAttachmentId } from "./message-attachment.ts";

export const RoomRole = z.enum(["owner", "admin", "member", "guest"]);
export type RoomRole = z.infer<typeof RoomRole>;
export const RoomVisibility = z.enum(["public", "private", "direct"]);
export type RoomVisibility = z.infer<typeof RoomVisibility>;
/** `removed` needs a new invitation, `banned` is final until lifted; both refuse tickets issued before `changedAt`. */
export const MemberStatus = z.enum(["invited", "joined", "left", "removed", "banned"]);
export type MemberStatus = z.infer<typeof MemberStatus>;

export const MemberRow = z.strictObject({
	kind: z.literal("member"),
	id: UserId,
	version: Version,
	role: RoomRole,
	status: MemberStatus,
	changedAt: UnixMs,
});
export type MemberRow = z.infer<typeof MemberRow>;

export const RoomRow = z.strictObject({
	kind: z.literal("room"),
	id: RoomId,
	version: Version,
	name: z.string(),
	topic: z.string(),
	visibility: RoomVisibility,
	createdBy: UserId.nullable(),
	createdAt: UnixMs,
	/** Since when it can only be read; absent while it is in use. */
	archivedAt: UnixMs.optional(),
	/** How many messages it keeps, the newest. */
	retentionMessages: z.int().min(0).optional(),
});
export type RoomRow = z.infer<typeof RoomRow>;

export const RoomFeedRow = z.discriminatedUnion("kind", [Message, MemberRow, RoomRow]);
export type RoomFeedRow = z.infer<typeof RoomFeedRow>;
export const RoomChanged = feedBatch(RoomFeedRow);
export const RoomChanges = changesPage(RoomFeedRow);

export const GetHistoryInput = z.strictObject({
	before: Seq.optional(),
	after: z.int().min(0).optional(),
	limit: z.int().min(1).max(200).optional(),
	/** Only replies in this message's thread. */
	threadOf: Seq.optional(),
});
/** Messages oldest first. `hasMore`: older ones exist (newer ones, when asked with `after`). */
export const History = z.strictObject({
	messages: z.array(Message),
	head: Head,
	floorSeq: Seq,
	hasMore: z.boolean(),
});
export type History = z.infer<typeof History>;

export const GetMessagesInput = z.strictObject({ ids: z.array(Seq).min(1).max(100) });
/** Those of them that the room still has, oldest first; as many as fit, at least one. `isWhole`: none was left out for size. */
export const SomeMessages = z.strictObject({
	messages: z.array(Message),
	head: Head,
	floorSeq: Seq,
	isWhole: z.boolean(),
});

/** The room itself, its people, and what the caller may do. `me` is null for someone who has not joined. */
export const RoomView = z.strictObject({
	room: RoomRow,
	members: z.array(MemberRow),
	me: MemberRow.nullable(),
	onlineUserIds: z.array(UserId),
	head: Head,
	floorSeq: Seq,
	/** Pinned messages, for those who may read. */
	pinnedIds: z.array(Seq).optional(),
});
export type RoomView = z.infer<typeof RoomView>;

/** Sum mod 2^64 of a SHA-256 prefix of every message at or above `floorSeq`, as 16 hex digits, at `head`. */
export const RoomHash = z.strictObject({ hash: z.string().regex(/^[0-9a-f]{16}$/), head: Head, floorSeq: Seq });

export const SetTypingInput = z.strictObject({ isTyping: z.boolean() });
export const InviteInput = z.strictObject({ userId: UserId, role: RoomRole.optional() });
export const SetRoleInput = z.strictObject({ userId: UserId, role: RoomRole });
export const MemberInput = z.strictObject({ userId: UserId });
export const UpdateRoomInput = z.strictObject({
	name: z.string().optional(),
	topic: z.string().optional(),
	retentionMessages: z.int().min(0).optional(),
	isArchived: z.boolean().optional(),
});
/** Service only, from the web: somebody who is signed in there, by something that was made `ticketAgeMs` ago. */
export const VisitorInput = z.strictObject({ userId: UserId, role: ServerRole, ticketAgeMs: z.int().min(0) });
export type VisitorInput = z.infer<typeof VisitorInput>;
export const GetAttachmentOfInput = VisitorInput.extend({ attachmentId: MessageAttachmentId });
export const FindAttachmentsInput = z.strictObject({ ids: z.array(MessageAttachmentId).min(1).max(100) });
export const FoundAttachments = z.strictObject({ ids: z.array(MessageAttachmentId) });

/** Service only, from `directory`: makes the room answer. */
export const RoomInitInput = z.strictObject({
	name: z.string(),
	visibility: RoomVisibility,
	createdBy: UserId.nullable(),
	topic: z.string().optional(),
	members: z.array(z.strictObject({ userId: UserId, role: RoomRole })),
});

export const Typing = z.strictObject({ userId: UserId, isTyping: z.boolean() });
export const Presence = z.strictObject({ userId: UserId, isOnline: z.boolean() });
