import { z } from "zod";
import { Attachment } from "../attachment.ts";
import { UnixMs, UserId, Version } from "../id.ts";
import { picture } from "./picture.ts";

/** What a tool showed: text (ANSI kept, capped head and tail), a file's change, or a picture. */
export const ToolContent = z.discriminatedUnion("type", [
	z.strictObject({ type: z.literal("text"), text: z.string() }),
	z.strictObject({ type: z.literal("diff"), path: z.string(), oldText: z.string().nullable(), newText: z.string() }),
	z.strictObject(picture),
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

/** What an agent says it cost, in its own currency. */
export const Cost = z.strictObject({ amount: z.number().min(0), currency: z.string() });
export type Cost = z.infer<typeof Cost>;

/** Tokens of one turn, as the agent counts them. */
export const Tokens = z.strictObject({
	input: z.int().min(0),
	output: z.int().min(0),
	/** Of the input: read from the provider's cache. */
	cached: z.int().min(0).optional(),
	/** Of the output: thinking. */
	thought: z.int().min(0).optional(),
});
export type Tokens = z.infer<typeof Tokens>;

/** What one line of the transcript is. Each type has only its own fields. */
export const ItemBody = z.discriminatedUnion("type", [
	z.strictObject({
		type: z.literal("user"),
		promptId: z.string(),
		userId: UserId,
		text: z.string(),
		/** Somebody else gave it these words while it waited. */
		editedBy: UserId.optional(),
		attachments: z.array(Attachment).optional(),
	}),
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
	z.strictObject({
		type: z.literal("plan"),
		/** For agents with several plans; left out for the one of those without. */
		planId: z.string().optional(),
		entries: z.array(PlanEntry),
		/** A plan that is prose: markdown, capped. */
		text: z.string().optional(),
		/** The agent took it back. */
		isRemoved: z.literal(true).optional(),
	}),
	z.strictObject({
		type: z.literal("notice"),
		level: z.enum(["info", "warning", "error"]),
		text: z.string(),
		/** More about it; plain text. */
		detail: z.string().optional(),
	}),
	/** Had by `getImage`. */
	z.strictObject(picture),
	/** A file or page the agent points to. Its address is shown, never fetched. */
	z.strictObject({ type: z.literal("resource"), name: z.string(), uri: z.string(), text: z.string().optional() }),
	/** The agent made room in its context. `summary`: what it goes on with. */
	z.strictObject({
		type: z.literal("compaction"),
		compactionId: z.string(),
		status: z.enum(["in_progress", "completed", "failed"]),
		summary: z.string(),
		problem: z.string().optional(),
		endedAt: UnixMs.optional(),
	}),
	/** An agent that this one has working for it. */
	z.strictObject({
		type: z.literal("subagent"),
		subagentId: z.string(),
		name: z.string(),
		task: z.string().optional(),
		status: z.enum(["running", "paused", "completed", "failed", "cancelled"]),
		endedAt: UnixMs.optional(),
	}),
	/** What the turn used, at its end: the context as it stands in tokens, and what this turn added to the rest. */
	z.strictObject({
		type: z.literal("usage"),
		context: z.strictObject({ used: z.number().min(0), size: z.number().min(0) }).optional(),
		tokens: Tokens.optional(),
		cost: Cost.optional(),
	}),
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
