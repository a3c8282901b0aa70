import { NextRequest } from "next/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pagePolicy } from "../lib/page-policy.ts";
import { readSettings } from "../lib/settings.ts";
import { proxy } from "../proxy.ts";

const ask = (path: string, cookie?: string) =>
	proxy(new NextRequest(new URL(path, "http://127.0.0.1:3000"), { headers: cookie ? { cookie } : {} }));
const SIGNED_IN = "bullpen.session_token=x";

beforeEach(() => vi.stubEnv("BULLPEN_PUBLIC_URL", "https://chat.example.org"));
afterEach(() => vi.unstubAllEnvs());

test("whoever is not signed in is sent to sign in, and back to where they wanted to go", () => {
	expect(ask("/").headers.get("location")).toBe("https://chat.example.org/sign-in");
	expect(ask("/r/general?m=7").headers.get("location")).toBe(
		"https://chat.example.org/sign-in?to=%2Fr%2Fgeneral%3Fm%3D7",
	);
	for (const open of ["/sign-in", "/join", "/reset"]) expect(ask(open).headers.get("location")).toBeNull();
	expect(ask("/", SIGNED_IN).headers.get("location")).toBeNull();
	expect(ask("/", "__Secure-bullpen.session_token=x").headers.get("location")).toBeNull();
	expect(ask("/api/ticket").headers.get("location")).toBeNull();
});

test("every page has a policy with a nonce of its own, which the page's server side is told", () => {
	const [first, second] = [ask("/", SIGNED_IN), ask("/", SIGNED_IN)];
	const nonce = /'nonce-([^']+)'/.exec(first.headers.get("content-security-policy") ?? "")?.[1];
	expect(nonce).toMatch(/^[A-Za-z0-9+/]{22}==$/);
	expect(first.headers.get("x-middleware-request-x-nonce")).toBe(nonce);
	expect(first.headers.get("x-middleware-request-content-security-policy")).toBe(
		first.headers.get("content-security-policy"),
	);
	expect(second.headers.get("content-security-policy")).not.toBe(first.headers.get("content-security-policy"));
});

test("browsers are told to stay on https exactly where pages are", () => {
	expect(ask("/", SIGNED_IN).headers.get("strict-transport-security")).toBe("max-age=31536000");
	vi.stubEnv("BULLPEN_PUBLIC_URL", "http://127.0.0.1:4040");
	expect(ask("/", SIGNED_IN).headers.get("strict-transport-security")).toBeNull();
});

test("in production no inline script or style element runs without the nonce, and nothing talks elsewhere", () => {
	const publicUrl = new URL("https://chat.example.org");
	const policy = pagePolicy({ nonce: "n0nce", publicUrl, isDevelopment: false });
	const directives = Object.fromEntries(
		policy.split("; ").map((directive) => [directive.split(" ")[0], directive.split(" ").slice(1)]),
	);
	expect(directives).toEqual({
		"default-src": ["'self'"],
		"script-src": ["'self'", "'nonce-n0nce'", "'strict-dynamic'"],
		"style-src": ["'self'", "'nonce-n0nce'"],
		"style-src-attr": ["'unsafe-inline'"],
		"img-src": ["'self'", "data:", "blob:"],
		"font-src": ["'self'"],
		"connect-src": ["'self'", "wss://chat.example.org"],
		"worker-src": ["'self'"],
		"object-src": ["'none'"],
		"frame-src": ["'none'"],
		"frame-ancestors": ["'none'"],
		"base-uri": ["'self'"],
		"form-action": ["'self'"],
	});
});

test("settings that cannot work are refused with what to change", () => {
	expect(() => readSettings({})).toThrow(/BULLPEN_DATA[\s\S]*RIVET_TOKEN/);
	expect(() => readSettings({ BULLPEN_PUBLIC_URL: "ftp://x" })).toThrow(/BULLPEN_PUBLIC_URL/);
});
