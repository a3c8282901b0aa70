import { z } from "zod";
import { jsonText, shortText, storableText, withoutNul } from "./agent-text.ts";
import { type PlanEntry, type ToolContent, ToolStatus } from "./item.ts";

const TITLE_BYTES_MAX = 500;
const PATH_BYTES_MAX = 1_024;
const JSON_BYTES_MAX = 4_096;
const PATHS_MAX = 50;
const CONTENTS_MAX = 20;
const PLAN_ENTRIES_MAX = 100;
const OPTIONS_MAX = 20;

/** What one tool call said of itself. Absent fields are unchanged: ACP's `tool_call_update` is a patch. */
export interface ToolPatch {
	toolCallId: string;
	title?: string;
	toolKind?: string;
	status?: ToolStatus;
	paths?: string[];
	input?: string;
	content?: ToolContent[];
	/** What the tool printed, for agents that send no `content`. */
	output?: string;
	exitCode?: number;
}

/** A question of the agent, in our words. `requestId` is the agent's JSON-RPC id, as text. */
export interface PermissionAsk {
	requestId: string;
	toolCallId?: string;
	title: string;
	detail?: string;
	options: { optionId: string; name: string; kind: string }[];
}

/** Everything an agent can say, as far as we understand it. */
export type AgentEvent =
	| { type: "text-delta"; text: string }
	| { type: "thought-delta"; text: string }
	| { type: "tool-changed"; patch: ToolPatch }
	| { type: "plan-replaced"; entries: PlanEntry[] }
	/** `patch`: what the question tells of the call it is about, such as the change to be allowed. */
	| { type: "permission-asked"; ask: PermissionAsk; patch: ToolPatch | null }
	| { type: "mode-noted"; mode: string }
	| { type: "commands-noted"; names: string[] }
	| { type: "usage-noted"; used: number; size: number }
	| { type: "title-noted"; title: string }
	| { type: "turn-ended"; stopReason: string }
	| { type: "error-noted"; text: string }
	| { type: "unknown-noted"; updateKind: string; json: string }
	/** Nothing of the transcript: our own requests, answers to them, what is shown from our own rows. */
	| { type: "ignored" };

const IGNORED: AgentEvent = { type: "ignored" };

const lenient = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);
const anything = z.unknown().optional();
const list = lenient(z.array(z.unknown()));
const text = lenient(z.string());
const record = lenient(z.record(z.string(), z.unknown()));

const Envelope = z.looseObject({
	sender: z.literal("agent"),
	payload: z.looseObject({ id: anything, method: text, params: record, result: record, error: anything }),
});
const Update = z.looseObject({
	sessionUpdate: z.string(),
	content: anything,
	entries: list,
	toolCallId: text,
	currentModeId: text,
	configOptions: list,
	availableCommands: list,
	used: lenient(z.number()),
	size: lenient(z.number()),
	title: text,
});
type Update = z.infer<typeof Update>;

/**
 * Reads one `SessionEvent` of Sandbox Agent (an ACP JSON-RPC message with its sender). Understands what it can, keeps the
 * rest readable and never throws. Source: Agent Client Protocol, `session/update`; sandbox-agent 0.4.2, `SessionEvent`.
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
		return { type: "turn-ended", stopReason: shortText(result.stopReason, TITLE_BYTES_MAX) };
	}
	return error === undefined || error === null ? IGNORED : { type: "error-noted", text: errorText(error) };
};

const decodeUpdate = (raw: unknown): AgentEvent => {
	const parsed = Update.safeParse(raw);
	if (!parsed.success) return unknownUpdate("unnamed", raw);
	const update = parsed.data;
	switch (update.sessionUpdate) {
		case "agent_message_chunk":
			return decodeChunk("text-delta", update);
		case "agent_thought_chunk":
			return decodeChunk("thought-delta", update);
		case "user_message_chunk": // only while a session is loaded; people's words come from our own rows
			return IGNORED;
		case "tool_call":
		case "tool_call_update":
			return update.toolCallId === undefined
				? unknownUpdate(update.sessionUpdate, raw)
				: { type: "tool-changed", patch: toolPatch(update.toolCallId, update) };
		case "plan":
			return { type: "plan-replaced", entries: planEntries(update.entries ?? []) };
		case "current_mode_update":
			return update.currentModeId === undefined ? IGNORED : modeNoted(update.currentModeId);
		case "config_option_update":
			return configNoted(update.configOptions ?? []);
		case "available_commands_update":
			return { type: "commands-noted", names: commandNames(update.availableCommands ?? []) };
		case "usage_update":
			return update.used === undefined || update.size === undefined
				? IGNORED
				: { type: "usage-noted", used: update.used, size: update.size };
		case "session_info_update":
			return update.title === undefined
				? IGNORED
				: { type: "title-noted", title: shortText(update.title, TITLE_BYTES_MAX) };
		default:
			return unknownUpdate(update.sessionUpdate, raw);
	}
};

const unknownUpdate = (updateKind: string, raw: unknown): AgentEvent => ({
	type: "unknown-noted",
	updateKind: shortText(updateKind, 64),
	json: jsonText(raw, JSON_BYTES_MAX),
});

const TextBlock = z.looseObject({ type: z.literal("text"), text: z.string() });
const OtherBlock = z.looseObject({ type: z.string(), mimeType: text, uri: text });

const decodeChunk = (type: "text-delta" | "thought-delta", update: Update): AgentEvent => {
	const block = TextBlock.safeParse(update.content);
	return block.success
		? { type, text: withoutNul(block.data.text) }
		: unknownUpdate(`${update.sessionUpdate} without text`, update.content);
};

const ToolFields = z.looseObject({
	title: text,
	kind: text,
	status: text,
	locations: list,
	rawInput: anything,
	rawOutput: anything,
	content: list,
});

const toolPatch = (toolCallId: string, raw: unknown): ToolPatch => {
	const fields = ToolFields.parse(raw);
	const patch: ToolPatch = { toolCallId: shortText(toolCallId, TITLE_BYTES_MAX) };
	if (fields.title !== undefined) patch.title = shortText(fields.title, TITLE_BYTES_MAX);
	if (fields.kind !== undefined) patch.toolKind = shortText(fields.kind, 32);
	const status = ToolStatus.safeParse(fields.status === "cancelled" ? "failed" : fields.status);
	if (status.success) patch.status = status.data;
	if (fields.locations !== undefined) patch.paths = paths(fields.locations);
	if (fields.rawInput !== undefined && fields.rawInput !== null)
		patch.input = jsonText(fields.rawInput, JSON_BYTES_MAX);
	if (fields.content !== undefined) patch.content = fields.content.slice(0, CONTENTS_MAX).flatMap(toolContent);
	const output = RawOutput.safeParse(fields.rawOutput);
	if (output.success) Object.assign(patch, outputOf(output.data));
	return patch;
};

const Location = z.looseObject({ path: z.string() });
const paths = (locations: unknown[]): string[] =>
	locations.slice(0, PATHS_MAX).flatMap((raw) => {
		const location = Location.safeParse(raw);
		return location.success ? [shortText(location.data.path, PATH_BYTES_MAX)] : [];
	});

const Wrapped = z.looseObject({ type: z.literal("content"), content: anything });
const Diff = z.looseObject({
	type: z.literal("diff"),
	path: z.string(),
	oldText: z.string().nullish().catch(null),
	newText: z.string(),
});

const toolContent = (raw: unknown): ToolContent[] => {
	const diff = Diff.safeParse(raw);
	if (diff.success) {
		const { path, oldText, newText } = diff.data;
		return [
			{
				type: "diff",
				path: shortText(path, PATH_BYTES_MAX),
				oldText: oldText === null || oldText === undefined ? null : storableText(oldText),
				newText: storableText(newText),
			},
		];
	}
	const wrapped = Wrapped.safeParse(raw);
	if (!wrapped.success) return []; // a terminal's id means nothing to a reader; what it printed comes as output
	const block = TextBlock.safeParse(wrapped.data.content);
	if (block.success) return [{ type: "text", text: storableText(block.data.text) }];
	const other = OtherBlock.safeParse(wrapped.data.content);
	if (!other.success) return [];
	return [
		{ type: "text", text: shortText(`[${other.data.type} ${other.data.uri ?? other.data.mimeType ?? ""}]`, 1_024) },
	];
};

/** Agents disagree on the shape of `rawOutput`: a string, or one of several objects (codex, claude, opencode). */
const RawOutput = z.union([
	z.string(),
	z.looseObject({
		aggregated_output: text,
		formatted_output: text,
		output: text,
		stdout: text,
		stderr: text,
		error: text,
		exitCode: lenient(z.number()),
		exit_code: lenient(z.number()),
		metadata: lenient(z.looseObject({ exit: lenient(z.number()) })),
	}),
]);

const outputOf = (raw: z.infer<typeof RawOutput>): Pick<ToolPatch, "output" | "exitCode"> => {
	if (typeof raw === "string") return { output: storableText(raw) };
	const printed = [raw.stdout, raw.stderr].filter((part) => part !== undefined && part !== "").join("\n");
	const output = raw.aggregated_output ?? raw.formatted_output ?? raw.output ?? (printed || raw.error);
	const exitCode = raw.exitCode ?? raw.exit_code ?? raw.metadata?.exit;
	return {
		...(output === undefined ? {} : { output: storableText(output) }),
		...(exitCode === undefined ? {} : { exitCode }),
	};
};

const Entry = z.looseObject({
	content: z.string(),
	priority: z.string().catch("medium"),
	status: z.enum(["pending", "in_progress", "completed"]).catch("pending"),
});
const planEntries = (entries: unknown[]): PlanEntry[] =>
	entries.slice(0, PLAN_ENTRIES_MAX).flatMap((raw) => {
		const entry = Entry.safeParse(raw);
		if (!entry.success) return [];
		const { content, priority, status } = entry.data;
		return [{ content: shortText(content, PATH_BYTES_MAX), priority: shortText(priority, 32), status }];
	});

const modeNoted = (mode: string): AgentEvent => ({ type: "mode-noted", mode: shortText(mode, 64) });

const ModeOption = z.looseObject({ id: z.literal("mode"), currentValue: z.string() });
const configNoted = (options: unknown[]): AgentEvent => {
	const mode = options.map((raw) => ModeOption.safeParse(raw)).find((parsed) => parsed.success);
	return mode?.data ? modeNoted(mode.data.currentValue) : IGNORED;
};

const Named = z.looseObject({ name: z.string() });
const commandNames = (commands: unknown[]): string[] =>
	commands.slice(0, 100).flatMap((raw) => {
		const command = Named.safeParse(raw);
		return command.success ? [shortText(command.data.name, 64)] : [];
	});

const ErrorShape = z.looseObject({ message: z.string() });
const errorText = (error: unknown): string => {
	const shaped = ErrorShape.safeParse(error);
	return shaped.success ? shortText(shaped.data.message, JSON_BYTES_MAX) : jsonText(error, JSON_BYTES_MAX);
};

const AskParams = z.looseObject({ options: list, toolCall: anything });
const AskOption = z.looseObject({ optionId: z.string().min(1).max(TITLE_BYTES_MAX), name: text, kind: text });
const AskTool = z.looseObject({ toolCallId: text, title: text, rawInput: anything });

const askedPatch = (raw: unknown): ToolPatch | null => {
	const toolCallId = AskTool.safeParse(raw).data?.toolCallId;
	return toolCallId === undefined ? null : toolPatch(toolCallId, raw);
};

/** Reads an ACP `session/request_permission`. Options without an id cannot be answered and are left out. */
export const decodePermission = (requestId: unknown, raw: unknown): PermissionAsk => {
	const params = AskParams.safeParse(raw).data;
	const tool = AskTool.safeParse(params?.toolCall).data;
	const ask: PermissionAsk = {
		requestId: typeof requestId === "string" ? requestId : jsonText(requestId, 128),
		title: shortText(tool?.title || "The agent asks for permission", TITLE_BYTES_MAX),
		options: (params?.options ?? []).slice(0, OPTIONS_MAX).flatMap((option) => {
			const parsed = AskOption.safeParse(option).data;
			if (parsed === undefined) return [];
			const { optionId, name, kind } = parsed;
			return [{ optionId, name: shortText(name || optionId, TITLE_BYTES_MAX), kind: shortText(kind ?? "other", 32) }];
		}),
	};
	if (tool?.toolCallId !== undefined) ask.toolCallId = shortText(tool.toolCallId, TITLE_BYTES_MAX);
	if (tool?.rawInput !== undefined && tool.rawInput !== null) ask.detail = jsonText(tool.rawInput, JSON_BYTES_MAX);
	return ask;
};
