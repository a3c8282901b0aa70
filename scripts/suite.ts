import { existsSync, readFileSync } from "node:fs";
import { type Counts, indent, progress, write } from "./report.ts";
import { runStep, type Step } from "./step.ts";

/** Tests that one command runs. */
export interface Suite extends Step {
	/** What the command leaves to be counted. Without one it is one test by itself. */
	readonly report?: { readonly path: string; readonly counts: (report: unknown) => Counts };
}

/** A suite that crashed, or that ran no test at all, has failed even if its report says nothing of it. Prints as it goes. */
export async function runSuite(suite: Suite): Promise<Counts> {
	const { ms, log, failure } = await runStep(suite);
	const told = suite.report ? suite.report.counts(read(suite.report.path)) : { passed: failure ? 0 : 1, failed: 0 };
	const isSilent = told.failed === 0 && (failure !== undefined || told.passed === 0);
	const counts = isSilent ? { ...told, failed: 1 } : told;
	const note = suite.report ? `${counts.passed} passed, ${counts.failed} failed` : "";
	progress(suite.name, ms, [note, failure].filter(Boolean).join("; "), counts.failed === 0);
	if (counts.failed > 0) write(indent(log || "no output"));
	return counts;
}

/** A report that is missing or was cut off tells of no tests, which is a failure. */
function read(path: string): unknown {
	if (!existsSync(path)) return undefined;
	try {
		return JSON.parse(readFileSync(path, "utf8"));
	} catch {
		return undefined; // whoever wrote it was ended meanwhile
	}
}
