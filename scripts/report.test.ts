import { expect, test } from "vitest";
import { add, playwrightCounts, vitestCounts } from "./report.ts";

test("counts are summed", () => {
	expect(add([])).toEqual({ passed: 0, failed: 0 });
	expect(
		add([
			{ passed: 2, failed: 1 },
			{ passed: 3, failed: 0 },
		]),
	).toEqual({ passed: 5, failed: 1 });
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
