import { z } from "zod";
import { Head } from "./feed.ts";
import { Nonce, UnixMs, UserId, Version } from "./id.ts";

/**
 * What somebody said to the others beside the agent, which never hears of it. A deleted one keeps its place and nothing that
 * was said.
 */
export const ChatRow = z.strictObject({
	kind: z.literal("chat"),
	/** Its place in the talk: ascending, never used again. */
	id: z.int().min(1),
	version: Version,
	userId: UserId,
	text: z.string(),
	nonce: Nonce.optional(),
	at: UnixMs,
	editedAt: UnixMs.optional(),
	deletedAt: UnixMs.optional(),
});
export type ChatRow = z.infer<typeof ChatRow>;

export const GetChatInput = z.strictObject({
	before: z.int().min(1).optional(),
	limit: z.int().min(1).max(200).optional(),
});
/** The newest below `before`, oldest first, as they stand at `head` or later. */
export const ChatPage = z.strictObject({ messages: z.array(ChatRow), head: Head, hasMore: z.boolean() });
export type ChatPage = z.infer<typeof ChatPage>;

export const SendChatInput = z.strictObject({ text: z.string(), nonce: Nonce.optional() });
export type SendChatInput = z.infer<typeof SendChatInput>;
export const SentChat = z.strictObject({ id: z.int().min(1) });
export const EditChatInput = z.strictObject({ id: z.int().min(1), text: z.string() });
export const DeleteChatInput = z.strictObject({ id: z.int().min(1) });
