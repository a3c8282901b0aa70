import { z } from "zod";
import { Nonce, Seq, UnixMs, UserId, Version } from "./id.ts";

export const Reaction = z.strictObject({ emoji: z.string(), userIds: z.array(UserId) });
export type Reaction = z.infer<typeof Reaction>;

/**
 * One message of a room in its current form. `id` is the room's seq, `timestamp` unix ms (never decreasing with `id`).
 * A deleted message stays as a tombstone: `deletedAt` set, `text` empty, no reactions.
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
});
export type Message = z.infer<typeof Message>;

export const SendMessageInput = z.strictObject({
	text: z.string(),
	nonce: Nonce.optional(),
	replyTo: Seq.optional(),
	threadOf: Seq.optional(),
});
export type SendMessageInput = z.infer<typeof SendMessageInput>;
export const EditMessageInput = z.strictObject({ id: Seq, text: z.string() });
export const DeleteMessageInput = z.strictObject({ id: Seq });
export const ToggleReactionInput = z.strictObject({ id: Seq, emoji: z.string() });
