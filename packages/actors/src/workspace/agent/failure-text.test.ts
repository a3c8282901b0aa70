import { expect, test } from "vitest";
import { failureText } from "./failure-text.ts";

test.each([
	[
		"codex wraps the server's answer as JSON",
		{
			message: "Internal agent error: Internal error",
			data: { codex_error_info: "other", message: '{"error":{"message":"The model is not there.","type":"x"}}' },
		},
		"The model is not there.",
	],
	[
		"codex says it in its own words",
		{ message: "Internal agent error: Internal error", data: { message: "We are experiencing high demand." } },
		"We are experiencing high demand.",
	],
	[
		"claude and opencode put labels in front",
		{ message: "Internal agent error: Internal error: API Error: 400 no", data: { errorKind: "unknown" } },
		"API Error: 400 no",
	],
	["data may be the sentence", { message: "Internal agent error: x", data: "It is full." }, "It is full."],
	["data may hold details", { message: "Invalid parameters: x", data: { details: "No such model" } }, "No such model"],
	[
		"without data the message stands",
		{ message: "Invalid parameters: no such mode" },
		"Invalid parameters: no such mode",
	],
	["a label alone is better than nothing", { message: "Internal error" }, "Internal error"],
])("%s", (_, error, text) => {
	expect(failureText(error)).toBe(text);
});

test("what is too long is cut", () => {
	expect(failureText({ message: "x".repeat(10_000) })).toHaveLength(500);
});
