import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { attachedNames } from "./attached.ts";
import { runTurn } from "./brain.ts";
import { type Conversation, isRecord, newConversation } from "./conversation.ts";
import { folderWorkspace } from "./folder.ts";
import { INVALID_PARAMS, INVALID_REQUEST, JsonRpcPeer, METHOD_NOT_FOUND, NOT_FOUND, RpcError } from "./json-rpc.ts";
import type { SessionStore } from "./session-store.ts";
import { textBlock, type Update } from "./update.ts";

/** Milliseconds between pieces of text and between looks at a command's output. */
export interface Pace {
	readonly words: number;
	readonly output: number;
}

interface Session {
	conversation: Conversation;
	running: AbortController | undefined;
}

const SESSIONS_MAX = 64;

/** The Agent Client Protocol around the brain: sessions, turns, cancellation. */
export class AcpAgent {
	readonly peer: JsonRpcPeer;
	readonly #store: SessionStore;
	readonly #pace: Pace;
	readonly #sessions = new Map<string, Session>();

	constructor(
		output: NodeJS.WritableStream & ConstructorParameters<typeof JsonRpcPeer>[0],
		store: SessionStore,
		pace: Pace,
	) {
		this.#store = store;
		this.#pace = pace;
		this.peer = new JsonRpcPeer(output, (method, params) => this.#handle(method, params));
	}

	/** Ends every turn and what it runs. */
	cancelAll(): void {
		for (const session of this.#sessions.values()) session.running?.abort();
	}

	async #handle(method: string, params: Record<string, unknown>): Promise<unknown> {
		switch (method) {
			case "initialize":
				return {
					protocolVersion: 1,
					agentCapabilities: { loadSession: true, promptCapabilities: { image: true, embeddedContext: true } },
					agentInfo: { name: "bullpen-demo-agent", title: "Demo agent (no model)", version: "1" },
					authMethods: [],
				};
			case "authenticate":
				return {};
			case "session/new":
				return this.#create(params);
			case "session/load":
				return this.#load(params);
			case "session/prompt":
				return this.#prompt(params);
			case "session/cancel":
				this.#sessions.get(text(params, "sessionId"))?.running?.abort();
				return {};
			default:
				throw new RpcError(METHOD_NOT_FOUND, `There is no method ${method.slice(0, 100)}.`);
		}
	}

	async #create(params: Record<string, unknown>): Promise<unknown> {
		const sessionId = randomUUID();
		const conversation = newConversation(text(params, "cwd"));
		this.#open(sessionId, conversation);
		await this.#store.save(sessionId, conversation);
		return { sessionId };
	}

	/** Tells the whole conversation again before it answers, as the protocol asks. */
	async #load(params: Record<string, unknown>): Promise<unknown> {
		const sessionId = text(params, "sessionId");
		const cwd = text(params, "cwd");
		const kept = this.#sessions.get(sessionId)?.conversation ?? (await this.#store.load(sessionId));
		if (!kept) throw new RpcError(NOT_FOUND, "There is no such session.");
		if (!this.#sessions.has(sessionId)) this.#open(sessionId, { ...kept, cwd });
		for (const turn of kept.turns) {
			this.#update(sessionId, { sessionUpdate: "user_message_chunk", content: textBlock(turn.prompt) });
			if (turn.answer)
				this.#update(sessionId, { sessionUpdate: "agent_message_chunk", content: textBlock(turn.answer) });
		}
		return {};
	}

	async #prompt(params: Record<string, unknown>): Promise<unknown> {
		const sessionId = text(params, "sessionId");
		const session = this.#sessions.get(sessionId);
		if (!session) throw new RpcError(NOT_FOUND, "There is no such session.");
		if (session.running) throw new RpcError(INVALID_REQUEST, "A turn is already running in this session.");
		if (!Array.isArray(params.prompt)) throw new RpcError(INVALID_PARAMS, "A prompt is a list of content blocks.");
		const running = new AbortController();
		session.running = running;
		try {
			const stopReason = await runTurn(promptText(params.prompt), session.conversation, {
				workspace: folderWorkspace(session.conversation.cwd),
				attached: attachedNames(params.prompt),
				signal: running.signal,
				emit: (update) => this.#update(sessionId, update),
				ask: async (request) => {
					const answer = await this.peer.request(
						"session/request_permission",
						{ sessionId, ...request },
						running.signal,
					);
					const outcome = isRecord(answer) ? answer.outcome : undefined;
					const isChosen = isRecord(outcome) && outcome.outcome === "selected" && typeof outcome.optionId === "string";
					return isChosen ? String(outcome.optionId) : undefined;
				},
				remember: async (conversation) => {
					session.conversation = conversation;
					await this.#store.save(sessionId, conversation);
				},
				pause: (of) => wait(this.#pace[of], undefined, { signal: running.signal }).catch(ignoreAbort),
				toolCallId: () => `call-${randomUUID()}`,
			});
			return { stopReason };
		} finally {
			session.running = undefined;
		}
	}

	#open(sessionId: string, conversation: Conversation): void {
		if (this.#sessions.size >= SESSIONS_MAX) throw new RpcError(INVALID_REQUEST, "Too many sessions in one process.");
		this.#sessions.set(sessionId, { conversation, running: undefined });
	}

	#update(sessionId: string, update: Update): void {
		this.peer.notify("session/update", { sessionId, update });
	}
}

/** Cancelled while waiting: whoever waits looks at the signal next. */
function ignoreAbort(): void {}

function text(params: Record<string, unknown>, name: string): string {
	const value = params[name];
	if (typeof value !== "string" || value === "") throw new RpcError(INVALID_PARAMS, `${name} must be a text.`);
	return value;
}

/** The text blocks of a prompt, in order; of others this agent says only that they are there. */
export function promptText(blocks: readonly unknown[]): string {
	return blocks
		.map((block) => (isRecord(block) && block.type === "text" && typeof block.text === "string" ? block.text : ""))
		.filter((part) => part !== "")
		.join("\n");
}
