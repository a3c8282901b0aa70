import { expect, test } from "vitest";
import { EgressPreset, type RefusedHost } from "./egress.ts";
import {
	chosenEgress,
	egressChange,
	egressRule,
	egressRules,
	hostName,
	ignoring,
	isAllowed,
	PRESET_HOSTS,
	stillRefused,
	withRefused,
} from "./egress-rules.ts";
import { LIMITS } from "./limits.ts";
import { Problem } from "./problem.ts";

test.each([
	["Registry.NPMjs.org", "registry.npmjs.org"],
	["pypi.org.", "pypi.org"],
	["127.0.0.1", undefined],
	["0x7f.1", undefined],
	["127.0x1", undefined],
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
])("[EGR1] %j as a host name is %j", (text, name) => {
	expect(hostName(text)).toBe(name);
});

test("[EGR1] a host is allowed by its whole name and port", () => {
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

test("[EGR1] with a star every host below is allowed, and the host itself is not", () => {
	const rules = [{ host: "*.example.com", ports: [443] }];
	expect(isAllowed(rules, "a.example.com", 443)).toBe(true);
	expect(isAllowed(rules, "a.b.example.com", 443)).toBe(true);
	expect(isAllowed(rules, "example.com", 443)).toBe(false);
	expect(isAllowed(rules, "badexample.com", 443)).toBe(false);
});

test("[EGR1] what is known by name leads to names, and each to other ones", () => {
	const all = EgressPreset.options.flatMap((preset) => PRESET_HOSTS[preset]);
	for (const host of all) expect(hostName(host)).toBe(host);
	expect(new Set(all).size).toBe(all.length);
});

test.each([
	["Example.com", "example.com", [80, 443]],
	[" https://Example.com/a/b?c ", "example.com", [80, 443]],
	["*.example.com", "*.example.com", [80, 443]],
	["example.com:8443", "example.com", [8443]],
])("[EGR1] %j is understood", (text, host, ports) => {
	expect(egressRule(text)).toEqual({ host, ports });
});

test.each([
	"*",
	"*.com",
	"a.*.com",
	"**.example.com",
	"10.0.0.1",
	"example.com:0",
	"example.com:70000",
	"a b.com",
	"x@y.com",
])("[EGR1] %j is refused, and named", (text) => {
	expect(() => egressRule(text)).toThrow(Problem);
	expect(() => egressRule(text)).toThrow(expect.objectContaining({ details: { field: "hosts", host: text } }));
});

test("[EGR1] nothing may be reached unless it was chosen", () => {
	expect(egressRules(undefined)).toEqual([]);
	const egress = chosenEgress(
		{ presets: ["npm", "npm"], hosts: ["B.example.com", "b.example.com", "a.org:22"] },
		undefined,
		LIMITS,
	);
	expect(egress).toEqual({ presets: ["npm"], hosts: ["a.org:22", "b.example.com"] });
	const rules = egressRules(egress);
	expect(isAllowed(rules, "registry.npmjs.org", 443)).toBe(true);
	expect(isAllowed(rules, "a.org", 22)).toBe(true);
	expect(isAllowed(rules, "a.org", 443)).toBe(false);
	expect(isAllowed(rules, "pypi.org", 443)).toBe(false);
});

test("[EGR1] more hosts than can be kept are refused", () => {
	const hosts = Array.from({ length: LIMITS.egressAllowedMax + 1 }, (_, i) => `h${i}.example.com`);
	expect(() => chosenEgress({ presets: [], hosts }, undefined, LIMITS)).toThrow(Problem);
	expect(chosenEgress({ presets: [], hosts: hosts.slice(1) }, undefined, LIMITS).hosts).toHaveLength(hosts.length - 1);
});

test("[EGR2] a change names what came and what went", () => {
	const before = { presets: ["npm" as const], hosts: ["a.org"] };
	const after = { presets: ["npm" as const, "pypi" as const], hosts: ["b.org"] };
	expect(egressChange(before, after)).toEqual({ added: ["pypi", "b.org"], removed: ["a.org"] });
	expect(egressChange(undefined, { presets: [], hosts: [] })).toEqual({ added: [], removed: [] });
});

const refused = (host: string, at = 0, reason: RefusedHost["reason"] = "not_allowed"): RefusedHost => ({
	...{ host, port: 443, reason, at },
});

test("[EGR3] a refused host is told once, the newest first", () => {
	const one = withRefused([], refused("a.org", 1), undefined, LIMITS);
	expect(one).toEqual([refused("a.org", 1)]);
	expect(withRefused(one ?? [], refused("a.org", 2), undefined, LIMITS)).toBeUndefined();
	expect(withRefused(one ?? [], refused("b.org", 2), undefined, LIMITS)?.map(({ host }) => host)).toEqual([
		"b.org",
		"a.org",
	]);
});

test("[EGR3] a program that tries names does not fill the list", () => {
	let list: RefusedHost[] = [];
	for (let at = 0; at < 1_000; at++) list = withRefused(list, refused(`h${at}.org`, at), undefined, LIMITS) ?? list;
	expect(list).toHaveLength(LIMITS.egressRefusedMax);
	expect(list[0]?.host).toBe(`h${LIMITS.egressRefusedMax - 1}.org`);
	const later = withRefused(list, refused("late.org", LIMITS.egressRefusedMs + 1_000), undefined, LIMITS);
	expect(later?.[0]?.host).toBe("late.org");
	expect(later).toHaveLength(LIMITS.egressRefusedMax);
});

test("[EGR3] what is allowed by now is not refused any more; a private address stays", () => {
	const list = [refused("a.org"), refused("b.org"), refused("a.org", 0, "private_address")];
	expect(stillRefused(list, { presets: [], hosts: ["a.org"] })).toEqual([list[1], list[2]]);
});

test("[EGR3] what is ignored is not told, until it was allowed", () => {
	const ignored = ignoring(ignoring(undefined, "a.org", LIMITS), "a.org", LIMITS);
	expect(ignored).toEqual({ presets: [], hosts: [], ignored: ["a.org"] });
	expect(withRefused([], refused("a.org"), ignored, LIMITS)).toBeUndefined();
	expect(chosenEgress({ presets: ["npm"], hosts: [] }, ignored, LIMITS).ignored).toEqual(["a.org"]);
	expect(chosenEgress({ presets: [], hosts: ["a.org"] }, ignored, LIMITS).ignored).toBeUndefined();
	let many = ignored;
	for (let i = 0; i < 100; i++) many = ignoring(many, `h${i}.org`, LIMITS);
	expect(many.ignored).toHaveLength(LIMITS.egressIgnoredMax);
});
