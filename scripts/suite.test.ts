import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { vitestCounts } from "./report.ts";
import { runSuite } from "./suite.ts";

const folder = mkdtempSync(join(tmpdir(), "bullpen-suite-"));
const path = join(folder, "report.json");
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
	rmSync(path, { force: true });
	vi.spyOn(process.stdout, "write").mockReturnValue(true);
});

const run = (code: string, report?: { path: string; counts: typeof vitestCounts }) =>
	runSuite({
		name: "suite",
		command: [process.execPath, "-e", code],
		cwd: folder,
		timeoutMs: 20_000,
		...(report && { report }),
	});
const reporting = (text: string, code = "") => {
	writeFileSync(path, text);
	return run(code, { path, counts: vitestCounts });
};
const report = (numPassedTests: number, numFailedTests: number) =>
	JSON.stringify({ numPassedTests, numFailedTests, testResults: [] });

test("a suite without a report is one test", async () => {
	expect(await run("")).toEqual({ passed: 1, failed: 0 });
	expect(await run("process.exit(1)")).toEqual({ passed: 0, failed: 1 });
});

test("a suite counts what its report says", async () => {
	expect(await reporting(report(5, 0))).toEqual({ passed: 5, failed: 0 });
	expect(await reporting(report(5, 2), "process.exit(1)")).toEqual({ passed: 5, failed: 2 });
});

test("a suite that crashed after it had passed, ran nothing or left no whole report has failed", async () => {
	expect(await reporting(report(5, 0), "process.exit(1)")).toEqual({ passed: 5, failed: 1 });
	expect(await reporting(report(0, 0))).toEqual({ passed: 0, failed: 1 });
	expect(await reporting(report(5, 0).slice(0, -4), "process.exit(1)")).toEqual({ passed: 0, failed: 1 });
	rmSync(path);
	expect(await run("", { path, counts: vitestCounts })).toEqual({ passed: 0, failed: 1 });
});
