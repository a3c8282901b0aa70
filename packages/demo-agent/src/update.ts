import type { ToolKind } from "./conversation.ts";

/** The session updates of the Agent Client Protocol (agentclientprotocol.com, protocol version 1) this agent sends. */
export type Update =
	| { sessionUpdate: "agent_message_chunk" | "agent_thought_chunk" | "user_message_chunk"; content: TextBlock }
	| { sessionUpdate: "plan"; entries: PlanEntry[] }
	| ({ sessionUpdate: "tool_call"; title: string; kind: ToolKind } & ToolFields)
	| ({ sessionUpdate: "tool_call_update" } & ToolFields)
	| { sessionUpdate: "usage_update"; used: number; size: number }
	| { sessionUpdate: "available_commands_update"; availableCommands: Command[] };

/** What a prompt may begin with after a slash. `input`: what comes after it. */
export interface Command {
	name: string;
	description: string;
	input?: { hint: string };
}

export interface TextBlock {
	type: "text";
	text: string;
}

export interface PlanEntry {
	content: string;
	priority: "high" | "medium" | "low";
	status: "pending" | "in_progress" | "completed";
}

export interface ToolFields {
	toolCallId: string;
	status?: "pending" | "in_progress" | "completed" | "failed";
	content?: ToolContent[];
	locations?: { path: string; line?: number }[];
	rawInput?: Record<string, unknown>;
	rawOutput?: Record<string, unknown>;
}

export type ToolContent =
	| { type: "content"; content: TextBlock }
	| { type: "diff"; path: string; oldText: string | null; newText: string };

export interface PermissionRequest {
	toolCall: ToolFields & { title: string; kind: ToolKind };
	options: { optionId: string; name: string; kind: "allow_once" | "allow_always" | "reject_once" }[];
}

export type StopReason = "end_turn" | "cancelled";

export function textBlock(text: string): TextBlock {
	return { type: "text", text };
}

export function toolText(text: string): ToolContent {
	return { type: "content", content: textBlock(text) };
}
