import { readFile, writeFile } from "node:fs/promises";
import { processOf } from "./process-table.ts";

/** Notes which process holds the workspace, so that the next one can end it. */
export async function noteHolder(file: string, pid: number | undefined): Promise<void> {
	await writeFile(file, `${pid} ${await startOf(pid)}`, { mode: 0o600 });
}

/** Kills the process that holds the workspace, if it still is that process. Its whole sandbox goes with it. */
export async function killHolder(file: string): Promise<void> {
	const [pid, start] = (await readFile(file, "utf8").catch(() => "")).split(" ");
	if (!pid || !start || !/^\d+$/.test(pid) || (await startOf(Number(pid))) !== start) return;
	try {
		process.kill(Number(pid), "SIGKILL");
	} catch {
		// It ended by itself.
	}
}

const startOf = async (pid = 0): Promise<string> => (await processOf(pid))?.start ?? "";
