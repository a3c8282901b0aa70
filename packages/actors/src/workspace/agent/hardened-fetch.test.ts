import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SandboxAgent, type Session, type SessionEvent } from "sandbox-agent";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { hardenedFetch } from "./hardened-fetch.ts";
import { type SocketFetch, socketFetch } from "./socket-fetch.ts";

interface Message {
	id?: number | string;
	method?: string;
	params?: Record<string, unknown>;
	result?: unknown;
}
type Answer = { status: number; body?: string } | "nothing";

/** A Sandbox Agent server that misbehaves as told, on a unix socket. */
class FakeServer {
	readonly posted: Message[] = [];
	readonly lastEventIds: (string | undefined)[] = [];
	answer: (message: Message) => Answer | Promise<Answer> = (message) => this.respond(message, { sessionId: "agent-1" });
	streamStatus = 200;
	#eventId = 0;
	readonly streams: ServerResponse[] = [];
	readonly #server = createServer((request, response) => void this.#handle(request, response));

	listen(path: string): Promise<void> {
		return new Promise((resolve) => this.#server.listen(path, resolve));
	}

	close(): void {
		this.#server.closeAllConnections();
		this.#server.close();
	}

	respond(message: Message, result: unknown): Answer {
		return { status: 200, body: JSON.stringify({ jsonrpc: "2.0", id: message.id, result }) };
	}

	/** To the open event streams. */
	tell(message: object, ending = "\n"): void {
		const text = `event: message${ending}id: ${++this.#eventId}${ending}data: ${JSON.stringify(message)}${ending}${ending}`;
		for (const stream of this.streams) stream.write(text);
	}

	say(text: string): void {
		const update = { sessionUpdate: "agent_message_chunk", content: { type: "text", text } };
		this.tell({ jsonrpc: "2.0", method: "session/update", params: { sessionId: "agent-1", update } });
	}

	async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		if (request.method === "DELETE") return void response.writeHead(204).end();
		if (request.method === "GET") {
			if (this.streamStatus !== 200) return void response.writeHead(this.streamStatus).end();
			this.lastEventIds.push(request.headers["last-event-id"] as string | undefined);
			response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
			this.streams.push(response);
			return;
		}
		const message: Message = JSON.parse(Buffer.concat(await request.toArray()).toString());
		this.posted.push(message);
		const answer = message.method === undefined ? { status: 202 } : await this.answer(message);
		if (answer !== "nothing")
			response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
	}
}

const limits = { agentDrainMs: 200, agentMessageBytesMax: 100_000 };
let folder: string;
let server: FakeServer;
let transport: SocketFetch;
let sdk: SandboxAgent;
let events: SessionEvent[];
let broken: string[];
const unhandled: unknown[] = [];
process.on("unhandledRejection", (reason) => unhandled.push(reason));

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "bullpen-fetch-"));
	server = new FakeServer();
	await server.listen(join(folder, "api.sock"));
	transport = socketFetch(join(folder, "api.sock"));
	events = [];
	broken = [];
});
afterEach(async () => {
	await sdk.dispose();
	transport.close();
	server.close();
	await rm(folder, { recursive: true });
	expect(unhandled).toEqual([]);
});

async function open(loadSessionId?: string): Promise<Session> {
	const { fetch } = hardenedFetch({
		fetch: transport.fetch,
		limits,
		loadSessionId,
		recall: async () => "a record",
		onBroken: (why) => broken.push(why),
	});
	sdk = await SandboxAgent.connect({ baseUrl: "http://sandbox", fetch, skipHealthCheck: true });
	sdk.onSessionEvent("default", (event) => events.push(event));
	sdk.onPermissionRequest("default", (request) => {
		void sdk.rawRespondPermission(request.id, { outcome: { outcome: "selected", optionId: "yes" } });
	});
	const session = await sdk.createSession({ id: "default", agent: "mock", cwd: "/workspace" });
	events.length = 0;
	return session;
}

const prompt = (session: Session) => session.prompt([{ type: "text", text: "hi" }]);
const kinds = () =>
	events.map(({ payload }) => ("method" in payload ? payload.method : "result" in payload ? "result" : "error"));

test.each([
	["HTTP 500", { status: 500, body: '{"title":"Internal","detail":"it burns"}' }, "it burns"],
	["HTTP 404 without a body", { status: 404 }, "HTTP 404"],
] satisfies [string, Answer, string][])(
	"(1) %s: the call fails, nothing is left unhandled",
	async (_, answer, words) => {
		const session = await open();
		server.answer = () => answer;
		await expect(prompt(session)).rejects.toThrow(words);
		expect(broken).toEqual([expect.stringContaining(words)]);
		await expect(prompt(session)).rejects.toThrow(words);
	},
);

test("(1) the server gone during a call: it fails, as do all after it", async () => {
	const session = await open();
	server.answer = () => "nothing";
	const failed = expect(prompt(session)).rejects.toThrow("The connection to the sandbox was lost.");
	await vi.waitFor(() => expect(server.posted.at(-1)?.method).toBe("session/prompt"));
	server.close();
	await failed;
	await expect(prompt(session)).rejects.toThrow("The connection to the sandbox was lost.");
	expect(broken).toHaveLength(1);
});

test("(1) a failed notification and a failed answer break nothing else", async () => {
	const session = await open();
	server.answer = () => ({ status: 500 });
	await sdk.destroySession(session.id);
	await vi.waitFor(() => expect(broken).toHaveLength(1));
});

test("(3) the turn ends after its last event, however late that comes", async () => {
	const session = await open();
	server.answer = (message) => {
		setTimeout(() => {
			for (let i = 0; i < 50; i++) server.say(`word ${i} `);
			server.tell({ jsonrpc: "2.0", id: message.id, result: { stopReason: "end_turn" } });
		}, 100);
		return server.respond(message, { stopReason: "end_turn" });
	};
	await prompt(session);
	await vi.waitFor(() => expect(kinds()).toEqual(["session/prompt", ...Array(50).fill("session/update"), "result"]));
});

test("(3) a server that never tells the end on the stream holds a turn only so long", async () => {
	const session = await open();
	server.answer = (message) => server.respond(message, { stopReason: "end_turn" });
	expect(await prompt(session)).toMatchObject({ stopReason: "end_turn" });
});

test("(4) the agent's exit fails the call in flight at once, after its last event", async () => {
	const session = await open();
	server.answer = () => {
		server.say("last words");
		server.tell({ jsonrpc: "2.0", method: "_adapter/agent_exited", params: { code: 7, success: false } }, "\r\n");
		return "nothing";
	};
	await expect(prompt(session)).rejects.toThrow("The agent ended unexpectedly (exit code 7).");
	expect(broken).toEqual(["The agent ended unexpectedly (exit code 7)."]);
	expect(kinds()).toContain("session/update");
});

test("(5) an event stream that is not there yet is asked for again", async () => {
	server.streamStatus = 404;
	const session = await open();
	server.answer = async (message) => {
		server.streamStatus = 200;
		await vi.waitFor(() => expect(server.streams).toHaveLength(1));
		server.say("heard");
		server.tell({ jsonrpc: "2.0", id: message.id, result: { stopReason: "end_turn" } });
		return { status: 202 };
	};
	await prompt(session);
	await vi.waitFor(() => expect(kinds()).toContain("session/update"));
});

test("(5) a broken event stream is opened again, after the last event that came", async () => {
	const session = await open();
	server.answer = async (message) => {
		await vi.waitFor(() => expect(server.streams).toHaveLength(1));
		server.say("one");
		await vi.waitFor(() => expect(events).toHaveLength(2));
		server.streams[0]?.destroy();
		await vi.waitFor(() => expect(server.streams).toHaveLength(2));
		server.streams.shift();
		server.say("two");
		server.tell({ jsonrpc: "2.0", id: message.id, result: { stopReason: "end_turn" } });
		return { status: 202 };
	};
	await prompt(session);
	expect(server.lastEventIds).toEqual([undefined, "1"]);
	await vi.waitFor(() => expect(kinds()).toEqual(["session/prompt", "session/update", "session/update", "result"]));
});

test("(7) an agent's request with the number of our call disturbs neither", async () => {
	const session = await open();
	server.answer = async (message) => {
		await vi.waitFor(() => expect(server.streams).toHaveLength(1));
		const toolCall = { toolCallId: "t", title: "T" };
		const options = [{ optionId: "yes", name: "Yes", kind: "allow_once" }];
		const params = { sessionId: "agent-1", toolCall, options };
		server.tell({ jsonrpc: "2.0", id: message.id, method: "session/request_permission", params });
		await vi.waitFor(() => expect(server.posted.at(-1)?.result).toBeDefined());
		expect(server.posted.at(-1)?.id).toBe(message.id);
		server.tell({ jsonrpc: "2.0", id: message.id, result: { stopReason: "end_turn" } });
		return server.respond(message, { stopReason: "end_turn" });
	};
	expect(await prompt(session)).toMatchObject({ stopReason: "end_turn" });
	await vi.waitFor(() => expect(kinds()).toEqual(["session/prompt", "session/request_permission", "result"]));
});

test("(8) a known session is loaded instead of made, and what the agent tells again is not seen", async () => {
	server.answer = async (message) => {
		if (message.method !== "session/load") return server.respond(message, {});
		await vi.waitFor(() => expect(server.streams).toHaveLength(1));
		server.say("said long ago");
		server.tell({ jsonrpc: "2.0", id: message.id, result: {} });
		return server.respond(message, { modes: null });
	};
	const seen: SessionEvent[] = [];
	const opening = open("agent-1");
	await vi.waitFor(() => expect(sdk).toBeDefined());
	sdk.onSessionEvent("default", (event) => seen.push(event));
	const session = await opening;
	expect(session.agentSessionId).toBe("agent-1");
	expect(server.posted.map((message) => message.method)).toEqual(["initialize", "session/load"]);
	expect(server.posted[1]?.params).toEqual({ sessionId: "agent-1", cwd: "/workspace", mcpServers: [] });
	server.say("said now");
	await vi.waitFor(() => expect(JSON.stringify(seen)).toContain("said now"));
	expect(JSON.stringify(seen)).not.toContain("long ago");
});

test("(8) an agent that cannot load it gets a new session", async () => {
	server.answer = (message) => {
		if (message.method !== "session/load") return server.respond(message, { sessionId: "agent-2" });
		const error = { code: -32601, message: "no such method" };
		return { status: 200, body: JSON.stringify({ jsonrpc: "2.0", id: message.id, error }) };
	};
	expect((await open("agent-1")).agentSessionId).toBe("agent-2");
	expect(broken).toEqual([]);
});

test("(8) an agent with a new session is told the record once, behind what was asked, and nobody sees it", async () => {
	const session = await open();
	server.answer = (message) => server.respond(message, { stopReason: "end_turn" });
	await prompt(session);
	await prompt(session);
	const told = server.posted.flatMap(({ method, params }) => (method === "session/prompt" ? [params?.prompt] : []));
	const asked = { type: "text", text: "hi" };
	expect(told).toEqual([[asked, { type: "text", text: "a record" }], [asked]]);
	expect(JSON.stringify(events)).not.toContain("a record");
});

test("(8) an agent that loaded its session is told nothing", async () => {
	server.answer = (message) => server.respond(message, { stopReason: "end_turn" });
	await prompt(await open("agent-1"));
	expect(JSON.stringify(server.posted)).not.toContain("a record");
});

test("a message without end breaks the connection, not the process", async () => {
	const session = await open();
	server.answer = () => ({ status: 200, body: "x".repeat(200_000) });
	await expect(prompt(session)).rejects.toThrow("The agent sent a message that is too long.");
});

test("an event without end breaks the connection, not the process", async () => {
	const session = await open();
	server.answer = async () => {
		await vi.waitFor(() => expect(server.streams).toHaveLength(1));
		server.streams[0]?.write(`data: ${"x".repeat(200_000)}`);
		return "nothing" as const;
	};
	await expect(prompt(session)).rejects.toThrow("The agent sent a message that is too long.");
});

test("lines on the event stream that are no messages are left out", async () => {
	const session = await open();
	server.answer = async (message) => {
		await vi.waitFor(() => expect(server.streams).toHaveLength(1));
		server.streams[0]?.write(": heartbeat\n\ndata: {not json\n\ndata: 5\n\nevent: other\ndata: {}\n\n");
		server.tell({ jsonrpc: "2.0", id: message.id, result: { stopReason: "end_turn" } });
		return { status: 202 };
	};
	expect(await prompt(session)).toMatchObject({ stopReason: "end_turn" });
});

test("a redirect is not followed", async () => {
	const session = await open();
	server.answer = () => ({ status: 307 });
	await expect(prompt(session)).rejects.toThrow("HTTP 307");
});
