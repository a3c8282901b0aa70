/** Tests that ran in a step. A check counts as one. */
export interface Counts {
	readonly passed: number;
	readonly failed: number;
}

/** What a run says in the end, and what it ends with. One failure anywhere is a failed run, and so is a run of nothing. */
export function verdict(all: readonly Counts[]): { readonly line: string; readonly exitCode: 0 | 1 } {
	const passed = all.reduce((sum, each) => sum + each.passed, 0);
	const failed = all.reduce((sum, each) => sum + each.failed, 0);
	return { line: `${passed} passed, ${failed} failed`, exitCode: failed === 0 && passed > 0 ? 0 : 1 };
}

export const write = (line: string): void => {
	process.stdout.write(`${line}\n`);
};

/** One line of progress: `✓ types: packages/domain   1.2 s`. */
export const progress = (name: string, ms: number, note: string, isGood: boolean): void =>
	write(`${isGood ? "✓" : "✗"} ${name.padEnd(34)} ${(ms / 1000).toFixed(1).padStart(6)} s  ${note}`);

export const indent = (text: string): string => text.trimEnd().replaceAll(/^/gm, "  │ ");

/** Vitest's JSON report. A file that could not be loaded has no tests, so it counts as one failure. */
export function vitestCounts(report: unknown): Counts {
	const { numPassedTests, numFailedTests, testResults } = record(report);
	const broken = list(testResults).filter(
		(each) => record(each).status === "failed" && list(record(each).assertionResults).length === 0,
	);
	return { passed: number(numPassedTests), failed: number(numFailedTests) + broken.length };
}

/** Playwright's JSON report. Errors outside tests (set-up, teardown) count as failures; so does a flaky test. */
export function playwrightCounts(report: unknown): Counts {
	const { stats, errors } = record(report);
	const { expected, unexpected, flaky } = record(stats);
	return { passed: number(expected), failed: number(unexpected) + number(flaky) + list(errors).length };
}

const record = (value: unknown): Record<string, unknown> =>
	typeof value === "object" && value !== null ? { ...value } : {};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const number = (value: unknown): number => (typeof value === "number" ? value : 0);
