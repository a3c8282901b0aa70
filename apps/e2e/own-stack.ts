import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { networkOf } from "@bullpen/engine/boot";
import { type Child, startChild } from "@bullpen/engine/child";
import { processesOn } from "./leftovers.ts";

const STOP_MS = 15_000;

/** A real stack, as production runs it, on a data folder of its own. */
export interface OwnStack {
	readonly url: string;
	readonly dataFolder: string;
	/** Ends it, and proves that it ended. `copyTo`: a folder that its data is copied to as it stands then. */
	stop(copyTo?: string): Promise<void>;
}

/** `env` goes to the start command; `prepare` may put something into the empty data folder. */
export async function startOwnStack(
	env: Readonly<Record<string, string>> = {},
	prepare: (dataFolder: string) => void = () => undefined,
): Promise<OwnStack> {
	const dataFolder = mkdtempSync(join(realpathSync(tmpdir()), "bullpen-e2e-"));
	prepare(dataFolder);
	let url = "";
	const child = startChild(
		{
			file: process.execPath,
			args: ["--disable-warning=ExperimentalWarning", join(import.meta.dirname, "stack-process.ts"), dataFolder],
			env: { ...networkOf(process.env), ...env },
		},
		(line, stream) => {
			if (stream === "stdout") url = line;
			else process.stderr.write(`${line}\n`);
		},
	);
	try {
		await child.printed(/^http/);
	} catch (error) {
		await tearDown(child, dataFolder);
		throw error;
	}
	return { url, dataFolder, stop: (copyTo) => tearDown(child, dataFolder, copyTo) };
}

async function tearDown(child: Child, dataFolder: string, copyTo?: string): Promise<void> {
	await child.stop(STOP_MS);
	const left = processesOn(dataFolder);
	const kept = process.env.E2E_KEEP_LOGS;
	if (kept) cpSync(join(dataFolder, "logs"), resolve(kept), { recursive: true });
	if (copyTo) copyData(dataFolder, copyTo);
	rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 });
	if (left.length > 0) throw new Error(`still running after the stack has stopped:\n${left.join("\n")}`);
}

/** As `docs/operations.md` says to back up: with the permissions, without which keys are refused. */
export const copyData = (from: string, to: string): void => {
	execFileSync("cp", ["-a", `${from}/.`, to]);
};
