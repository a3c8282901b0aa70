import { createHash } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { boundaryBreaks } from "./boundaries.ts";
import { docsBreaks } from "./docs.ts";
import { manifestBreaks } from "./manifests.ts";
import { type Program, programs } from "./programs.ts";
import { type Counts, indent, progress, write } from "./report.ts";
import { packageFolders, ROOT, repositoryFiles } from "./repository.ts";
import { ruleBreaks } from "./rules.ts";
import { inLanes, type Outcome, runStep } from "./step.ts";
import { treeBreaks } from "./tree.ts";

interface Check {
	readonly name: string;
	readonly run: () => Promise<Outcome>;
}

const TIMEOUT_MS = 360_000;

/**
 * Everything that can be said about the tree without running it. Prints as it goes. `isPatient`: beside something else, one
 * after the other.
 */
export async function runChecks({ isPatient }: { readonly isPatient: boolean }): Promise<Counts> {
	const files = repositoryFiles(ROOT);
	const command = (name: string, ...line: [string, ...string[]]): Check => ({
		name,
		run: () => runStep({ name, command: line, cwd: ROOT, timeoutMs: TIMEOUT_MS, isPatient }),
	});
	const checks: Check[] = [
		command("format and lint", "biome", "check", "--diagnostic-level=warn", "--error-on-warnings", "."),
		scan("boundaries", () => boundaryBreaks(ROOT, files)),
		scan("manifests", () => manifestBreaks(ROOT, files)),
		scan("docs", () => docsBreaks(ROOT, files)),
		scan("rules and their tests", () => ruleBreaks(ROOT, files)),
		scan("traces of a machine", () => treeBreaks(ROOT, files)),
		command("unused code", "knip", "--no-progress"),
		...typeChecks(ROOT, ["scripts", ...packageFolders(files)], isPatient),
	];
	return await countChecks(checks, isPatient ? 1 : 2);
}

/** Runs all of them, whatever the others come to, `width` at a time. */
export async function countChecks(checks: readonly Check[], width: number): Promise<Counts> {
	const good = (await inLanes(checks, width, runCheck)).filter(Boolean).length;
	return { passed: good, failed: checks.length - good };
}

/** A check for each program of the compiler. Of a Next app, what it makes itself is made first. */
export const typeChecks = (root: string, folders: readonly string[], isPatient = false): Check[] =>
	programs(root, folders).map((program) => {
		const [first = "", ...more] = program.folders;
		const name = `types: ${first}${more.length > 0 ? ` and ${more.length} more` : ""}`;
		const isNext = existsSync(join(root, first, "next.config.ts"));
		const run = async (): Promise<Outcome> => {
			const config = typeof program.config === "string" ? join(root, program.config) : written(root, program.config);
			const tsc = `exec tsc --noEmit -p '${config}'`;
			const command = [
				"sh",
				"-c",
				isNext ? `(cd '${first}' && node_modules/.bin/next typegen) >/dev/null && ${tsc}` : tsc,
			] as const;
			return await runStep({ name, command, cwd: root, timeoutMs: TIMEOUT_MS, isPatient });
		};
		return { name, run };
	});

/** Where the compiler finds the packages of `root`, and git nothing. */
function written(root: string, config: Exclude<Program["config"], string>): string {
	const text = JSON.stringify(config);
	const folder = join(root, "node_modules/.cache/bullpen");
	const path = join(folder, `types-${createHash("sha256").update(text).digest("hex").slice(0, 12)}.json`);
	mkdirSync(folder, { recursive: true });
	writeFileSync(path, text);
	return path;
}

export const scan = (name: string, breaks: () => string[]): Check => ({
	name,
	run: async () => {
		const started = performance.now();
		const found = breaks();
		const ms = performance.now() - started;
		return { ms, log: found.join("\n"), ...(found.length > 0 && { failure: `${found.length} found` }) };
	},
});

/** One that ends in an error (a source that does not parse, for one) has failed like one that found something. */
async function runCheck(check: Check): Promise<boolean> {
	const started = performance.now();
	const { ms, log, failure } = await check.run().catch((error: unknown): Outcome => {
		const text = error instanceof Error ? error.message : String(error);
		return { ms: performance.now() - started, log: text, failure: "ended in an error" };
	});
	progress(check.name, ms, failure ?? "", failure === undefined);
	if (failure) write(indent(log));
	return failure === undefined;
}
