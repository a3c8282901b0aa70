import type { Api, Asked, ScriptedUsage } from "./api.ts";
import { readChatCompletions } from "./conversation.ts";
import { openaiErrorType } from "./error-type.ts";
import type { ToolCall } from "./tool-call.ts";

/** OpenAI Chat Completions, as opencode and most compatible servers do it. Always tells its usage. */
export const chatCompletionsApi: Api = {
	name: "chat-completions",
	path: "/v1/chat/completions",
	read: readChatCompletions,
	fail: (reply, status, sentence) =>
		reply.json(status, { error: { message: sentence, type: openaiErrorType(status), param: null, code: null } }),
	async begin(reply, asked) {
		reply.openStream();
		await reply.event(undefined, chunk(asked, { role: "assistant", content: "" }));
	},
	async stream(reply, asked, answer) {
		if (answer.thought !== undefined) {
			await reply.event(undefined, chunk(asked, { reasoning_content: answer.thought }));
		}
		if (answer.kind === "call") {
			await reply.event(undefined, chunk(asked, { tool_calls: [{ index: 0, ...toolCall(asked.id, answer.call) }] }));
		} else {
			for (const content of answer.words) {
				if (reply.isGone) return;
				await reply.event(undefined, chunk(asked, { content }));
				await reply.pause(answer.pauseMs);
			}
		}
		await reply.event(undefined, chunk(asked, {}, answer.kind === "call" ? "tool_calls" : "stop"));
		await reply.event(undefined, {
			...shell(asked, "chat.completion.chunk"),
			choices: [],
			usage: usageOf(asked.usage),
		});
		await reply.event(undefined, "[DONE]");
		reply.end();
	},
	whole: (asked, answer) => ({
		...shell(asked, "chat.completion"),
		choices: [
			answer.kind === "call"
				? {
						index: 0,
						message: { role: "assistant", content: null, tool_calls: [toolCall(asked.id, answer.call)] },
						finish_reason: "tool_calls",
					}
				: { index: 0, message: { role: "assistant", content: [...answer.words].join("") }, finish_reason: "stop" },
		],
		usage: usageOf(asked.usage),
	}),
};

const shell = ({ id, conversation }: Asked, object: string) => ({
	id: `chatcmpl-${id}`,
	object,
	created: 1,
	model: conversation.model,
});

const chunk = (asked: Asked, delta: object, finishReason: string | null = null) => ({
	...shell(asked, "chat.completion.chunk"),
	choices: [{ index: 0, delta, finish_reason: finishReason }],
});

const toolCall = (id: number, { name, input }: ToolCall) => ({
	id: `call_${id}`,
	type: "function",
	function: { name, arguments: JSON.stringify(input) },
});

const usageOf = ({ inputTokens, cachedTokens, outputTokens }: ScriptedUsage) => ({
	prompt_tokens: inputTokens,
	prompt_tokens_details: { cached_tokens: cachedTokens },
	completion_tokens: outputTokens,
	total_tokens: inputTokens + outputTokens,
});
