import type { Cost, ItemBody, PlanEntry, Tokens, ToolContent, ToolStatus } from "./item.ts";
import type { Picture } from "./raster.ts";

/** A part of what a tool showed, pictures with their files. */
export type DecodedContent = Exclude<ToolContent, { type: "image" }> | Picture;

/** What one tool call said of itself. Absent fields are unchanged: ACP's `tool_call_update` is a patch. */
export interface ToolPatch {
	toolCallId: string;
	title?: string;
	toolKind?: string;
	status?: ToolStatus;
	paths?: string[];
	input?: string;
	content?: DecodedContent[];
	/** What the tool printed, for agents that send no `content`. */
	output?: string;
	exitCode?: number;
}

type Compaction = Extract<ItemBody, { type: "compaction" }>;
type Subagent = Extract<ItemBody, { type: "subagent" }>;
/** Absent fields are unchanged. */
export type CompactionPatch = Pick<Compaction, "compactionId"> &
	Partial<Pick<Compaction, "status" | "summary" | "problem">>;
export type SubagentPatch = Pick<Subagent, "subagentId"> & Partial<Pick<Subagent, "name" | "task" | "status">>;

/** A question of the agent, in our words. `requestId` is the agent's JSON-RPC id, as text. */
export interface PermissionAsk {
	requestId: string;
	toolCallId?: string;
	title: string;
	detail?: string;
	options: { optionId: string; name: string; kind: string }[];
}

/** A command that people may begin a prompt with, as `/name`. `hint`: what comes after it. */
export interface AgentCommand {
	name: string;
	description: string;
	hint?: string;
}

/** Everything an agent can say, as far as we understand it. */
export type AgentEvent =
	| { type: "text-delta"; text: string }
	| { type: "thought-delta"; text: string }
	| { type: "picture-added"; picture: Picture }
	| { type: "resource-added"; name: string; uri: string; text?: string }
	| { type: "tool-changed"; patch: ToolPatch }
	/** `text`: a plan that is prose instead of steps. */
	| { type: "plan-replaced"; planId?: string; entries: PlanEntry[]; text?: string }
	| { type: "plan-removed"; planId?: string }
	| { type: "notice-added"; level: "info" | "warning" | "error"; text: string; detail?: string }
	| { type: "compaction-changed"; patch: CompactionPatch }
	| { type: "compaction-delta"; compactionId: string; text: string }
	| { type: "subagent-changed"; patch: SubagentPatch }
	/** `patch`: what the question tells of the call it is about, such as the change to be allowed. */
	| { type: "permission-asked"; ask: PermissionAsk; patch: ToolPatch | null }
	| { type: "mode-noted"; mode: string }
	| { type: "commands-noted"; commands: AgentCommand[] }
	| { type: "usage-noted"; used?: number; size?: number; cost?: Cost }
	| { type: "title-noted"; title: string }
	| { type: "turn-ended"; stopReason: string; tokens?: Tokens }
	| { type: "error-noted"; text: string }
	| { type: "unknown-noted"; updateKind: string; json: string }
	/** Nothing of the transcript: our own requests, answers to them, what is shown from our own rows. */
	| { type: "ignored" };
