import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer, request as httpRequest, type IncomingHttpHeaders, type RequestListener } from "node:http";
import { connect, createServer as createNetServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { Credential } from "@bullpen/credentials/credential";
import type { Payer, Provider } from "@bullpen/credentials/provider";
import { ProviderKey } from "@bullpen/credentials/provider-key";
import { LIMITS, type Limits } from "@bullpen/domain/limits";
import { type ScriptedModel, startScriptedModel } from "@bullpen/scripted-model/server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ModelProxy, type ModelProxyOptions, openModelProxy } from "./model-proxy.ts";
import type { ModelProblem, ModelUsage } from "./model-usage.ts";
import { newProxyToken } from "./token.ts";

const KEY = "sk-real-0123456789abcdefghijABCDEFGHIJ";
const TOKEN = newProxyToken();
const ADA: Payer = { kind: "person", userId: "ada" };
const JSON_TYPE = { "content-type": "application/json" };
const BEARER = { authorization: `Bearer ${TOKEN}` };
const API_KEY = { "x-api-key": TOKEN };

/** Each API with a body that streams what the text says. */
const responses = (input: string, more = {}) => JSON.stringify({ model: "m", stream: true, input, ...more });
const messages = (content: string, more = {}) =>
	JSON.stringify({ model: "m", stream: true, max_tokens: 9, messages: [{ role: "user", content }], ...more });

let model: ScriptedModel;
let folder: string;
let socketPath: string;
let usages: ModelUsage[];
let problems: ModelProblem[];
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
	model = await startScriptedModel({ key: KEY, usage: { cachedTokens: 40 } });
});
afterAll(() => model.close());
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "bullpen-proxy-"));
	socketPath = join(folder, "model.sock");
	usages = [];
	problems = [];
});
afterEach(async () => {
	for (const close of closing.splice(0)) await close();
	rmSync(folder, { recursive: true });
});

const credential = (provider: Provider, baseUrl: string, key = KEY): Credential => ({
	id: "credential-1",
	provider,
	payer: ADA,
	key: new ProviderKey(key),
	baseUrl,
	isPrivateAllowed: true,
	isAtProvider: false,
});

/** A proxy to `url` (the scripted model), with `/v1` where each provider has it. */
async function open(options: Partial<ModelProxyOptions> & { url?: string } = {}): Promise<ModelProxy> {
	const { url = model.url, ...more } = options;
	const proxy = await openModelProxy({
		socketPath,
		workspaceId: "w-1",
		token: TOKEN,
		resolve: (provider) => credential(provider, provider === "anthropic" ? url : `${url}/v1`),
		limits: LIMITS,
		onUsage: (usage) => usages.push(usage),
		onProblem: (problem) => problems.push(problem),
		...more,
	});
	closing.push(() => proxy.close());
	return proxy;
}

/** A provider of the test's own. */
async function provider(listener: RequestListener): Promise<string> {
	const server = createServer(listener).listen(0, "127.0.0.1");
	await once(server, "listening");
	closing.push(async () => {
		server.closeAllConnections();
		server.close();
	});
	const address = server.address();
	return `http://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`;
}

interface Ask {
	readonly method?: string;
	readonly path?: string;
	readonly headers?: Record<string, string | string[]>;
	readonly body?: string | Buffer | Readable;
	readonly signal?: AbortSignal;
}

async function send(ask: Ask) {
	const { method = "POST", path = "/openai/v1/responses", headers = BEARER, body, signal } = ask;
	const request = httpRequest({ socketPath, method, path, headers: { ...JSON_TYPE, ...headers }, signal });
	request.on("error", () => undefined);
	const closed = new Promise((resolve) => request.once("close", resolve));
	if (body instanceof Readable) body.pipe(request);
	else request.end(body);
	const [response] = await once(request, "response");
	return { response, closed };
}

const begin = async (given: Ask) => (await send(given)).response;

/** The whole of an answer, when all was sent, too. */
async function ask(given: Ask): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
	const { response, closed } = await send(given);
	const body = await text(response);
	await closed;
	return { status: response.statusCode, headers: response.headers, body };
}

/** Every byte that comes back for these bytes. */
async function raw(bytes: string): Promise<string> {
	const socket = connect(socketPath);
	socket.on("error", () => undefined);
	socket.write(bytes);
	return await text(socket);
}

/** When a number has stopped to grow. */
async function settled(read: () => number): Promise<void> {
	let before = Number.NaN;
	const isSettled = () => {
		const isSame = before === read();
		before = read();
		return isSame;
	};
	await expect.poll(isSettled, { interval: 100 }).toBe(true);
}

const lastSeen = () => model.requests.at(-1)!;
const limits = (some: Partial<Limits>): Limits => ({ ...LIMITS, ...some });

describe("a request", () => {
	test.each([
		["/openai/v1/responses", BEARER, responses("SAY hello there"), "/v1/responses"],
		[
			"/openai-compatible/v1/chat/completions",
			BEARER,
			JSON.stringify({ model: "m", stream: true, messages: [{ role: "user", content: "SAY hello there" }] }),
			"/v1/chat/completions",
		],
		["/anthropic/v1/messages?beta=true", API_KEY, messages("SAY hello there"), "/v1/messages?beta=true"],
	])("to %s is answered as the provider does it, and counted", async (path, headers, body, upstreamPath) => {
		const proxy = await open();
		const answer = await ask({ path, headers, body });
		expect(answer.status).toBe(200);
		expect(answer.headers["content-type"]).toBe("text/event-stream");
		expect(answer.body).toContain("hello ");
		expect(lastSeen()).toMatchObject({ path: upstreamPath, body });
		expect(usages).toEqual([
			{
				workspaceId: "w-1",
				provider: path.split("/")[1],
				payer: ADA,
				credentialId: "credential-1",
				operation: expect.any(String),
				model: "m",
				tokens: { input: 60, cacheRead: 40, cacheWrite: 0, cacheWriteLong: 0, output: 20 },
				isEstimated: false,
				costMicros: undefined,
				isCancelled: false,
				startedAt: expect.any(Number),
				durationMs: expect.any(Number),
			},
		]);
		expect(proxy.counters).toEqual({
			requests: 1,
			refused: 0,
			failed: 0,
			running: 0,
			input: 60,
			cacheRead: 40,
			cacheWrite: 0,
			output: 20,
			costMicros: 0,
			unpriced: 1,
			estimated: 0,
		});
		expect(problems).toEqual([]);
	});

	test.each([
		["/openai/v1/responses", responses("SAY hello", { stream: false })],
		["/anthropic/v1/messages", messages("SAY hello", { stream: false })],
	])("to %s that does not stream is counted, too", async (path, body) => {
		await open();
		expect((await ask({ path, body })).body).toContain("hello");
		expect(usages).toMatchObject([{ isEstimated: false, tokens: { input: 60, cacheRead: 40, output: 20 } }]);
	});

	test("for a list or a count costs nothing", async () => {
		const proxy = await open({ budget: () => "used up" });
		const counted = { path: "/anthropic/v1/messages/count_tokens", headers: API_KEY, body: messages("SAY x") };
		expect((await ask(counted)).body).toBe('{"input_tokens":100}');
		expect((await ask({ method: "GET", path: "/openai/v1/models?client_version=1" })).status).toBe(200);
		expect(usages).toEqual([]);
		expect(proxy.counters).toMatchObject({ requests: 2, unpriced: 0 });
	});

	test("to the provider's own address has a price, in whole micro-dollars", async () => {
		const proxy = await open({
			resolve: (each) => ({ ...credential(each, `${model.url}/v1`), isAtProvider: true }),
		});
		await ask({ body: responses("SAY x", { model: "gpt-5-2025-08-07" }) });
		// 60 at $1.25, 40 at $0.125 and 20 at $10 a million
		expect(usages[0]?.costMicros).toBe(280);
		expect(proxy.counters).toMatchObject({ costMicros: 280, unpriced: 0 });
	});

	test("arrives in pieces as they are sent, and so does its answer", async () => {
		const pieces: string[] = [];
		const url = await provider(async (request, response) => {
			response.writeHead(200, { "content-type": "text/event-stream" });
			for await (const chunk of request) {
				pieces.push(String(chunk));
				response.write(`data: ${chunk}\n\n`);
			}
			response.end();
		});
		await open({ url });
		const body = new Readable({ read: () => undefined });
		body.push("one");
		const response = await begin({ body });
		const answered: string[] = [];
		response.on("data", (chunk: Buffer) => answered.push(String(chunk)));
		await expect.poll(() => answered).toEqual(["data: one\n\n"]);
		body.push("two");
		await expect.poll(() => answered).toEqual(["data: one\n\n", "data: two\n\n"]);
		body.push(null);
		await once(response, "end");
		expect(pieces).toEqual(["one", "two"]);
	});

	test("of many megabytes passes in both directions", async () => {
		await open();
		const words = 200_000;
		const body = responses(`${"padding ".repeat(1_000_000)}\nBIG ${words}`);
		const answer = await ask({ body });
		expect(answer.body.split("response.output_text.delta").length).toBeGreaterThan(words);
		expect(answer.body.endsWith("\n\n")).toBe(true);
		expect(lastSeen().body.length).toBe(body.length);
	});

	test("whose answer nobody reads holds the provider back", async () => {
		let sent = 0;
		const url = await provider((_, response) => {
			const more = () => {
				while (sent < 300) {
					sent += 1;
					if (!response.write(Buffer.alloc(64 * 1024))) {
						response.once("drain", more);
						return;
					}
				}
				response.end();
			};
			more();
		});
		await open({ url });
		const response = await begin({ body: "{}" });
		await settled(() => sent);
		expect(sent).toBeLessThan(250);
		response.resume();
		await once(response, "end");
		expect(sent).toBe(300);
	});
});

describe("the key", () => {
	test("takes the place of the token, and of everything else that looks like one", async () => {
		await open();
		const smuggled = { "proxy-authorization": "Basic x", cookie: "a=b", "api-key": "other", "x-goog-api-key": "other" };
		for (const headers of [BEARER, API_KEY, { ...BEARER, ...API_KEY }]) {
			expect((await ask({ headers: { ...headers, ...smuggled }, body: responses("SAY x") })).status).toBe(200);
			const { headers: seen } = lastSeen();
			expect(seen.authorization).toBe(`Bearer ${KEY}`);
			expect(JSON.stringify(seen)).not.toMatch(/bullpen-|Basic|other|a=b/);
			expect(seen["x-api-key"]).toBeUndefined();
		}
		await ask({ path: "/anthropic/v1/messages", headers: BEARER, body: messages("SAY x") });
		expect(lastSeen().headers).toMatchObject({ "x-api-key": KEY });
		expect(lastSeen().headers.authorization).toBeUndefined();
	});

	test("never comes back, in no header and no byte, cut or whole", async () => {
		const url = await provider((_, response) => {
			const headers = { "x-request-id": `id ${KEY}`, "x-secret": KEY, "set-cookie": "session=1", "request-id": "r-1" };
			response.writeHead(400, { ...headers, "content-type": "application/json" });
			response.write(`{"error":{"message":"Bad key ${KEY.slice(0, 9)}`);
			setImmediate(() => response.end(`${KEY.slice(9)}, ${KEY}"}}`));
		});
		await open({ url });
		const bytes = await raw(
			`POST /openai/v1/responses HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}`,
		);
		expect(bytes).toMatch(/^HTTP\/1.1 400/);
		expect(bytes).toMatch(/\*{38}, \*{38}"/);
		expect(bytes).toContain("request-id: r-1");
		expect(bytes).not.toContain(KEY);
		expect(bytes).not.toMatch(/x-request-id|x-secret|set-cookie|session=1/i);
		expect(problems).toMatchObject([{ kind: "provider_error", status: 400 }]);
	});

	test("that the provider does not accept is told as that, without what the provider says", async () => {
		await open({ resolve: (each) => credential(each, `${model.url}/v1`, `${KEY}-wrong`) });
		const answer = await ask({ body: responses("SAY x") });
		expect(answer).toMatchObject({ status: 400, headers: { "x-should-retry": "false" } });
		expect(JSON.parse(answer.body)).toEqual({
			error: {
				message: expect.stringContaining("does not accept the key"),
				type: "insufficient_quota",
				param: null,
				code: "key_refused",
			},
		});
		expect(`${answer.body}${JSON.stringify([problems, usages])}`).not.toContain(KEY);
		expect(problems).toMatchObject([{ kind: "key_refused", provider: "openai" }]);
	});

	test("of another payer counts from the next request on", async () => {
		let key = `${KEY}-wrong`;
		await open({ resolve: (each) => credential(each, `${model.url}/v1`, key) });
		expect((await ask({ body: responses("SAY x") })).status).toBe(400);
		key = KEY;
		expect((await ask({ body: responses("SAY x") })).status).toBe(200);
	});
});

describe("whoever is not the workspace", () => {
	test.each([
		["without a token", {}],
		["with another", { authorization: `Bearer ${newProxyToken()}` }],
		["with a beginning of it", { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
		["with the provider's key", { authorization: `Bearer ${KEY}` }],
		["with the token in another scheme", { authorization: `Basic ${TOKEN}` }],
		["with a second, wrong one", { ...BEARER, "x-api-key": "other" }],
		["with two that are joined", { "x-api-key": [TOKEN, "other"] }],
		["with it in a place that is nobody's", { "x-token": TOKEN }],
	])("%s gets nothing", async (_, headers) => {
		const proxy = await open();
		const before = model.requests.length;
		const answer = await ask({ headers, body: responses("SAY x") });
		expect([answer.status, JSON.parse(answer.body).error.code]).toEqual([401, "bad_token"]);
		expect(model.requests).toHaveLength(before);
		expect(proxy.counters).toMatchObject({ requests: 1, refused: 1 });
		expect(JSON.stringify(problems)).not.toContain(TOKEN.slice(0, 20));
	});

	test.skipIf(process.platform === "win32")("cannot connect: the socket is its user's alone", async () => {
		await open();
		expect(statSync(socketPath).mode & 0o777).toBe(0o600);
	});
});

describe("what is not on the list", () => {
	test.each([
		["POST", "/openai/v1/files"],
		["GET", "/openai/v1/organization/admin_api_keys"],
		["DELETE", "/openai/v1/models/x"],
		["POST", "/openai/v1/responses/../files"],
		["POST", "/openai/v1/responses%2f..%2ffiles"],
		["POST", "//evil.example/v1/responses"],
		["PUT", "/openai/v1/responses"],
		["OPTIONS", "*"],
	])("%s %s is refused", async (method, path) => {
		await open();
		const before = model.requests.length;
		expect(await ask({ method, path })).toMatchObject({ status: 404 });
		expect(model.requests).toHaveLength(before);
		expect(problems).toMatchObject([{ kind: "no_route", provider: undefined }]);
	});

	test("is refused in the words of the API", async () => {
		await open();
		const answer = await ask({ path: "/anthropic/v1/complete", headers: API_KEY });
		expect(JSON.parse(answer.body)).toEqual({
			type: "error",
			error: { type: "not_found_error", message: expect.any(String) },
		});
	});

	test("an absolute target, a tunnel and an upgrade lead nowhere", async () => {
		await open();
		const before = model.requests.length;
		const head = `host: x\r\nauthorization: Bearer ${TOKEN}\r\n`;
		expect(await raw(`GET ${model.url}/v1/models HTTP/1.1\r\n${head}connection: close\r\n\r\n`)).toMatch(
			/^HTTP\/1.1 404/,
		);
		expect(await raw(`CONNECT 127.0.0.1:${model.port} HTTP/1.1\r\n${head}\r\n`)).not.toContain("200");
		const upgrade = `${head}connection: upgrade, close\r\nupgrade: websocket\r\n\r\n`;
		expect(await raw(`GET /openai/v1/responses HTTP/1.1\r\n${upgrade}`)).toMatch(/^HTTP\/1.1 404/);
		expect(model.requests).toHaveLength(before);
	});
});

describe("header smuggling", () => {
	const head = `POST /openai/v1/responses HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}\r\n`;

	test.each([
		["two lengths", `${head}content-length: 2\r\ncontent-length: 50\r\n\r\n{}`],
		["a length and chunks", `${head}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
		["chunks in disguise", `${head}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n`],
		["a folded header", `${head}x-a: b\r\n c: d\r\ncontent-length : 2\r\n\r\n{}`],
		["a bare line feed", `${head}x-a: b\ncontent-length: 2\r\n\r\n{}`],
		["a head without end", `${head}x-a: ${"a".repeat(LIMITS.modelHeadBytesMax)}\r\n\r\n`],
	])("%s is a bad request", async (_, bytes) => {
		await open();
		const before = model.requests.length;
		expect(await raw(bytes)).toMatch(/^HTTP\/1.1 (?:400|431)/);
		expect(model.requests).toHaveLength(before);
	});

	test("only what a provider needs to see passes", async () => {
		await open();
		const passing = { "anthropic-version": "2023-06-01", "anthropic-beta": "x", "x-stainless-os": "Linux" };
		const staying = {
			host: "evil.example",
			connection: "keep-alive, anthropic-beta",
			"keep-alive": "timeout=9",
			te: "trailers",
			"x-forwarded-for": "1.2.3.4",
			forwarded: "for=1.2.3.4",
			"openai-organization": "org-other",
			"openai-project": "proj-other",
			"accept-encoding": "gzip",
			expect: "100-continue",
			"x-bullpen": "1",
			referer: "http://x/",
		};
		const body = messages("SAY x");
		const response = await ask({
			path: "/anthropic/v1/messages",
			headers: { ...API_KEY, ...passing, ...staying },
			body,
		});
		expect(response.status).toBe(200);
		const { headers } = lastSeen();
		expect(Object.keys(headers).sort()).toEqual(
			[
				...["accept-encoding", "anthropic-version", "connection", "content-type", "host", "content-length"],
				...["x-api-key", "x-stainless-os"],
			].sort(),
		);
		expect(headers).toMatchObject({ "accept-encoding": "identity", host: new URL(model.url).host });
	});
});

describe("an agent that goes away", () => {
	test("ends the request to the provider, and what it used is not free", async () => {
		const proxy = await open();
		const gone = new AbortController();
		const response = await begin({ body: responses("BIG 100000 5"), signal: gone.signal });
		response.on("error", () => undefined);
		await once(response, "data");
		const seen = lastSeen();
		expect(proxy.counters.running).toBe(1);
		gone.abort();
		await expect.poll(() => seen.isAborted).toBe(true);
		await expect.poll(() => proxy.counters.running).toBe(0);
		expect(usages).toMatchObject([{ isCancelled: true, isEstimated: true, model: "m" }]);
		expect(usages[0]!.tokens.input).toBeGreaterThan(0);
		expect(usages[0]!.tokens.output).toBeGreaterThan(0);
	});

	test("before an answer began costs what it asked", async () => {
		await open();
		const gone = new AbortController();
		const before = model.requests.length;
		const request = begin({ body: responses("HANG", { stream: false }), signal: gone.signal });
		request.catch(() => undefined);
		await expect.poll(() => model.requests.length).toBe(before + 1);
		gone.abort();
		await expect.poll(() => usages.length).toBe(1);
		expect(lastSeen().isAborted).toBe(true);
		expect(usages[0]).toMatchObject({ isCancelled: true, isEstimated: true, tokens: { output: 0 } });
	});
});

describe("limits", () => {
	test("a body that says it is too large is refused before it is read", async () => {
		await open({ limits: limits({ modelBodyBytesMax: 1_000 }) });
		const before = model.requests.length;
		const answer = await ask({ path: "/anthropic/v1/messages", body: Buffer.alloc(1_500_000, " ") });
		expect(JSON.parse(answer.body)).toMatchObject({ type: "error", error: { type: "request_too_large" } });
		expect([answer.status, model.requests.length]).toEqual([413, before]);
	});

	test("a body that does not say it is stopped on the way", async () => {
		const reached: boolean[] = [];
		const url = await provider((request) => {
			request.on("error", () => reached.push(request.complete)).resume();
		});
		await open({ url, limits: limits({ modelBodyBytesMax: 100_000 }) });
		const body = Readable.from(Array.from({ length: 20 }, () => Buffer.alloc(10_000, " ")));
		const answer = await ask({ body });
		expect([answer.status, JSON.parse(answer.body).error.code]).toEqual([400, "too_large"]);
		expect(reached.every((isComplete) => !isComplete)).toBe(true);
		expect(usages).toEqual([]);
	});

	test("an answer without end is cut off", async () => {
		const url = await provider((_, response) => {
			response.writeHead(200, { "content-type": "text/event-stream" });
			Readable.from(
				(function* () {
					for (;;) yield `data: ${"x".repeat(1_000)}\n\n`;
				})(),
			)
				.on("error", () => undefined)
				.pipe(response);
		});
		await open({ url, limits: limits({ modelAnswerBytesMax: 500_000 }) });
		await expect(ask({ body: "{}" })).rejects.toThrow();
		await expect.poll(() => problems).toMatchObject([{ kind: "bad_answer", status: 200 }]);
		expect(usages).toMatchObject([{ isEstimated: true, isCancelled: false }]);
	});

	test("more requests at once than allowed wait for their turn to ask", async () => {
		const proxy = await open({ limits: limits({ modelRequestsAtOnce: 2 }) });
		const gone = new AbortController();
		for (let count = 0; count < 2; count++) {
			const response = await begin({ body: responses("HANG"), signal: gone.signal });
			response.on("error", () => undefined);
		}
		const answer = await ask({ path: "/anthropic/v1/messages", body: messages("SAY x") });
		expect(answer).toMatchObject({ status: 429, headers: { "retry-after": "1" } });
		expect(JSON.parse(answer.body).error.type).toBe("rate_limit_error");
		gone.abort();
		await expect.poll(() => proxy.counters.running).toBe(0);
		expect((await ask({ body: responses("SAY x") })).status).toBe(200);
	});

	test("requests that come too often are told when to come again", async () => {
		await open({ limits: limits({ modelRequestBurst: 2, modelRequestsPerSecond: 0.1 }) });
		const statuses: number[] = [];
		for (let count = 0; count < 3; count++) statuses.push((await ask({ body: responses("SAY x") })).status);
		expect(statuses).toEqual([200, 200, 429]);
	});

	test.each([
		["does not begin", responses("HANG", { stream: false }), { modelFirstByteMs: 100 }, 504],
		["is never done", responses("HANG", { stream: false }), { modelRequestMs: 100 }, 504],
	])("a provider that %s is given up", async (_, body, some, status) => {
		await open({ limits: limits(some) });
		expect((await ask({ body })).status).toBe(status);
		await expect.poll(() => lastSeen().isAborted).toBe(true);
		expect(problems).toMatchObject([{ kind: "too_slow" }]);
		expect(usages).toMatchObject([{ isEstimated: true, isCancelled: false }]);
	});

	test("a provider that falls silent is given up", async () => {
		await open({ limits: limits({ modelSilentMs: 150 }) });
		await expect(ask({ body: responses("HANG") })).rejects.toThrow();
		await expect.poll(() => lastSeen().isAborted).toBe(true);
		await expect.poll(() => problems).toMatchObject([{ kind: "too_slow", status: 200 }]);
	});

	test("a slow provider that goes on is not", async () => {
		await open({ limits: limits({ modelSilentMs: 400 }) });
		expect((await ask({ body: responses("BIG 12 60") })).body).toContain("response.completed");
	});

	test("an agent that stops asking half-way is given up", async () => {
		await open({ limits: limits({ modelSilentMs: 150 }) });
		const body = new Readable({ read: () => undefined });
		body.push("{");
		expect((await begin({ body })).statusCode).toBe(504);
	});
});

describe("a provider", () => {
	test("that redirects is not followed", async () => {
		let isFollowed = false;
		const other = await provider((_, response) => {
			isFollowed = true;
			response.end();
		});
		const url = await provider((_, response) => response.writeHead(307, { location: `${other}/v1/responses` }).end());
		await open({ url });
		const answer = await ask({ body: "{}" });
		expect([answer.status, answer.headers.location, isFollowed]).toEqual([400, undefined, false]);
		expect(problems).toMatchObject([{ kind: "bad_answer" }]);
	});

	test("that compresses is refused: nothing could be searched for the key", async () => {
		await open({
			url: await provider((_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("x")),
		});
		expect((await ask({ body: "{}" })).status).toBe(400);
	});

	test("that is not there is told as that", async () => {
		await open({ url: "http://127.0.0.1:1" });
		const answer = await ask({ path: "/anthropic/v1/messages", body: messages("SAY x") });
		expect([answer.status, answer.body]).toEqual([502, expect.stringContaining("ECONNREFUSED")]);
		expect(answer.body).not.toContain("127.0.0.1");
		expect([problems.map(({ kind }) => kind), usages]).toEqual([["unreachable"], []]);
	});

	test("at an address nobody allowed is not asked", async () => {
		await open({ resolve: (each) => ({ ...credential(each, `${model.url}/v1`), isPrivateAllowed: false }) });
		const before = model.requests.length;
		expect((await ask({ body: responses("SAY x") })).body).toContain("private address");
		expect(model.requests).toHaveLength(before);
	});

	test("that breaks off in the middle is not passed off as whole", async () => {
		const url = await provider((_, response) => {
			response.writeHead(200, { "content-type": "text/event-stream" });
			response.write("data: one\n\n", () => response.destroy());
		});
		await open({ url });
		await expect(ask({ body: "{}" })).rejects.toThrow();
		await expect.poll(() => problems).toMatchObject([{ kind: "broken_off", status: 200 }]);
	});

	test.each([429, 500, 529])("that fails with %i is heard, and told", async (status) => {
		const proxy = await open();
		const answer = await ask({ path: "/anthropic/v1/messages", body: messages(`FAIL ${status} come back later`) });
		expect([answer.status, answer.body]).toEqual([status, expect.stringContaining("come back later")]);
		expect(problems).toMatchObject([{ kind: "provider_error", status }]);
		expect([usages, proxy.counters.failed]).toEqual([[], 1]);
	});
});

describe("whoever pays", () => {
	test("nobody: the agent is told so, in words", async () => {
		await open({ resolve: () => undefined });
		const answer = await ask({ path: "/anthropic/v1/messages", body: messages("SAY x") });
		expect(answer.status).toBe(402);
		expect(JSON.parse(answer.body).error).toEqual({
			type: "billing_error",
			message: "Nobody pays for anthropic in this workspace yet.",
		});
	});

	test("may refuse by a budget, asked with who and what", async () => {
		const asked: unknown[] = [];
		await open({
			budget: async (about) => {
				asked.push(about);
				return "The budget of this workspace is used up.";
			},
		});
		const before = model.requests.length;
		expect((await ask({ body: responses("SAY x") })).body).toContain("used up");
		expect(asked).toEqual([{ provider: "openai", payer: ADA, credentialId: "credential-1", operation: "responses" }]);
		expect(model.requests).toHaveLength(before);
	});
});

describe("a proxy", () => {
	test("survives a listener that throws", async () => {
		let isBroken = true;
		const broken = () => {
			if (isBroken) throw new Error("a bug");
		};
		await open({ onUsage: broken, onProblem: broken });
		await ask({ body: responses("SAY x") }).catch(() => undefined);
		await ask({ body: responses("FAIL 500") }).catch(() => undefined);
		isBroken = false;
		expect((await ask({ body: responses("SAY x") })).status).toBe(200);
	});

	test("survives credentials that cannot be read", async () => {
		await open({
			resolve: () => {
				throw new Error("database is locked");
			},
		});
		const answer = await ask({ body: responses("SAY x") });
		expect([answer.status, answer.body]).toEqual([500, expect.not.stringContaining("locked")]);
		expect(problems).toMatchObject([{ kind: "broken", sentence: "Error: database is locked" }]);
	});

	test("takes the place of a dead one, and leaves nothing when it closes", async () => {
		await open();
		const second = await openModelProxy({
			socketPath,
			workspaceId: "w-1",
			token: TOKEN,
			resolve: (each) => credential(each, `${model.url}/v1`),
			limits: LIMITS,
		});
		expect((await ask({ body: responses("SAY x") })).status).toBe(200);
		const response = await begin({ body: responses("HANG") });
		const cut = once(response, "error");
		const seen = lastSeen();
		await second.close();
		await cut;
		await expect.poll(() => seen.isAborted).toBe(true);
		expect(existsSync(socketPath)).toBe(false);
	});

	test("answers on a server somebody else opened", async () => {
		const server = createNetServer().listen(0, "127.0.0.1");
		await once(server, "listening");
		const proxy = await open({ server } as Partial<ModelProxyOptions>);
		const address = server.address();
		const port = address !== null && typeof address === "object" ? address.port : 0;
		const answer = await fetch(`http://127.0.0.1:${port}/openai/v1/models`, { headers: BEARER });
		expect(answer.status).toBe(200);
		await proxy.close();
		await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
	});

	test("keeps workspaces apart: the token of one is nothing to another", async () => {
		await open();
		const other = join(folder, "other.sock");
		const proxy = await openModelProxy({
			socketPath: other,
			workspaceId: "w-2",
			token: newProxyToken(),
			resolve: (each) => credential(each, `${model.url}/v1`),
			limits: LIMITS,
		});
		closing.push(() => proxy.close());
		socketPath = other;
		expect((await ask({ body: responses("SAY x") })).status).toBe(401);
	});
});
