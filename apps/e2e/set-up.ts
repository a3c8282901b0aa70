import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Child, startChild } from "@bullpen/engine/child";
import { processesOn } from "./leftovers.ts";

const STOP_MS = 15_000;

/** Starts the real stack, as production runs it, on an empty data folder; the answer ends it and proves that it ended. */
export default async function setUp(): Promise<() => Promise<void>> {
	const dataFolder = mkdtempSync(join(realpathSync(tmpdir()), "bullpen-e2e-"));
	const mode = process.env.BULLPEN_EDGE_MODE;
	let url = "";
	const child = startChild(
		{
			file: process.execPath,
			args: ["--disable-warning=ExperimentalWarning", join(import.meta.dirname, "stack-process.ts"), dataFolder],
			// How the edge carries people to actors, for the whole stack; unset is what production does.
			env: mode === undefined ? {} : { BULLPEN_EDGE_MODE: mode },
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
	process.env.E2E_URL = url;
	process.env.E2E_DATA = dataFolder;
	return () => tearDown(child, dataFolder);
}

async function tearDown(child: Child, dataFolder: string): Promise<void> {
	await child.stop(STOP_MS);
	const left = processesOn(dataFolder);
	const kept = process.env.E2E_KEEP_LOGS;
	if (kept) cpSync(join(dataFolder, "logs"), resolve(kept), { recursive: true });
	rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 });
	if (left.length > 0) throw new Error(`still running after the stack has stopped:\n${left.join("\n")}`);
}
