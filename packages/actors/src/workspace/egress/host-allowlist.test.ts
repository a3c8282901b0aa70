import { expect, test } from "vitest";
import { GIT_HOSTS, hostName, isAllowed, PACKAGE_REGISTRIES } from "./host-allowlist.ts";

test.each([
	["Registry.NPMjs.org", "registry.npmjs.org"],
	["pypi.org.", "pypi.org"],
	["127.0.0.1", undefined],
	["0x7f.1", undefined],
	["2130706433", undefined],
	["127.1", undefined],
	["[::1]", undefined],
	["::1", undefined],
	["localhost", undefined],
	["a..b", undefined],
	["-a.com", undefined],
	["a_b.com", undefined],
	["evil.com/.npmjs.org", undefined],
	["evil.com\u0000.npmjs.org", undefined],
	["", undefined],
	[`${"x".repeat(64)}.com`, undefined],
])("%j as a host name is %j", (text, name) => {
	expect(hostName(text)).toBe(name);
});

test("a host is allowed by its whole name and port", () => {
	const rules = [{ host: "example.com", ports: [443] }];
	expect(isAllowed(rules, "example.com", 443)).toBe(true);
	for (const [host, port] of [
		["example.com", 22],
		["www.example.com", 443],
		["example.com.evil.org", 443],
		["notexample.com", 443],
	] as const) {
		expect(isAllowed(rules, host, port)).toBe(false);
	}
});

test("with a star every host below is allowed, and the host itself is not", () => {
	const rules = [{ host: "*.example.com", ports: [443] }];
	expect(isAllowed(rules, "a.example.com", 443)).toBe(true);
	expect(isAllowed(rules, "a.b.example.com", 443)).toBe(true);
	expect(isAllowed(rules, "example.com", 443)).toBe(false);
	expect(isAllowed(rules, "badexample.com", 443)).toBe(false);
});

test("the lists of ours are names", () => {
	for (const { host } of [...PACKAGE_REGISTRIES, ...GIT_HOSTS]) expect(hostName(host)).toBe(host);
});
