import type { DecodedContent, ToolPatch } from "./agent-event.ts";
import { headAndTail } from "./agent-text.ts";
import {
	type CoalesceLimits,
	type CoalesceState,
	type CoalesceStep,
	makeItem,
	type Of,
	overflow,
	stepOf,
	type Tool,
} from "./coalesce-state.ts";
import type { ToolContent } from "./item.ts";

/** Merges what a call says of itself into its line, which begins with the first thing it says. */
export const changeTool = (
	state: CoalesceState,
	patch: ToolPatch,
	at: number,
	limits: CoalesceLimits,
): CoalesceStep => {
	const known = state.tools.get(patch.toolCallId);
	const { body, whole } = patchTool(known?.body ?? emptyTool(patch.toolCallId), patch, at, limits);
	const made = known === undefined ? makeItem(state, body, at, limits) : { state, item: { ...known, body } };
	if (made === null) return overflow(state, at, limits);
	const { item } = made;
	return {
		...stepOf({ ...made.state, tools: withTool(state.tools, item, limits.turnToolsOpenMax) }, [item]),
		outputs: whole === null ? [] : [{ itemId: item.id, text: whole }],
		pictures: (patch.content ?? []).flatMap((picture, position) =>
			picture.type === "image" ? [{ itemId: item.id, position, picture }] : [],
		),
	};
};

export const isToolRunning = (tool: Tool): boolean => tool.status === "pending" || tool.status === "in_progress";

/** Remembers the newest calls only: an agent may make any number of them, and late updates are of recent ones. */
export const withTool = (tools: CoalesceState["tools"], item: Of<Tool>, max: number): CoalesceState["tools"] => {
	const next = new Map(tools).set(item.body.toolCallId, item);
	if (next.size <= max) return next;
	const calls = [...next.values()].map(({ body }) => body);
	const forgotten = calls.find((tool) => !isToolRunning(tool)) ?? calls[0];
	if (forgotten !== undefined) next.delete(forgotten.toolCallId);
	return next;
};

const emptyTool = (toolCallId: string): Tool => ({
	type: "tool",
	toolCallId,
	title: toolCallId,
	toolKind: "other",
	status: "pending",
	paths: [],
	content: [],
});

const patchTool = (
	tool: Tool,
	patch: ToolPatch,
	at: number,
	limits: CoalesceLimits,
): { body: Tool; whole: string | null } => {
	const { content: patchedContent, output, toolCallId: _, ...fields } = patch;
	const body: Tool = { ...tool, ...fields };
	if (!isToolRunning(body)) body.endedAt = tool.endedAt ?? at;
	const showsOutput = output && !patchedContent?.length && !tool.content.some(({ type }) => type !== "text");
	const shown = showsOutput ? [{ type: "text" as const, text: output }] : patchedContent;
	if (shown === undefined) return { body, whole: null };
	const capped = capContent(shown, limits);
	const { omittedBytes: _old, ...rest } = body;
	if (capped.omittedBytes === 0) return { body: { ...rest, content: capped.content }, whole: null };
	return {
		body: { ...rest, content: capped.content, omittedBytes: capped.omittedBytes },
		whole: shown.map(wholeText).join("\n"),
	};
};

const capContent = (
	contents: readonly DecodedContent[],
	limits: CoalesceLimits,
): { content: ToolContent[]; omittedBytes: number } => {
	let omittedBytes = 0;
	// The limits hold for the call as a whole: each part gets an equal share of them.
	const share = Math.max(1, contents.filter(({ type }) => type !== "image").length);
	const head = Math.floor(limits.toolOutputHeadBytes / share);
	const tail = Math.floor(limits.toolOutputTailBytes / share);
	const cap = (text: string): string => {
		const capped = headAndTail(text, head, tail);
		omittedBytes += capped.omittedBytes;
		return capped.text;
	};
	const content = contents.map((part): ToolContent => {
		if (part.type === "text") return { type: "text", text: cap(part.text) };
		if (part.type === "image") return withoutFile(part);
		return { ...part, oldText: part.oldText === null ? null : cap(part.oldText), newText: cap(part.newText) };
	});
	return { content, omittedBytes };
};

const withoutFile = ({ data: _, ...image }: Extract<DecodedContent, { type: "image" }>): ToolContent => image;

const wholeText = (part: DecodedContent): string => {
	if (part.type === "text") return part.text;
	if (part.type === "image") return `[${part.mimeType}, ${part.width} × ${part.height}]`;
	return `--- ${part.path}\n${part.oldText ?? ""}\n+++ ${part.path}\n${part.newText}`;
};
