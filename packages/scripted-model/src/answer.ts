import type { Conversation } from "./conversation.ts";
import { type Directive, directiveOf, firstRequest } from "./directive.ts";
import { type ToolCall, toolCallOf } from "./tool-call.ts";

/** What the model will do, whichever API asked. */
export type Answer =
	| { readonly kind: "words"; readonly words: Iterable<string>; readonly pauseMs: number; readonly thought?: string }
	| { readonly kind: "call"; readonly call: ToolCall; readonly thought?: string }
	| { readonly kind: "failure"; readonly status: number; readonly sentence: string }
	| { readonly kind: "hang" };

const OUTPUT_CHARS_SHOWN = 200;

export function answerTo(conversation: Conversation, pauseMs: number): Answer {
	const directive = directiveOf(conversation.userTexts.at(-1) ?? "");
	const output = conversation.toolOutputs.at(-1);
	if (output !== undefined) return say(`The tool answered: ${output.slice(0, OUTPUT_CHARS_SHOWN)}`, pauseMs);
	const { name, rest } = directive;
	switch (name) {
		case "SAY":
			return say(rest, pauseMs);
		case "THINK":
			return { ...say("I thought about it.", pauseMs), thought: rest };
		case "RECALL":
			return say(`First you asked: ${firstRequest(conversation.userTexts) ?? "nothing"}`, pauseMs);
		case "BIG":
			return big(rest, pauseMs);
		case "FAIL":
			return failure(rest);
		case "HANG":
			return { kind: "hang" };
		case "RUN":
		case "ASKRUN":
		case "WRITE":
		case "PLAN":
			return callFor(directive, conversation, pauseMs);
	}
}

function callFor(directive: Directive, { tools }: Conversation, pauseMs: number): Answer {
	const call = toolCallOf(directive, tools);
	if (!call) return say(`I have no tool for: ${directive.name} ${directive.rest}`, pauseMs);
	return directive.name === "RUN"
		? { kind: "call", call, thought: "**Running the command** as asked." }
		: { kind: "call", call };
}

/** Words with the space that follows them, as models stream them. */
const say = (sentence: string, pauseMs: number): Extract<Answer, { kind: "words" }> => ({
	kind: "words",
	words: sentence.split(/(?<= )/),
	pauseMs,
});

function big(rest: string, pauseMs: number): Answer {
	const [count = 0, pause = pauseMs] = rest.split(/\s+/).map(Number);
	return { kind: "words", words: numbered(count), pauseMs: pause };
}

function* numbered(count: number): Generator<string> {
	for (let index = 0; index < count; index++) yield `word${index} `;
}

function failure(rest: string): Answer {
	const [code = "", ...sentence] = rest.split(" ");
	const status = Number(code);
	const isError = Number.isInteger(status) && status >= 400 && status < 600;
	return { kind: "failure", status: isError ? status : 500, sentence: sentence.join(" ") || "a scripted failure" };
}
