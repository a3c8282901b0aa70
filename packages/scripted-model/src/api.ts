import type { Answer } from "./answer.ts";
import type { Conversation } from "./conversation.ts";
import type { Reply } from "./reply.ts";

/** What every request is said to have used, in tokens. */
export interface ScriptedUsage {
	/** All input, what came from the cache included. */
	readonly inputTokens: number;
	readonly cachedTokens: number;
	readonly outputTokens: number;
}

export interface Asked {
	/** Number of the request, for ids. */
	readonly id: number;
	readonly conversation: Conversation;
	readonly usage: ScriptedUsage;
}

/** One of the APIs this server speaks. */
export interface Api {
	readonly name: "responses" | "chat-completions" | "messages";
	readonly path: string;
	read(body: unknown): Conversation;
	fail(reply: Reply, status: number, sentence: string): void;
	/** What the API sends before anything is known of the answer. */
	begin(reply: Reply, asked: Asked): Promise<void>;
	stream(reply: Reply, asked: Asked, answer: Extract<Answer, { kind: "words" | "call" }>): Promise<void>;
	whole(asked: Asked, answer: Extract<Answer, { kind: "words" | "call" }>): unknown;
}
