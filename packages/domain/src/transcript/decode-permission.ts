import { z } from "zod";
import type { PermissionAsk, ToolPatch } from "./agent-event.ts";
import { jsonText, shortText } from "./agent-text.ts";
import { toolPatch } from "./decode-tool.ts";
import { anything, JSON_BYTES_MAX, list, TITLE_BYTES_MAX, text } from "./lenient.ts";

const OPTIONS_MAX = 20;

const AskParams = z.looseObject({ options: list, toolCall: anything });
const AskOption = z.looseObject({ optionId: z.string().min(1).max(TITLE_BYTES_MAX), name: text, kind: text });
const AskTool = z.looseObject({ toolCallId: text, title: text, rawInput: anything });

/** What a question tells of the call it is about, or null when it is about none. */
export const askedPatch = (raw: unknown): ToolPatch | null => {
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
