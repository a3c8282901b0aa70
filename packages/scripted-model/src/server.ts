import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { answerTo } from "./answer.ts";
import type { Api, ScriptedUsage } from "./api.ts";
import { chatCompletionsApi } from "./chat-completions.ts";
import { messagesApi } from "./messages.ts";
import { Reply } from "./reply.ts";
import { responsesApi } from "./responses.ts";

export interface ScriptedModelOptions {
	/** A free one by default. */
	readonly port?: number;
	/** Only requests with this key are answered; every one by default. */
	readonly key?: string;
	/** Between two words; 0 by default. */
	readonly pauseMs?: number;
	readonly usage?: Partial<ScriptedUsage>;
}

/** One request as it arrived. */
export interface SeenRequest {
	readonly method: string;
	/** With its query. */
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
	readonly rawHeaders: readonly string[];
	readonly body: string;
	/** Which API it was for; undefined for anything else. */
	readonly api: Api["name"] | undefined;
	/** The caller went away before the whole answer was sent. */
	isAborted: boolean;
	isAnswered: boolean;
}

export interface ScriptedModel {
	readonly url: string;
	readonly port: number;
	/** Oldest first; the newest 1,000. */
	readonly requests: readonly SeenRequest[];
	close(): Promise<void>;
}

const APIS: readonly Api[] = [responsesApi, chatCompletionsApi, messagesApi];
const REQUESTS_KEPT = 1_000;
const USAGE: ScriptedUsage = { inputTokens: 100, cachedTokens: 0, outputTokens: 20 };

/** Starts a model server on loopback that does what the last user text says; see README.md. */
export async function startScriptedModel(options: ScriptedModelOptions = {}): Promise<ScriptedModel> {
	const requests: SeenRequest[] = [];
	const usage = { ...USAGE, ...options.usage };
	let count = 0;

	const server = createServer(async (request, response) => {
		const id = ++count;
		const body = await readBody(request);
		if (body === undefined) return;
		const seen = note(request, body);
		requests.push(seen);
		if (requests.length > REQUESTS_KEPT) requests.shift();
		response.on("close", () => {
			seen.isAnswered = response.writableFinished;
			seen.isAborted = !response.writableFinished;
		});
		const reply = new Reply(response);
		const api = APIS.find(({ name }) => name === seen.api);
		if (options.key !== undefined && !hasKey(request.headers, options.key)) refuseKey(reply, request.headers, api);
		else if (api) await answer(api, reply, { id, body, usage, pauseMs: options.pauseMs ?? 0 });
		else answerOther(reply, seen);
	});
	server.listen(options.port ?? 0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("The scripted model has no port.");

	return {
		url: `http://127.0.0.1:${address.port}`,
		port: address.port,
		requests,
		async close() {
			server.close();
			server.closeAllConnections();
			if (server.listening) await once(server, "close");
		},
	};
}

interface Job {
	readonly id: number;
	readonly body: string;
	readonly usage: ScriptedUsage;
	readonly pauseMs: number;
}

async function answer(api: Api, reply: Reply, { id, body, usage, pauseMs }: Job): Promise<void> {
	const parsed = parse(body);
	if (parsed === undefined) {
		api.fail(reply, 400, "The body is not JSON.");
		return;
	}
	const conversation = api.read(parsed);
	const asked = { id, conversation, usage };
	const given = answerTo(conversation, pauseMs);
	if (given.kind === "failure") {
		api.fail(reply, given.status, given.sentence);
	} else if (given.kind === "hang") {
		if (conversation.isStream) await api.begin(reply, asked);
		await reply.hang();
	} else if (conversation.isStream) {
		await api.begin(reply, asked);
		await api.stream(reply, asked, given);
	} else {
		reply.json(200, api.whole(asked, given));
	}
}

function answerOther(reply: Reply, { method, path }: SeenRequest): void {
	const { pathname } = new URL(path, "http://model");
	// `models` is what codex reads.
	const models = { object: "list", data: [{ id: "scripted-1", object: "model" }], models: [] };
	if (method === "POST" && pathname === "/v1/messages/count_tokens") reply.json(200, { input_tokens: 100 });
	else if (method === "GET" && pathname === "/v1/models") reply.json(200, models);
	else reply.json(404, { error: { message: `There is no ${method} ${pathname}.`, type: "not_found" } });
}

function note(request: IncomingMessage, body: string): SeenRequest {
	const { method = "", url: path = "" } = request;
	const { pathname } = new URL(path, "http://model");
	const api = APIS.find((each) => method === "POST" && each.path === pathname);
	return {
		method,
		path,
		headers: request.headers,
		rawHeaders: request.rawHeaders,
		body,
		api: api?.name,
		isAborted: false,
		isAnswered: false,
	};
}

const hasKey = ({ authorization, "x-api-key": apiKey }: IncomingHttpHeaders, key: string): boolean =>
	authorization === `Bearer ${key}` || apiKey === key;

/** Quotes the key it was given, as some servers do: a test of whoever stands between. */
function refuseKey(reply: Reply, headers: IncomingHttpHeaders, api: Api | undefined): void {
	const given = headers.authorization ?? headers["x-api-key"] ?? "none";
	(api ?? responsesApi).fail(reply, 401, `Incorrect API key provided: ${given}`);
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
	try {
		const parts: Buffer[] = [];
		for await (const part of request) parts.push(part);
		return Buffer.concat(parts).toString();
	} catch {
		return undefined; // the caller went away while it asked
	}
}

function parse(body: string): unknown {
	try {
		return JSON.parse(body);
	} catch {
		return undefined; // answered with 400
	}
}
