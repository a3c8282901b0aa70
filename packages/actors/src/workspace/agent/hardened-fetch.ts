import type { Limits } from "@bullpen/domain/limits";
import { type Envelope, isRequest, isResponse, parseEnvelope } from "./envelope.ts";
import { rewriteEvents } from "./event-stream.ts";
import { within } from "./within.ts";

export interface HardenedFetchOptions {
	readonly fetch: typeof globalThis.fetch;
	readonly limits: Pick<Limits, "agentDrainMs" | "agentMessageBytesMax">;
	/** The agent's own id of the session to continue: the next `session/new` becomes a `session/load` of it. */
	readonly loadSessionId?: string | undefined;
	/**
	 * What the agent is told before its first prompt when it has no session to load or cannot load it. Nobody else ever sees
	 * it, neither the SDK nor what it stores.
	 */
	recall?(): Promise<string | undefined>;
	/** Once, with a sentence: the agent is gone and this transport with it. */
	onBroken(reason: string): void;
}

export interface HardenedFetch {
	readonly fetch: typeof globalThis.fetch;
	/** What the agent said of itself when it began: its answer to `initialize`. */
	readonly introduction: unknown;
	/** Fails every call in flight and all later ones. */
	break(reason: string): void;
}

type Input = Parameters<typeof globalThis.fetch>[0];

const AGENT_ID = "bullpen-agent:";
const LOAD_ID = "bullpen-load";
const STREAM_RETRY_MS = 50;
const STREAM_RETRIES = 40;
const TOO_LONG = "The agent sent a message that is too long.";
const LOST = "The connection to the sandbox was lost.";

/**
 * A `fetch` for the Sandbox Agent SDK 0.4.2 that makes up for what was measured in it and its server:
 *
 * 1. A failed ACP call becomes a JSON-RPC error. The SDK would reject unhandled and never settle the call.
 * 2. (Timeouts that cut long turns are off in `socketFetch`.)
 * 3. The response of a turn overtakes the turn's own events, which come on another connection. The server sends every
 *    response on the event stream too, in order: a turn's own HTTP response is dropped once that one has passed.
 * 4. The exit of an agent is told on the event stream only, and calls would wait 120 s: it fails those in flight at once.
 * 5. An event stream asked for before its first call has arrived gets 404: it is asked again. One that breaks is ended, not
 *    failed, so that the SDK reconnects and continues where it was.
 * 7. Agents number their own requests from zero like the SDK does, and the SDK keeps one table for both: theirs get a prefix.
 * 8. Resuming replays cut-off history as a prompt. `session/new` becomes the agent's own `session/load`; what it tells again
 *    meanwhile is kept back. An agent that cannot load it gets the `session/new` after all, and `recall` with its next prompt.
 */
export function hardenedFetch(options: HardenedFetchOptions): HardenedFetch {
	const { limits } = options;
	const inFlight = new Set<(reason: string) => void>();
	const passed = new Map<string, () => void>();
	let loadSessionId = options.loadSessionId;
	let isForgetful = false;
	let loading: string | undefined;
	let broken: string | undefined;
	let introduction: unknown;

	function breakWith(reason: string): void {
		if (broken !== undefined) return;
		broken = reason;
		for (const fail of inFlight) fail(reason);
		options.onBroken(reason);
	}

	/** The HTTP response's status and text; fails when the agent breaks meanwhile. */
	async function call(input: Input, init: RequestInit, body: string): Promise<{ status: number; text: string }> {
		if (broken !== undefined) throw new Error(broken);
		const abort = new AbortController();
		const { promise: gone, reject } = Promise.withResolvers<never>();
		gone.catch(() => undefined); // nobody may be waiting any more when it fails
		const fail = (reason: string) => {
			reject(new Error(reason));
			abort.abort();
		};
		inFlight.add(fail);
		const exchange = async () => {
			const response = await options.fetch(input, { ...init, body, signal: abort.signal });
			return { status: response.status, text: await boundedText(response, limits.agentMessageBytesMax) };
		};
		try {
			const answered = exchange();
			answered.catch(() => undefined); // as above, when `gone` wins
			return await Promise.race([answered, gone]);
		} finally {
			inFlight.delete(fail);
		}
	}

	async function post(input: Input, init: RequestInit): Promise<Response> {
		const written = typeof init.body === "string" ? init.body : "";
		const message = parseEnvelope(written);
		try {
			if (message && isRequest(message)) return await request(input, init, written, message);
			const body = message && isResponse(message) ? JSON.stringify(withAgentsId(message)) : written;
			const { status, text } = await call(input, init, body);
			if (status >= 300) breakWith(problemOf(status, text));
		} catch (error) {
			breakWith(reasonOf(error));
			if (message && isRequest(message)) return rpcError(message.id, broken ?? reasonOf(error));
		}
		return new Response(null, { status: 202 });
	}

	async function request(input: Input, init: RequestInit, body: string, message: Envelope): Promise<Response> {
		if (message.method === "session/new" && loadSessionId !== undefined) {
			const loaded = await load(input, init, message, loadSessionId);
			if (loaded) return loaded;
		}
		if (message.method === "session/new") isForgetful = true;
		const isTurn = message.method === "session/prompt";
		const drained = isTurn ? passing(String(message.id)) : undefined;
		try {
			const { status, text } = await call(input, init, isTurn ? await withRecall(message, body) : body);
			if (status >= 300) {
				breakWith(problemOf(status, text));
				return rpcError(message.id, problemOf(status, text));
			}
			if (message.method === "initialize") introduction = parseEnvelope(text)?.result;
			const hasPassed = drained !== undefined && status === 200 && (await within(limits.agentDrainMs, drained.passed));
			return hasPassed || status !== 200 ? new Response(null, { status: 202 }) : json(text);
		} finally {
			drained?.forget();
		}
	}

	async function load(
		input: Input,
		init: RequestInit,
		message: Envelope,
		sessionId: string,
	): Promise<Response | undefined> {
		loadSessionId = undefined;
		loading = sessionId;
		const told = passing(LOAD_ID);
		try {
			const params = { ...message.params, sessionId };
			const body = JSON.stringify({ jsonrpc: "2.0", id: LOAD_ID, method: "session/load", params });
			const { status, text } = await call(input, init, body);
			const answer = parseEnvelope(text);
			if (status >= 300 || !answer || answer.error !== undefined) return undefined;
			await within(limits.agentDrainMs, told.passed);
			return json(
				JSON.stringify({ jsonrpc: "2.0", id: message.id, result: { ...asRecord(answer.result), sessionId } }),
			);
		} finally {
			told.forget();
			loading = undefined;
		}
	}

	async function withRecall(message: Envelope, body: string): Promise<string> {
		const recalled = isForgetful ? await options.recall?.() : undefined;
		isForgetful = false;
		const prompt = message.params?.prompt;
		if (recalled === undefined || !Array.isArray(prompt)) return body;
		// Behind what was asked: agents make a title from what comes first.
		const params = { ...message.params, prompt: [...prompt, { type: "text", text: recalled }] };
		return JSON.stringify({ ...message, params });
	}

	/** Resolves when the response with this id came by on the event stream. */
	function passing(id: string): { passed: Promise<void>; forget(): void } {
		const { promise, resolve } = Promise.withResolvers<void>();
		passed.set(id, resolve);
		return { passed: promise, forget: () => passed.delete(id) };
	}

	async function listen(input: Input, init: RequestInit): Promise<Response> {
		for (let attempt = 0; ; attempt++) {
			const response = await options.fetch(input, init).catch((error: unknown) => {
				if (init.signal?.aborted) throw error;
				return undefined;
			});
			if (response?.ok && response.body) {
				const body = rewriteEvents(response.body, {
					bytesMax: limits.agentMessageBytesMax,
					onTooLong: () => breakWith(TOO_LONG),
					rewrite: (event) => {
						const data = rewriteEnvelope(event.data);
						return data === undefined ? undefined : { ...event, data };
					},
				});
				return new Response(body, { status: 200, headers: { "content-type": "text/event-stream" } });
			}
			await response?.body?.cancel();
			if (attempt >= STREAM_RETRIES || broken !== undefined) {
				breakWith(LOST);
				return new Response(null, { status: 503 });
			}
			await pause(STREAM_RETRY_MS);
		}
	}

	/** Undefined for what the SDK should not see. */
	function rewriteEnvelope(data: string): string | undefined {
		const message = parseEnvelope(data);
		if (!message) return undefined; // the SDK would stop listening at a line it cannot read
		if (message.method === "_adapter/agent_exited") {
			// After this event has gone on: it is the last one.
			setImmediate(() => breakWith(exitReason(message.params)));
			return data;
		}
		if (isRequest(message)) return JSON.stringify({ ...message, id: AGENT_ID + JSON.stringify(message.id) });
		if (isResponse(message)) {
			const id = String(message.id);
			const pass = passed.get(id);
			if (pass) setImmediate(pass);
			return id === LOAD_ID ? undefined : data;
		}
		const isRetold =
			loading !== undefined && message.method === "session/update" && message.params?.sessionId === loading;
		return isRetold ? undefined : data;
	}

	const send: typeof globalThis.fetch = (input, init = {}) => {
		if (!new URL(input instanceof Request ? input.url : input).pathname.startsWith("/v1/acp/")) {
			return options.fetch(input, init);
		}
		if (init.method === "POST") return post(input, init);
		if (init.method === undefined || init.method === "GET") return listen(input, init);
		return options.fetch(input, init);
	};
	return {
		fetch: send,
		get introduction() {
			return introduction;
		},
		break: breakWith,
	};
}

/** Takes the prefix off again: the agent must find its own id in the answer. */
function withAgentsId(message: Envelope): Envelope {
	if (typeof message.id !== "string" || !message.id.startsWith(AGENT_ID)) return message;
	const id: unknown = JSON.parse(message.id.slice(AGENT_ID.length));
	return typeof id === "string" || typeof id === "number" ? { ...message, id } : message;
}

function exitReason(params: Envelope["params"]): string {
	return typeof params?.code === "number"
		? `The agent ended unexpectedly (exit code ${params.code}).`
		: "The agent ended unexpectedly.";
}

function problemOf(status: number, text: string): string {
	const problem = asRecord(parsed(text));
	const said = [problem.detail, problem.title].find((part) => typeof part === "string" && part !== "");
	return `The sandbox refused a call: ${said ?? `HTTP ${status}`}.`;
}

function reasonOf(error: unknown): string {
	const isNetwork = error instanceof Error && "code" in error && typeof error.code === "string";
	return isNetwork || !(error instanceof Error) ? LOST : error.message;
}

function rpcError(id: unknown, message: string): Response {
	return json(JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32603, message } }));
}

function json(text: string): Response {
	return new Response(text, { status: 200, headers: { "content-type": "application/json" } });
}

async function boundedText(response: Response, bytesMax: number): Promise<string> {
	const decoder = new TextDecoder();
	let text = "";
	for await (const chunk of response.body ?? []) {
		text += decoder.decode(chunk, { stream: true });
		if (text.length > bytesMax) throw new Error(TOO_LONG);
	}
	return text;
}

function asRecord(value: unknown): Record<string, unknown> {
	return typeof value === "object" && value !== null ? { ...value } : {};
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined; // not JSON: the caller has the status
	}
}

function pause(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}
