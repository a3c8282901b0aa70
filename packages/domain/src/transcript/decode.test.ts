import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../limits.ts";
import { coalesce } from "./coalesce.ts";
import { beginTurn } from "./coalesce-state.ts";
import { decodeEvent } from "./decode.ts";
import { decodePermission } from "./decode-permission.ts";
import { ItemRow } from "./item.ts";

const update = (fields: unknown) => ({
	sender: "agent",
	payload: { jsonrpc: "2.0", method: "session/update", params: { sessionId: "s", update: fields } },
});

const KINDS = [
	"agent_message_chunk",
	"agent_thought_chunk",
	"user_message_chunk",
	"tool_call",
	"tool_call_update",
	"plan",
	"plan_update",
	"plan_removed",
	"notice",
	"compaction_update",
	"compaction_summary_chunk",
	"subagent_update",
	"current_mode_update",
	"config_option_update",
	"available_commands_update",
	"usage_update",
	"session_info_update",
	"something_else",
];
const FIELDS = [
	"content",
	"entries",
	"toolCallId",
	"title",
	"kind",
	"status",
	"locations",
	"rawInput",
	"rawOutput",
	"currentModeId",
	"configOptions",
	"availableCommands",
	"used",
	"size",
	"cost",
	"plan",
	"planId",
	"severity",
	"description",
	"compactionId",
	"summary",
	"error",
	"subagentSessionId",
	"name",
	"task",
	"state",
];
const garbage = fc.oneof(
	fc.jsonValue(),
	fc.string({ unit: "binary" }),
	fc.constantFrom(
		{ type: "text", text: "x\0\ud800" },
		[{ type: "content" }],
		[{ type: "diff", path: "p", newText: "" }],
	),
);
const garbageUpdate = fc
	.tuple(fc.constantFrom(...KINDS), fc.dictionary(fc.constantFrom(...FIELDS), garbage))
	.map(([sessionUpdate, fields]) => update({ ...fields, sessionUpdate }));

describe("what agents send is data", () => {
	test("[TR14] nothing an agent sends throws or makes an invalid row", () => {
		const anything = fc.oneof(
			garbageUpdate,
			fc.anything(),
			garbage.map((params) => ({ sender: "agent", payload: { method: "session/request_permission", params } })),
			garbage.map((error) => ({ sender: "agent", payload: { error } })),
			garbage.map((payload) => ({ sender: "agent", payload })),
		);
		fc.assert(
			fc.property(anything, (raw) => {
				const { items } = coalesce(beginTurn("t", 1), decodeEvent(raw), 1, LIMITS);
				for (const item of items) {
					ItemRow.parse({ kind: "item", version: 1, ...item });
					JSON.stringify(item, (_key, value: unknown) => {
						if (typeof value === "string") expect(value.isWellFormed() && !value.includes("\0")).toBe(true);
						return value;
					});
				}
			}),
			{ numRuns: 500 },
		);
	});

	test("[TR15] a nesting too deep to print, and megabytes of it, are cut and not fatal", () => {
		let deep: unknown = "x";
		for (let depth = 0; depth < 50_000; depth++) deep = [deep];
		expect(decodeEvent(update({ sessionUpdate: "new_kind", deep }))).toEqual({
			type: "unknown-noted",
			updateKind: "new_kind",
			json: "(too deep to show)",
		});
		const long = decodeEvent(update({ sessionUpdate: "new_kind", long: "x".repeat(5_000_000) }));
		expect(long).toMatchObject({ json: expect.stringMatching(/…$/) });
		expect(JSON.stringify(long).length).toBeLessThan(6_000);
	});

	test("[TR16] words that are not the agent's are not in the transcript: our prompts, answers, a loaded past", () => {
		expect(decodeEvent({ sender: "client", payload: { method: "session/prompt" } })).toEqual({ type: "ignored" });
		const loaded = update({ sessionUpdate: "user_message_chunk", content: { type: "text", text: "old" } });
		expect(decodeEvent(loaded)).toEqual({ type: "ignored" });
		expect(decodeEvent({ sender: "agent", payload: { id: 1, result: {} } })).toEqual({ type: "ignored" });
	});

	test("[TR17] what is not text stays readable as what it is, and nothing of it is fetched", () => {
		const chunk = (content: unknown) => decodeEvent(update({ sessionUpdate: "agent_message_chunk", content }));
		const svg = { type: "image", mimeType: "image/svg+xml", data: "PHN2Zy8+" };
		expect(chunk(svg)).toMatchObject({ type: "notice-added", text: expect.stringContaining("image/svg+xml") });
		const remote = { type: "image", mimeType: "image/png", uri: "https://example.org/x.png" };
		expect(chunk(remote)).toMatchObject({ type: "notice-added", text: expect.stringContaining("example.org") });
		expect(chunk({ type: "audio", mimeType: "audio/wav", data: "" })).toMatchObject({ type: "notice-added" });
		expect(chunk({ type: "resource_link", name: "a.txt", uri: "file:///a.txt" })).toEqual({
			type: "resource-added",
			name: "a.txt",
			uri: "file:///a.txt",
		});
		expect(chunk({ type: "resource", resource: { uri: "file:///b", text: "b" } })).toEqual({
			type: "resource-added",
			name: "file:///b",
			uri: "file:///b",
			text: "b",
		});
		expect(chunk(7)).toMatchObject({ type: "unknown-noted", json: "7" });
	});

	test("[TR18] a question keeps its options word for word and drops those that cannot be answered", () => {
		const ask = decodePermission(7, {
			options: [{ optionId: "yes", name: "Yes", kind: "allow_once" }, { name: "No" }, 3],
			toolCall: { toolCallId: "c", title: "", rawInput: { command: "ls" } },
		});
		expect(ask).toEqual({
			requestId: "7",
			toolCallId: "c",
			title: "The agent asks for permission",
			detail: '{"command":"ls"}',
			options: [{ optionId: "yes", name: "Yes", kind: "allow_once" }],
		});
		expect(decodePermission(undefined, null).options).toEqual([]);
	});

	test("[TR26] what a question shows of its call becomes part of the call's line", () => {
		const diff = { type: "diff", path: "a.txt", oldText: null, newText: "hello" };
		const toolCall = { toolCallId: "c", title: "Write a.txt", kind: "edit", content: [diff] };
		const payload = { id: 1, method: "session/request_permission", params: { options: [], toolCall } };
		expect(decodeEvent({ sender: "agent", payload })).toMatchObject({
			type: "permission-asked",
			patch: { toolCallId: "c", toolKind: "edit", content: [diff] },
		});
	});

	test.each([
		[
			{ sessionUpdate: "current_mode_update", currentModeId: "auto" },
			{ type: "mode-noted", mode: "auto" },
		],
		[
			{ sessionUpdate: "config_option_update", configOptions: [{ id: "mode", currentValue: "auto" }] },
			{ type: "mode-noted", mode: "auto" },
		],
		[
			{ sessionUpdate: "usage_update", used: 1, size: 2 },
			{ type: "usage-noted", used: 1, size: 2 },
		],
		[
			{ sessionUpdate: "usage_update", cost: { amount: 0.5, currency: "USD" } },
			{ type: "usage-noted", cost: { amount: 0.5, currency: "USD" } },
		],
		[
			{
				sessionUpdate: "available_commands_update",
				availableCommands: [{ name: "review", description: "Reviews", input: { hint: "what" } }, { name: "" }],
			},
			{ type: "commands-noted", commands: [{ name: "review", description: "Reviews", hint: "what" }] },
		],
		[
			{ sessionUpdate: "available_commands_update", availableCommands: [] },
			{ type: "commands-noted", commands: [] },
		],
		[
			{ sessionUpdate: "session_info_update", title: "T" },
			{ type: "title-noted", title: "T" },
		],
	])("[TR19] %j is noted", (fields, event) => {
		expect(decodeEvent(update(fields))).toEqual(event);
	});

	test("[TR19] a command is one word that can be seen whole, once, with or without its slash", () => {
		const names = [
			"/init",
			"init",
			"mcp:docs:ask",
			"a b",
			"a\nrun",
			"safe\u202etxt",
			"x\u200b",
			"x".repeat(65),
			"süß/kurz",
			7,
		];
		const event = decodeEvent(
			update({ sessionUpdate: "available_commands_update", availableCommands: names.map((name) => ({ name })) }),
		);
		expect(event).toMatchObject({ commands: [{ name: "init" }, { name: "mcp:docs:ask" }, { name: "süß/kurz" }] });
	});

	test.each([
		[
			{ sessionUpdate: "plan_update", plan: { type: "items", planId: "p", entries: [{ content: "a" }] } },
			{ type: "plan-replaced", planId: "p", entries: [{ content: "a", priority: "medium", status: "pending" }] },
		],
		[
			{ sessionUpdate: "plan_update", plan: { type: "markdown", id: "p", content: "# Plan" } },
			{ type: "plan-replaced", planId: "p", entries: [], text: "# Plan" },
		],
		[
			{ sessionUpdate: "plan_removed", planId: "p" },
			{ type: "plan-removed", planId: "p" },
		],
		[
			{ sessionUpdate: "notice", severity: "warning", title: "No MCP", description: "It did not start." },
			{ type: "notice-added", level: "warning", text: "No MCP", detail: "It did not start." },
		],
		[
			{ sessionUpdate: "notice", severity: "shout", title: "Hm" },
			{ type: "notice-added", level: "info", text: "Hm" },
		],
		[
			{ sessionUpdate: "compaction_update", compactionId: "c", status: "failed", error: "too long" },
			{ type: "compaction-changed", patch: { compactionId: "c", status: "failed", problem: "too long" } },
		],
		[
			{ sessionUpdate: "compaction_update", compactionId: "c", summary: [{ type: "text", text: "Kept." }] },
			{ type: "compaction-changed", patch: { compactionId: "c", summary: "Kept." } },
		],
		[
			{ sessionUpdate: "compaction_summary_chunk", compactionId: "c", content: { type: "text", text: "Ke" } },
			{ type: "compaction-delta", compactionId: "c", text: "Ke" },
		],
		[
			{ sessionUpdate: "subagent_update", subagentSessionId: "s", name: "Reviewer", task: "Review", state: "running" },
			{
				type: "subagent-changed",
				patch: { subagentId: "s", name: "Reviewer", task: "Review", status: "running" },
			},
		],
		[
			{
				sessionUpdate: "subagent_update",
				sessionId: "s",
				title: "R",
				state: { state: "idle", stopReason: "end_turn" },
			},
			{ type: "subagent-changed", patch: { subagentId: "s", name: "R", status: "completed" } },
		],
	])("[TR31] %j is understood", (fields, event) => {
		expect(decodeEvent(update(fields))).toEqual(event);
	});

	test("[TR29] the response to a prompt tells its tokens", () => {
		const usage = { inputTokens: 100, outputTokens: 20, cachedReadTokens: 0, totalTokens: 120 };
		expect(decodeEvent({ sender: "agent", payload: { id: 2, result: { stopReason: "end_turn", usage } } })).toEqual({
			type: "turn-ended",
			stopReason: "end_turn",
			tokens: { input: 100, output: 20 },
		});
	});
});
