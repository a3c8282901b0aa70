import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ScriptedModel, startScriptedModel } from "./server.ts";

type Body = Record<string, unknown>;
const SHELL = { type: "function", name: "exec_command" };

/** The same conversation in the words of each API, and how to read what it answered. */
const APIS = {
	"/v1/responses": {
		body: (texts: string[], tools: string[] = []): Body => ({
			model: "m",
			input: texts.map((text) => ({ type: "message", role: "user", content: [{ type: "input_text", text }] })),
			tools: tools.map((name) => ({ ...SHELL, name })),
		}),
		text: (events: Body[]) => events.flatMap((each) => (each.type === "response.output_text.delta" ? each.delta : [])),
		usage: (events: Body[]) => (events.at(-1)!.response as Body).usage,
	},
	"/v1/chat/completions": {
		body: (texts: string[], tools: string[] = []): Body => ({
			model: "m",
			messages: texts.map((content) => ({ role: "user", content })),
			tools: tools.map((name) => ({ type: "function", function: { name } })),
		}),
		text: (events: Body[]) =>
			events.flatMap((each) => ((each.choices as Body[])[0]?.delta as Body | undefined)?.content ?? []),
		usage: (events: Body[]) => events.at(-1)?.usage,
	},
	"/v1/messages": {
		body: (texts: string[], tools: string[] = []): Body => ({
			model: "m",
			max_tokens: 10,
			messages: texts.map((text) => ({ role: "user", content: [{ type: "text", text }] })),
			tools: tools.map((name) => ({ name })),
		}),
		text: (events: Body[]) =>
			events.flatMap((each) => (each.type === "content_block_delta" ? ((each.delta as Body).text ?? []) : [])),
		usage: (events: Body[]) => events.find((each) => each.type === "message_delta")?.usage,
	},
};
const PATHS = Object.keys(APIS) as (keyof typeof APIS)[];

let model: ScriptedModel;
beforeAll(async () => {
	model = await startScriptedModel();
});
afterAll(() => model.close());

const post = (path: string, body: Body, signal?: AbortSignal) =>
	fetch(`${model.url}${path}`, { method: "POST", body: JSON.stringify(body), ...(signal && { signal }) });

async function stream(path: string, body: Body): Promise<Body[]> {
	const response = await post(path, { ...body, stream: true });
	expect(response.headers.get("content-type")).toBe("text/event-stream");
	const lines = (await response.text()).split("\n").filter((line) => line.startsWith("data: {"));
	return lines.map((line) => JSON.parse(line.slice("data: ".length)));
}

describe.each(PATHS)("%s", (path) => {
	const api = APIS[path];

	test("streams what it was told to say, and says what it used", async () => {
		const events = await stream(path, api.body(["some preamble\nSAY one two\n</wrapped>"]));
		expect(api.text(events).join("")).toBe("one two");
		expect(Object.values(api.usage(events) as Body)).toContain(20);
	});

	test("answers whole when it is not asked to stream", async () => {
		const answer = await (await post(path, api.body(["SAY one two"]))).text();
		expect(answer).toContain("one two");
		expect(JSON.parse(answer).usage).toBeDefined();
	});

	test("remembers the first request of the conversation", async () => {
		const events = await stream(path, api.body(["<context>\nSAY first", "SAY second", "RECALL"]));
		expect(api.text(events).join("")).toBe("First you asked: SAY first");
	});

	test("calls the agent's shell, and answers in words when there is none", async () => {
		expect(JSON.stringify(await stream(path, api.body(["RUN ls"], ["exec_command"])))).toMatch(/cmd\\":\\"ls/);
		const events = await stream(path, api.body(["RUN ls"]));
		expect(api.text(events).join("")).toBe("I have no tool for: RUN ls");
	});

	test("fails as told, with a sentence", async () => {
		const response = await post(path, api.body(["FAIL 529 too busy today"]));
		expect(response.status).toBe(529);
		expect(await response.text()).toContain("too busy today");
	});

	test("hangs until the caller gives up", async () => {
		const caller = new AbortController();
		const response = await post(path, { ...api.body(["HANG"]), stream: true }, caller.signal);
		const reader = response.body!.getReader();
		expect((await reader.read()).done).toBe(false);
		const seen = model.requests.at(-1)!;
		expect(seen.isAborted).toBe(false);
		caller.abort();
		await expect.poll(() => seen.isAborted).toBe(true);
	});

	test("says many words", async () => {
		const words = api.text(await stream(path, api.body(["BIG 500"])));
		expect(words.filter((word) => word !== "")).toHaveLength(500);
	});
});

describe("with a tool's answer", () => {
	test.each([
		[
			"/v1/responses",
			{
				input: [
					{ role: "user", content: "RUN ls" },
					{ type: "function_call_output", output: "a.txt" },
				],
			},
		],
		[
			"/v1/chat/completions",
			{
				messages: [
					{ role: "user", content: "RUN ls" },
					{ role: "tool", content: "a.txt" },
				],
			},
		],
		[
			"/v1/messages",
			{
				messages: [
					{ role: "user", content: "RUN ls" },
					{ role: "user", content: [{ type: "tool_result", content: [{ type: "text", text: "a.txt" }] }] },
				],
			},
		],
	])("%s says what it was", async (path, body) => {
		expect(await (await post(path, body)).text()).toContain("The tool answered: a.txt");
	});
});

test("writing a file takes the tool each agent has", async () => {
	const whole = async (path: keyof typeof APIS, tools: string[]) =>
		(await post(path, APIS[path].body(["WRITE a.txt it's here"], tools))).text();
	expect(await whole("/v1/messages", ["Write"])).toContain('{"file_path":"a.txt","content":"it\'s here\\n"}');
	expect(await whole("/v1/responses", ["exec_command"])).toContain("printf");
	const freeform = { input: "WRITE a.txt hello", tools: [{ type: "custom", name: "apply_patch" }] };
	expect(await (await post("/v1/responses", freeform)).json()).toMatchObject({
		output: [{ type: "custom_tool_call", input: expect.stringContaining("*** Add File: a.txt\n+hello") }],
	});
});

test("a patch goes where the tool's schema wants it", async () => {
	const parameters = { type: "object", properties: { patchText: { type: "string" } } };
	const tools = [{ type: "function", function: { name: "apply_patch", parameters } }];
	const body = { messages: [{ role: "user", content: "WRITE a.txt hello" }], tools };
	expect(await (await post("/v1/chat/completions", body)).text()).toContain(String.raw`{\"patchText\":\"*** Begin`);
});

test("errors have the types of their API, by which agents decide whether to ask again", async () => {
	const typeOf = async (path: keyof typeof APIS, status: number) =>
		((await (await post(path, APIS[path].body([`FAIL ${status}`]))).json()) as { error: Body }).error.type;
	expect(await typeOf("/v1/responses", 400)).toBe("invalid_request_error");
	expect(await typeOf("/v1/chat/completions", 503)).toBe("server_error");
	expect(await typeOf("/v1/messages", 529)).toBe("overloaded_error");
	expect(await typeOf("/v1/messages", 400)).toBe("invalid_request_error");
});

test("asks to leave the sandbox where the tool knows that", async () => {
	const body = APIS["/v1/responses"].body(["ASKRUN ls"], ["exec_command"]);
	expect(await (await post("/v1/responses", body)).text()).toContain("require_escalated");
});

test("a plan has three steps", async () => {
	const body = APIS["/v1/responses"].body(["PLAN"], ["update_plan"]);
	expect(await (await post("/v1/responses", body)).text()).toContain("in_progress");
});

test("a body that is not JSON is refused", async () => {
	expect((await fetch(`${model.url}/v1/responses`, { method: "POST", body: "{" })).status).toBe(400);
});

test("with a key it answers nobody else, and quotes what it was given", async () => {
	const locked = await startScriptedModel({ key: "sk-right" });
	const ask = (headers: Record<string, string>) =>
		fetch(`${locked.url}/v1/messages`, { method: "POST", headers, body: JSON.stringify({ messages: [] }) });
	expect((await ask({ "x-api-key": "sk-right" })).status).toBe(200);
	expect((await ask({ authorization: "Bearer sk-right" })).status).toBe(200);
	const refused = await ask({ "x-api-key": "sk-wrong" });
	expect([refused.status, await refused.text()]).toEqual([401, expect.stringContaining("sk-wrong")]);
	expect(locked.requests.map(({ headers }) => headers["x-api-key"])).toEqual(["sk-right", undefined, "sk-wrong"]);
	await locked.close();
});
