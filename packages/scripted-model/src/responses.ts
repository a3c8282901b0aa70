import type { Api, ScriptedUsage } from "./api.ts";
import { readResponses } from "./conversation.ts";
import { openaiErrorType } from "./error-type.ts";
import type { Reply } from "./reply.ts";
import type { ToolCall } from "./tool-call.ts";

/** OpenAI Responses, as codex asks with `wire_api = "responses"`. */
export const responsesApi: Api = {
	name: "responses",
	path: "/v1/responses",
	read: readResponses,
	fail: (reply, status, sentence) =>
		reply.json(status, { error: { message: sentence, type: openaiErrorType(status), param: null, code: null } }),
	async begin(reply, { id, conversation }) {
		reply.openStream();
		await send(reply, "response.created", { response: { ...shell(id, conversation.model), status: "in_progress" } });
	},
	async stream(reply, { id, conversation, usage }, answer) {
		if (answer.thought !== undefined) await streamThought(reply, id, answer.thought);
		const output =
			answer.kind === "call" ? await streamCall(reply, id, answer.call) : await streamWords(reply, id, answer);
		const response = { ...shell(id, conversation.model), status: "completed", output: [output], usage: usageOf(usage) };
		await send(reply, "response.completed", { response });
		reply.end();
	},
	whole: ({ id, conversation, usage }, answer) => ({
		...shell(id, conversation.model),
		status: "completed",
		output: [answer.kind === "call" ? callItem(id, answer.call) : message(id, [...answer.words].join(""))],
		usage: usageOf(usage),
	}),
};

const send = (reply: Reply, type: string, fields: object): Promise<void> => reply.event(type, { type, ...fields });

const shell = (id: number, model: string) => ({ id: `resp_${id}`, object: "response", model, output: [] });

const message = (id: number, text: string) => ({
	type: "message",
	id: `msg_${id}`,
	role: "assistant",
	status: "completed",
	content: [{ type: "output_text", text, annotations: [] }],
});

const callItem = (id: number, { name, input }: ToolCall) =>
	typeof input === "string"
		? { type: "custom_tool_call", id: `ctc_${id}`, call_id: `call_${id}`, name, input }
		: { type: "function_call", id: `fc_${id}`, call_id: `call_${id}`, name, arguments: JSON.stringify(input) };

async function streamWords(reply: Reply, id: number, { words, pauseMs }: { words: Iterable<string>; pauseMs: number }) {
	const place = { item_id: `msg_${id}`, output_index: 1, content_index: 0 };
	const empty = { ...message(id, ""), status: "in_progress", content: [] };
	await send(reply, "response.output_item.added", { output_index: 1, item: empty });
	await send(reply, "response.content_part.added", { ...place, part: { type: "output_text", text: "" } });
	let text = "";
	for (const delta of words) {
		if (reply.isGone) break;
		text += delta;
		await send(reply, "response.output_text.delta", { ...place, delta });
		await reply.pause(pauseMs);
	}
	await send(reply, "response.output_item.done", { output_index: 1, item: message(id, text) });
	return message(id, text);
}

async function streamCall(reply: Reply, id: number, call: ToolCall) {
	const item = callItem(id, call);
	await send(reply, "response.output_item.added", { output_index: 1, item });
	await send(reply, "response.output_item.done", { output_index: 1, item });
	return item;
}

async function streamThought(reply: Reply, id: number, text: string): Promise<void> {
	const item = { type: "reasoning", id: `rs_${id}`, summary: [{ type: "summary_text", text }] };
	const place = { item_id: item.id, output_index: 0, summary_index: 0 };
	await send(reply, "response.output_item.added", { output_index: 0, item: { ...item, summary: [] } });
	await send(reply, "response.reasoning_summary_part.added", { ...place, part: { type: "summary_text", text: "" } });
	await send(reply, "response.reasoning_summary_text.delta", { ...place, delta: text });
	await send(reply, "response.output_item.done", { output_index: 0, item });
}

const usageOf = ({ inputTokens, cachedTokens, outputTokens }: ScriptedUsage) => ({
	input_tokens: inputTokens,
	input_tokens_details: { cached_tokens: cachedTokens },
	output_tokens: outputTokens,
	output_tokens_details: { reasoning_tokens: 0 },
	total_tokens: inputTokens + outputTokens,
});
