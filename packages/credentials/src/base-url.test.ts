import { expect, test } from "vitest";
import { readEndpoint } from "./base-url.ts";

test.each([
	["https://api.example.com/v1/", "https://api.example.com/v1"],
	["https://api.example.com", "https://api.example.com"],
	["HTTPS://API.Example.com:8443/a/b", "https://api.example.com:8443/a/b"],
])("%s is kept as %s, and may not be private", (baseUrl, kept) => {
	expect(readEndpoint({ baseUrl })).toEqual({ baseUrl: kept, isPrivateAllowed: false });
});

test.each(["http://127.0.0.1:11434/v1", "http://localhost:1234", "http://[::1]:8080/v1", "https://10.0.0.5/v1"])(
	"%s is meant on purpose",
	(baseUrl) => {
		expect(readEndpoint({ baseUrl })).toMatchObject({ isPrivateAllowed: true });
	},
);

test.each([
	["http to another machine", "http://api.example.com/v1"],
	["http to a private one", "http://10.0.0.5/v1"],
	["http to a name that only looks like this machine", "http://evil.localhost/v1"],
	["a name and password", "https://user:secret@api.example.com/v1"],
	["a name alone", "https://user@api.example.com"],
	["a query", "https://api.example.com/v1?x=1"],
	["an empty query", "https://api.example.com/v1?"],
	["a fragment", "https://api.example.com/v1#x"],
	["another scheme", "ftp://api.example.com"],
	["a file", "file:///etc/passwd"],
	["no URL", "api.example.com"],
	["nothing", ""],
	["an encoded path", "https://api.example.com/%2e%2e/x"],
	["an empty segment", "https://api.example.com//x"],
	["a metadata address", "https://169.254.169.254/v1"],
	["the same as one number", "https://2852039166/v1"],
	["the same in IPv6", "https://[::ffff:169.254.169.254]/v1"],
	["every address of this machine", "http://0.0.0.0:8080/v1"],
	["far too long", `https://api.example.com/${"a".repeat(600)}`],
])("%s is refused", (_, baseUrl) => {
	expect(() => readEndpoint({ baseUrl, isPrivateAllowed: true })).toThrow(
		expect.objectContaining({ name: "Problem", code: "bad_input" }),
	);
});

test("a host the environment names may be asked without TLS, with its port or any", () => {
	const wish = { baseUrl: "http://ollama.lan:11434/v1" };
	for (const host of ["ollama.lan", "ollama.lan:11434"]) {
		expect(readEndpoint({ ...wish, httpHosts: [host] })).toMatchObject({ isPrivateAllowed: true });
	}
	expect(() => readEndpoint({ ...wish, httpHosts: ["ollama.lan:80", "lan"] })).toThrow(/https/);
});

test("a refusal does not repeat a password", () => {
	expect(() => readEndpoint({ baseUrl: "https://user:hunter2@x.example" })).not.toThrow(/hunter2/);
});
