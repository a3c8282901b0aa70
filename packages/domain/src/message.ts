import { z } from "zod";
import { Nonce, Seq, UnixMs, UserId, Version } from "./id.ts";
import { MESSAGE_ATTACHMENTS_MAX, MessageAttachment, UploadedAttachment } from "./message-attachment.ts";

export const Reaction = z.strictObject({ emoji: z.string(), userIds: z.array(UserId) });
export type Reaction = z.infer<typeof Reaction>;

/**
 * What the first message of a thread knows of it. `count` leaves deleted replies out; `lastId` and `lastAt` are 0 before the
 * first reply. `userIds`: who replied last, the latest first. `followerIds`: whom new replies concern.
 */
export const ThreadSummary = z.strictObject({
	count: z.int().min(0),
	lastId: z.int().min(0),
	lastAt: UnixMs,
	userIds: z.array(UserId),
	followerIds: z.array(UserId),
});
export type ThreadSummary = z.infer<typeof ThreadSummary>;

export const Pin = z.strictObject({ by: UserId, at: UnixMs });

/**
 * One message of a room in its current form. `id` is the room's seq, `timestamp` unix ms (never decreasing with `id`).
 * A deleted message stays as a tombstone: `deletedAt` set, `text` empty, no reactions, no files. A message with files may
 * have no text. With `threadOf` it is a reply in that
 * message's thread, shown in the room only if `alsoInRoom`; `thread` is the summary that the first message of one carries.
 */
export const Message = z.strictObject({
	kind: z.literal("message"),
	id: Seq,
	version: Version,
	sender: UserId,
	text: z.string(),
	timestamp: UnixMs,
	nonce: Nonce.optional(),
	replyTo: Seq.optional(),
	threadOf: Seq.optional(),
	editedAt: UnixMs.optional(),
	deletedAt: UnixMs.optional(),
	reactions: z.array(Reaction),
	alsoInRoom: z.literal(true).optional(),
	thread: ThreadSummary.optional(),
	pinned: Pin.optional(),
	attachments: z.array(MessageAttachment).min(1).max(MESSAGE_ATTACHMENTS_MAX).optional(),
});
export type Message = z.infer<typeof Message>;

export const SendMessageInput = z.strictObject({
	text: z.string(),
	nonce: Nonce.optional(),
	replyTo: Seq.optional(),
	threadOf: Seq.optional(),
	/** A reply in a thread that the room shows, too. */
	alsoInRoom: z.boolean().optional(),
	/** Tokens of uploads (`UploadedAttachment`), in the order in which the files are shown. */
	attachments: z.array(UploadedAttachment.shape.token).max(MESSAGE_ATTACHMENTS_MAX).optional(),
});
export type SendMessageInput = z.infer<typeof SendMessageInput>;
export const EditMessageInput = z.strictObject({ id: Seq, text: z.string() });
export const DeleteMessageInput = z.strictObject({ id: Seq });
export const ToggleReactionInput = z.strictObject({ id: Seq, emoji: z.string() });
export const SetPinnedInput = z.strictObject({ id: Seq, pinned: z.boolean() });
export const FollowThreadInput = z.strictObject({ id: Seq, isFollowing: z.boolean() });
