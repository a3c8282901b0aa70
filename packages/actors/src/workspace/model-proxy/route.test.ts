import { expect, test } from "vitest";
import { formOf, routeOf } from "./route.ts";

test.each([
	["POST", "/openai/v1/responses", "openai", "responses", "/responses"],
	["POST", "/openai/v1/chat/completions", "openai", "chat-completions", "/chat/completions"],
	["GET", "/openai/v1/models?client_version=0.16.0&evil=1", "openai", "models", "/models?client_version=0.16.0"],
	["POST", "/openai-compatible/v1/chat/completions", "openai-compatible", "chat-completions", "/chat/completions"],
	["POST", "/anthropic/v1/messages?beta=true", "anthropic", "messages", "/v1/messages?beta=true"],
	["POST", "/anthropic/v1/messages/count_tokens", "anthropic", "count-tokens", "/v1/messages/count_tokens"],
	["GET", "/anthropic/v1/models?limit=%0d%0a", "anthropic", "models", "/v1/models"],
])("%s %s", (method, target, provider, operation, path) => {
	expect(routeOf(method, target)).toMatchObject({ provider, operation, path });
});

test.each([
	["GET", "/openai/v1/responses"],
	["DELETE", "/openai/v1/responses"],
	["POST", "/openai/v1/responses/"],
	["POST", "/openai/v1/responses/resp_1/cancel"],
	["POST", "/openai/v1/files"],
	["POST", "/openai/v1/fine_tuning/jobs"],
	["GET", "/openai/v1/organization/admin_api_keys"],
	["POST", "/openai/v1/batches"],
	["POST", "/anthropic/v1/messages/batches"],
	["GET", "/anthropic/v1/organizations/api_keys"],
	["POST", "/anthropic/v1/messages?beta=true?x"],
	["POST", "//openai/v1/responses"],
	["POST", "/openai//v1/responses"],
	["POST", "/openai/v1/../v1/responses"],
	["POST", "/anthropic/v1/messages/%2e%2e/complete"],
	["POST", "/openai/v1/responses%20"],
	["POST", "/openai/v1/responses#x"],
	["POST", "/OPENAI/v1/responses"],
	["POST", "http://evil.example/openai/v1/responses"],
	["POST", "/openai/v1/responses\\..\\files"],
	["POST", "/constructor"],
	["GET", "/"],
	["", ""],
])("%s %s leads nowhere", (method, target) => {
	expect(routeOf(method, target)).toBeUndefined();
});

test("what has no route is refused in the form of the API it was meant for", () => {
	expect(["/anthropic/x", "/openai/x", "/"].map(formOf)).toEqual(["anthropic", "openai", "openai"]);
});
