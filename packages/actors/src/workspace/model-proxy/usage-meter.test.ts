import { expect, test } from "vitest";
import type { Route } from "./route.ts";
import { UsageMeter } from "./usage-meter.ts";

const BYTES_MAX = 100_000;
const sse = (...events: unknown[]): string =>
	events.map((data) => `event: x\ndata: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`).join("");

/** Cut into pieces of `step` bytes. */
function meter(operation: Route["operation"], text: string, { step = 7, type = "text/event-stream" } = {}) {
	const meter = new UsageMeter(operation, type, BYTES_MAX);
	const bytes = Buffer.from(text);
	for (let at = 0; at < bytes.length; at += step) meter.see(bytes.subarray(at, at + step));
	return meter.finish(4_000);
}

const RESPONSES = sse(
	{ type: "response.created", response: { model: "gpt-5", usage: null } },
	{ type: "response.output_text.delta", delta: 'he said "usage" and "model" ü' },
	{
		type: "response.completed",
		response: {
			model: "gpt-5-2025-08-07",
			usage: { input_tokens: 100, input_tokens_details: { cached_tokens: 60 }, output_tokens: 20, total_tokens: 120 },
		},
	},
);
const CHAT = sse(
	{ model: "m", choices: [{ delta: { content: "a" } }], usage: null },
	{ model: "m", choices: [], usage: { prompt_tokens: 9, prompt_tokens_details: null, completion_tokens: 4 } },
	"[DONE]",
);
const MESSAGES = sse(
	{
		type: "message_start",
		message: {
			model: "claude-opus-5-5",
			usage: {
				input_tokens: 10,
				cache_read_input_tokens: 50,
				cache_creation_input_tokens: 40,
				cache_creation: { ephemeral_5m_input_tokens: 30, ephemeral_1h_input_tokens: 10 },
				output_tokens: 1,
				service_tier: "standard",
			},
		},
	},
	{ type: "content_block_delta", delta: { type: "text_delta", text: "a" } },
	{ type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 33 } },
	{ type: "message_stop" },
);

test.each([1, 7, 64, 100_000])("reads all three APIs from streams in pieces of %i bytes", (step) => {
	const told = { isEstimated: false, isSpecial: false };
	expect(meter("responses", RESPONSES, { step })).toEqual({
		...told,
		model: "gpt-5-2025-08-07",
		tokens: { input: 40, cacheRead: 60, cacheWrite: 0, cacheWriteLong: 0, output: 20 },
	});
	expect(meter("chat-completions", CHAT, { step })).toEqual({
		...told,
		model: "m",
		tokens: { input: 9, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0, output: 4 },
	});
	expect(meter("messages", MESSAGES, { step })).toEqual({
		...told,
		model: "claude-opus-5-5",
		tokens: { input: 10, cacheRead: 50, cacheWrite: 30, cacheWriteLong: 10, output: 33 },
	});
});

test("reads answers that come whole", () => {
	const body = JSON.stringify({ model: "m", usage: { input_tokens: 5, output_tokens: 6 } }, undefined, "\t");
	const metered = meter("responses", body, { type: "application/json; charset=utf-8" });
	expect(metered).toMatchObject({ model: "m", isEstimated: false, tokens: { input: 5, output: 6 } });
});

test("streams with carriage returns are read, too", () => {
	expect(meter("chat-completions", CHAT.replaceAll("\n", "\r\n"))).toMatchObject({ tokens: { input: 9 } });
});

const CUT = RESPONSES.slice(0, RESPONSES.indexOf('event: x\ndata: {"type":"response.completed'));

test.each([
	["a stream cut off", "responses", CUT],
	["one that was not asked to tell", "chat-completions", sse({ model: "m", choices: [{}] }, { model: "m" }, "[DONE]")],
	["one that tells nonsense", "chat-completions", sse({ model: "m", usage: { prompt_tokens: -5 } }, { usage: "x" })],
	["one that tells zeros", "responses", sse({ response: { usage: { input_tokens: 0, output_tokens: 0 } } }, {})],
] as const)("%s is estimated, and never free", (_, operation, text) => {
	const { isEstimated, tokens } = meter(operation, text);
	expect([isEstimated, tokens.input]).toEqual([true, 1_000]);
	expect(tokens.output).toBeGreaterThan(1);
});

test("a message cut off keeps what its beginning told", () => {
	const metered = meter("messages", MESSAGES.slice(0, MESSAGES.indexOf('event: x\ndata: {"type":"message_delta"')));
	expect(metered).toMatchObject({ isEstimated: true, tokens: { input: 10, cacheRead: 50 } });
});

test("a line beyond the limit is let through unread, and what follows is read", () => {
	const huge = sse({ type: "response.output_text.delta", delta: "x".repeat(3 * BYTES_MAX) });
	expect(meter("responses", huge + RESPONSES, { step: 5_000 })).toMatchObject({
		isEstimated: false,
		tokens: { output: 20 },
	});
	expect(meter("responses", huge, { step: 5_000 }).tokens.output).toBeGreaterThan(1_000);
});

test.each([
	["responses", { response: { model: "m", service_tier: "priority", usage: { input_tokens: 1 } } }],
	["messages", { type: "message_delta", usage: { output_tokens: 1, speed: "fast" } }],
	["messages", { type: "message_delta", usage: { output_tokens: 1, inference_geo: "us" } }],
] as const)("%s %o has a price of its own", (operation, event) => {
	expect(meter(operation, sse(event)).isSpecial).toBe(true);
});

test("a model's name is short and plain", () => {
	expect(meter("responses", sse({ model: `a\n\u001b[31m${"b".repeat(500)}` })).model).toMatch(/^a\[31mb{95}$/);
});
