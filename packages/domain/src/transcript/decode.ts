import { z } from "zod";
import type { AgentEvent } from "./agent-event.ts";
import { jsonText, shortText } from "./agent-text.ts";
import { decodeChunk } from "./decode-content.ts";
import { askedPatch, decodePermission } from "./decode-permission.ts";
import {
	decodeCommands,
	decodeCompaction,
	decodeCompactionChunk,
	decodeMode,
	decodeNotice,
	decodePlan,
	decodePlanRemoved,
	decodeSubagent,
	decodeUsage,
	tokensOf,
} from "./decode-session.ts";
import { toolPatch } from "./decode-tool.ts";
import { anything, JSON_BYTES_MAX, record, TITLE_BYTES_MAX, text } from "./lenient.ts";

const IGNORED: AgentEvent = { type: "ignored" };

const Envelope = z.looseObject({
	sender: z.literal("agent"),
	payload: z.looseObject({ id: anything, method: text, params: record, result: record, error: anything }),
});
const Update = z.looseObject({ sessionUpdate: z.string(), content: anything, toolCallId: text, title: text });

/**
 * Reads one `SessionEvent` of Sandbox Agent (an ACP JSON-RPC message with its sender). Understands what it can, keeps the
 * rest readable and never throws. Sources: Agent Client Protocol, `session/update` of v1 and its later additions (plans by
 * id, notices, compaction, subagents); sandbox-agent 0.4.2, `SessionEvent`.
 */
export const decodeEvent = (event: unknown): AgentEvent => {
	const envelope = Envelope.safeParse(event);
	if (!envelope.success) return IGNORED;
	const { id, method, params, result, error } = envelope.data.payload;
	if (method === "session/update") return decodeUpdate(params?.update);
	if (method === "session/request_permission") {
		return { type: "permission-asked", ask: decodePermission(id, params), patch: askedPatch(params?.toolCall) };
	}
	if (method !== undefined) return IGNORED;
	if (typeof result?.stopReason === "string") {
		const tokens = tokensOf(result.usage);
		const stopReason = shortText(result.stopReason, TITLE_BYTES_MAX);
		return { type: "turn-ended", stopReason, ...(tokens === undefined ? {} : { tokens }) };
	}
	return error === undefined || error === null ? IGNORED : { type: "error-noted", text: errorText(error) };
};

const decodeUpdate = (raw: unknown): AgentEvent => {
	const parsed = Update.safeParse(raw);
	if (!parsed.success) return unknownUpdate("unnamed", raw);
	const { sessionUpdate, content, toolCallId, title } = parsed.data;
	switch (sessionUpdate) {
		case "agent_message_chunk":
			return decodeChunk("text-delta", content);
		case "agent_thought_chunk":
			return decodeChunk("thought-delta", content);
		case "user_message_chunk": // only while a session is loaded; people's words come from our own rows
			return IGNORED;
		case "tool_call":
		case "tool_call_update":
			return toolCallId === undefined
				? unknownUpdate(sessionUpdate, raw)
				: { type: "tool-changed", patch: toolPatch(toolCallId, raw) };
		case "plan":
		case "plan_update":
			return decodePlan(raw);
		case "plan_removed":
			return decodePlanRemoved(raw);
		case "notice":
			return decodeNotice(raw) ?? unknownUpdate(sessionUpdate, raw);
		case "compaction_update":
			return decodeCompaction(raw);
		case "compaction_summary_chunk":
			return decodeCompactionChunk(raw);
		case "subagent_update":
			return decodeSubagent(raw) ?? unknownUpdate(sessionUpdate, raw);
		case "current_mode_update":
		case "config_option_update":
			return decodeMode(raw) ?? IGNORED;
		case "available_commands_update":
			return decodeCommands(raw);
		case "usage_update":
			return decodeUsage(raw) ?? IGNORED;
		case "session_info_update":
			return title === undefined ? IGNORED : { type: "title-noted", title: shortText(title, TITLE_BYTES_MAX) };
		default:
			return unknownUpdate(sessionUpdate, raw);
	}
};

const unknownUpdate = (updateKind: string, raw: unknown): AgentEvent => ({
	type: "unknown-noted",
	updateKind: shortText(updateKind, 64),
	json: jsonText(raw, JSON_BYTES_MAX),
});

const ErrorShape = z.looseObject({ message: z.string() });
const errorText = (error: unknown): string => {
	const shaped = ErrorShape.safeParse(error);
	return shaped.success ? shortText(shaped.data.message, JSON_BYTES_MAX) : jsonText(error, JSON_BYTES_MAX);
};
