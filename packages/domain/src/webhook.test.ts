import { describe, expect, test } from "vitest";
import { LIMITS } from "./limits.ts";
import { refusal } from "./test/refusal.ts";
import { cleanHookUrl, hookRetryMs, isWithinReplayWindow, meaningOf } from "./webhook.ts";

describe("where a webhook leads", () => {
	test.each([
		["https://ci.example.com/hook?room=1", "https://ci.example.com/hook?room=1"],
		[" http://[2001:db8::1]:8080/#part ", "http://[2001:db8::1]:8080/"],
	])("[HOOK6] %j is taken as %j", (raw, url) => {
		expect(cleanHookUrl(raw, LIMITS)).toBe(url);
	});

	test.each([
		"",
		"ci.example.com",
		"ftp://ci.example.com",
		"javascript:alert(1)",
		"file:///etc/passwd",
		"https://",
		"https://me:secret@ci.example.com/",
		"https://ci.example.com/ hook",
		"https://ci.example.com/\nx: y",
		`https://ci.example.com/${"a".repeat(2_000)}`,
	])("[HOOK6] %j is refused", (raw) => {
		expect(refusal(() => cleanHookUrl(raw, LIMITS)).code).toBe("bad_input");
	});
});

test("[HOOK5] an answer says whether it was taken, may be taken later, or never will be", () => {
	const meanings = [200, 204, 302, 400, 404, 408, 410, 429, 500, 503].map((status) => [status, meaningOf({ status })]);
	expect(meanings).toEqual([
		[200, "delivered"],
		[204, "delivered"],
		[302, "failed"],
		[400, "refused"],
		[404, "refused"],
		[408, "failed"],
		[410, "gone"],
		[429, "failed"],
		[500, "failed"],
		[503, "failed"],
	]);
	expect(meaningOf({ failure: "timed-out" })).toBe("failed");
});

test("[HOOK4] pauses double up to a limit, and chance takes up to half of each away", () => {
	const limits = { hookRetryMinMs: 100, hookRetryMaxMs: 1_000 };
	expect([1, 2, 3, 4, 5, 1_000].map((failures) => hookRetryMs(failures, 1, limits))).toEqual([
		100, 200, 400, 800, 1_000, 1_000,
	]);
	expect([0, 0.5, 1].map((chance) => hookRetryMs(2, chance, limits))).toEqual([100, 150, 200]);
});

test("[HOOK1] what was signed long ago, or in the future, is not of now", () => {
	const at = (seconds: number) => isWithinReplayWindow(seconds, 1_000_000, { hookReplayMs: 60_000 });
	expect([1_000, 940, 1_060, 939, 1_061].map(at)).toEqual([true, true, true, false, false]);
});
