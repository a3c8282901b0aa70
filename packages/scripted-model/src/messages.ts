import type { Answer } from "./answer.ts";
import type { Api, Asked, ScriptedUsage } from "./api.ts";
import { readMessages } from "./conversation.ts";
import { anthropicErrorType } from "./error-type.ts";
import type { Reply } from "./reply.ts";

/** Anthropic Messages, as claude asks. */
export const messagesApi: Api = {
	name: "messages",
	path: "/v1/messages",
	read: readMessages,
	fail: (reply, status, sentence) =>
		reply.json(status, { type: "error", error: { type: anthropicErrorType(status), message: sentence } }),
	async begin(reply, asked) {
		reply.openStream();
		const message = {
			...shell(asked),
			content: [],
			stop_reason: null,
			usage: { ...usageOf(asked.usage), output_tokens: 1 },
		};
		await reply.event("message_start", { type: "message_start", message });
	},
	async stream(reply, asked, answer) {
		const blocks = blocksOf(asked, answer);
		for (const [index, { start, deltas }] of blocks.entries()) {
			await streamBlock(reply, index, start, deltas, answer.kind === "words" ? answer.pauseMs : 0);
		}
		const delta = { stop_reason: stopReasonOf(answer), stop_sequence: null };
		await reply.event("message_delta", {
			type: "message_delta",
			delta,
			usage: { output_tokens: asked.usage.outputTokens },
		});
		await reply.event("message_stop", { type: "message_stop" });
		reply.end();
	},
	whole: (asked, answer) => ({
		...shell(asked),
		content: [
			...(answer.thought === undefined ? [] : [{ type: "thinking", thinking: answer.thought, signature: "scripted" }]),
			answer.kind === "call"
				? { type: "tool_use", id: `toolu_${asked.id}`, name: answer.call.name, input: answer.call.input }
				: { type: "text", text: [...answer.words].join("") },
		],
		stop_reason: stopReasonOf(answer),
		usage: usageOf(asked.usage),
	}),
};

type Given = Extract<Answer, { kind: "words" | "call" }>;
interface Block {
	readonly start: object;
	readonly deltas: Iterable<object>;
}

function blocksOf({ id }: Asked, answer: Given): Block[] {
	const blocks: Block[] = [];
	if (answer.thought !== undefined) {
		const deltas = [
			{ type: "thinking_delta", thinking: answer.thought },
			{ type: "signature_delta", signature: "scripted" },
		];
		blocks.push({ start: { type: "thinking", thinking: "", signature: "" }, deltas });
	}
	if (answer.kind === "call") {
		const { name, input } = answer.call;
		const deltas = [{ type: "input_json_delta", partial_json: JSON.stringify(input) }];
		blocks.push({ start: { type: "tool_use", id: `toolu_${id}`, name, input: {} }, deltas });
	} else {
		blocks.push({ start: { type: "text", text: "" }, deltas: textDeltas(answer.words) });
	}
	return blocks;
}

function* textDeltas(words: Iterable<string>): Generator<object> {
	for (const text of words) yield { type: "text_delta", text };
}

async function streamBlock(reply: Reply, index: number, start: object, deltas: Iterable<object>, pauseMs: number) {
	await reply.event("content_block_start", { type: "content_block_start", index, content_block: start });
	for (const delta of deltas) {
		if (reply.isGone) return;
		await reply.event("content_block_delta", { type: "content_block_delta", index, delta });
		await reply.pause(pauseMs);
	}
	await reply.event("content_block_stop", { type: "content_block_stop", index });
}

const stopReasonOf = (answer: Given): string => (answer.kind === "call" ? "tool_use" : "end_turn");

const shell = ({ id, conversation }: Asked) => ({
	id: `msg_${id}`,
	type: "message",
	role: "assistant",
	model: conversation.model,
	stop_sequence: null,
});

/** Anthropic counts cached input apart. */
const usageOf = ({ inputTokens, cachedTokens, outputTokens }: ScriptedUsage) => ({
	input_tokens: inputTokens - cachedTokens,
	cache_creation_input_tokens: 0,
	cache_read_input_tokens: cachedTokens,
	output_tokens: outputTokens,
});
