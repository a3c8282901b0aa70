import { hasCommand } from "./directive.ts";

/** What the three APIs have in common, read leniently: agents add fields all the time. */
export interface Conversation {
	readonly model: string;
	readonly isStream: boolean;
	readonly userTexts: readonly string[];
	/** What tools answered since the last user text. */
	readonly toolOutputs: readonly string[];
	readonly tools: readonly Tool[];
}

export interface Tool {
	readonly name: string;
	/** Takes free text instead of JSON (Responses only). */
	readonly isFreeform: boolean;
	/** Names of its arguments, as far as its schema tells them. */
	readonly fields: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;
interface Turn {
	readonly user?: string;
	readonly toolOutputs?: readonly string[];
}

export function readResponses(body: unknown): Conversation {
	const { input } = record(body);
	const items = typeof input === "string" ? [{ role: "user", content: input }] : list(input);
	return conversation(
		body,
		items.map((item): Turn => {
			const type = text(item.type);
			if (type.endsWith("_output")) return { toolOutputs: [flatten(item.output)] };
			return item.role === "user" ? { user: flatten(item.content) } : {};
		}),
		list(record(body).tools),
	);
}

export function readChatCompletions(body: unknown): Conversation {
	const turns = list(record(body).messages).map((message): Turn => {
		if (message.role === "tool") return { toolOutputs: [flatten(message.content)] };
		return message.role === "user" ? { user: flatten(message.content) } : {};
	});
	return conversation(
		body,
		turns,
		list(record(body).tools).map((tool) => record(tool.function)),
	);
}

export function readMessages(body: unknown): Conversation {
	const turns = list(record(body).messages).map((message): Turn => {
		if (message.role !== "user") return {};
		const results = list(message.content).filter(({ type }) => type === "tool_result");
		const user = flatten(message.content);
		if (results.length === 0) return { user };
		// What a person says after a cancelled call comes with its result; so do notes of the agent, which ask for nothing.
		return hasCommand(user) ? { user } : { toolOutputs: results.map(({ content }) => flatten(content)) };
	});
	return conversation(body, turns, list(record(body).tools));
}

function conversation(body: unknown, turns: readonly Turn[], tools: readonly Fields[]): Conversation {
	const last = turns.findLastIndex(({ user }) => user !== undefined);
	return {
		model: text(record(body).model) || "scripted-1",
		isStream: record(body).stream === true,
		userTexts: turns.flatMap(({ user }) => (user === undefined ? [] : [user])),
		toolOutputs: turns.slice(last + 1).flatMap(({ toolOutputs = [] }) => toolOutputs),
		tools: tools.map((tool) => ({
			name: text(tool.name) || text(tool.type),
			isFreeform: tool.type === "custom",
			fields: Object.keys(record(record(tool.parameters ?? tool.input_schema).properties)),
		})),
	};
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Text, or the texts of a list of parts. */
function flatten(content: unknown): string {
	if (typeof content === "string") return content;
	return list(content)
		.map((part) => text(part.text))
		.join("\n");
}

const record = (value: unknown): Fields =>
	typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};

const list = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(record) : []);
