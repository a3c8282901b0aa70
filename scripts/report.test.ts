import { expect, test } from "vitest";
import { playwrightCounts, verdict, vitestCounts } from "./report.ts";

test("a run says the sum, and one failure anywhere fails it", () => {
	const [good, bad] = [
		{ passed: 2, failed: 0 },
		{ passed: 3, failed: 1 },
	];
	expect(verdict([good, good])).toEqual({ line: "4 passed, 0 failed", exitCode: 0 });
	for (const all of [
		[bad, good],
		[good, bad],
		[good, bad, good],
	])
		expect(verdict(all).exitCode).toBe(1);
	expect(verdict([good, bad])).toEqual({ line: "5 passed, 1 failed", exitCode: 1 });
});

test("a run of nothing has failed", () => {
	expect(verdict([]).exitCode).toBe(1);
	expect(verdict([{ passed: 0, failed: 0 }]).exitCode).toBe(1);
});

test("a test file that does not load is a failure", () => {
	const testResults = [
		{ status: "failed", assertionResults: [] },
		{ status: "failed", assertionResults: [{ status: "failed" }] },
		{ status: "passed", assertionResults: [{ status: "passed" }] },
	];
	expect(vitestCounts({ numPassedTests: 1, numFailedTests: 1, testResults })).toEqual({ passed: 1, failed: 2 });
});

test("a flaky test and an error outside tests are failures", () => {
	expect(playwrightCounts({ stats: { expected: 4, unexpected: 1, flaky: 2, skipped: 3 }, errors: [{}] })).toEqual({
		passed: 4,
		failed: 4,
	});
});

test("no report is nothing", () => {
	expect(vitestCounts(undefined)).toEqual({ passed: 0, failed: 0 });
	expect(playwrightCounts(undefined)).toEqual({ passed: 0, failed: 0 });
});
