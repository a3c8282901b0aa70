import { z } from "zod";
import { UnixMs, UserId, Version } from "../id.ts";

/** What a tool showed: text (ANSI kept, capped head and tail) or a file's change. */
export const ToolContent = z.discriminatedUnion("type", [
	z.strictObject({ type: z.literal("text"), text: z.string() }),
	z.strictObject({ type: z.literal("diff"), path: z.string(), oldText: z.string().nullable(), newText: z.string() }),
]);
export type ToolContent = z.infer<typeof ToolContent>;

/** ACP's `ToolCallStatus`. */
export const ToolStatus = z.enum(["pending", "in_progress", "completed", "failed"]);
export type ToolStatus = z.infer<typeof ToolStatus>;
export const PlanEntry = z.strictObject({
	content: z.string(),
	priority: z.string(),
	status: z.enum(["pending", "in_progress", "completed"]),
});
export type PlanEntry = z.infer<typeof PlanEntry>;

/** What one line of the transcript is. Each type has only its own fields. */
export const ItemBody = z.discriminatedUnion("type", [
	z.strictObject({ type: z.literal("user"), promptId: z.string(), userId: UserId, text: z.string() }),
	/** One segment of the agent's words. `isSealed`: full, and the next item goes on in the middle of the text. */
	z.strictObject({ type: z.literal("text"), text: z.string(), isSealed: z.boolean() }),
	z.strictObject({ type: z.literal("thought"), text: z.string(), isSealed: z.boolean() }),
	z.strictObject({
		type: z.literal("tool"),
		toolCallId: z.string(),
		title: z.string(),
		/** ACP's `ToolKind`: read, edit, delete, move, search, execute, think, fetch, other. */
		toolKind: z.string(),
		status: ToolStatus,
		paths: z.array(z.string()),
		/** The tool's input as JSON text, capped. */
		input: z.string().optional(),
		content: z.array(ToolContent),
		exitCode: z.number().optional(),
		/** Bytes left out of `content`; the whole is had by `getOutput`. */
		omittedBytes: z.int().min(0).optional(),
		endedAt: UnixMs.optional(),
	}),
	z.strictObject({ type: z.literal("plan"), entries: z.array(PlanEntry) }),
	z.strictObject({ type: z.literal("notice"), level: z.enum(["info", "warning", "error"]), text: z.string() }),
	/** An update of a kind we do not know, kept readable: its name and its JSON, capped. */
	z.strictObject({ type: z.literal("unknown"), updateKind: z.string(), json: z.string() }),
]);
export type ItemBody = z.infer<typeof ItemBody>;

/** One line of the durable transcript. `id` orders them; `turnId` says which turn made it. */
export const ItemRow = z.strictObject({
	kind: z.literal("item"),
	id: z.int().min(1),
	version: Version,
	turnId: z.string(),
	at: UnixMs,
	body: ItemBody,
});
export type ItemRow = z.infer<typeof ItemRow>;
