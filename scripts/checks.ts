import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { boundaryBreaks } from "./boundaries.ts";
import { manifestBreaks } from "./manifests.ts";
import { type Counts, indent, progress, write } from "./report.ts";
import { packageFolders, ROOT, repositoryFiles } from "./repository.ts";
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
	const command = (name: string, cwd: string, ...line: [string, ...string[]]): Check => ({
		name,
		run: () => runStep({ name, command: line, cwd: join(ROOT, cwd), timeoutMs: TIMEOUT_MS, isPatient }),
	});
	const checks: Check[] = [
		command("format and lint", ".", "biome", "check", "--diagnostic-level=warn", "--error-on-warnings", "."),
		scan("boundaries", () => boundaryBreaks(ROOT, files)),
		scan("manifests", () => manifestBreaks(ROOT, files)),
		scan("traces of a machine", () => treeBreaks(ROOT, files)),
		command("unused code", ".", "knip", "--no-progress"),
		...["scripts", ...packageFolders(files)].flatMap((folder) => typeChecks(folder, command)),
	];
	const counts = await inLanes(checks, isPatient ? 1 : 2, runCheck);
	return { passed: counts.filter(Boolean).length, failed: counts.filter((isGood) => !isGood).length };
}

function typeChecks(
	folder: string,
	command: (name: string, cwd: string, ...line: [string, ...string[]]) => Check,
): Check[] {
	const isNext = existsSync(join(ROOT, folder, "next.config.ts"));
	return readdirSync(join(ROOT, folder))
		.filter((file) => /^tsconfig(?:\..+)?\.json$/.test(file))
		.map((file) => {
			const name = `types: ${folder}${file === "tsconfig.json" ? "" : ` (${file.split(".")[1]})`}`;
			const tsc = `tsc --noEmit -p ${file}`;
			return command(name, folder, "sh", "-c", isNext ? `next typegen >/dev/null && exec ${tsc}` : `exec ${tsc}`);
		});
}

const scan = (name: string, breaks: () => string[]): Check => ({
	name,
	run: async () => {
		const started = performance.now();
		const found = breaks();
		const ms = performance.now() - started;
		return { ms, log: found.join("\n"), ...(found.length > 0 && { failure: `${found.length} found` }) };
	},
});

async function runCheck(check: Check): Promise<boolean> {
	const { ms, log, failure } = await check.run();
	progress(check.name, ms, failure ?? "", failure === undefined);
	if (failure) write(indent(log));
	return failure === undefined;
}
