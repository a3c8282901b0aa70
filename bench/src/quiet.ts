import { setTimeout as sleep } from "node:timers/promises";
import { cpuSeconds, difference, totalOf } from "./meter.ts";
import type { Stand } from "./stand.ts";

const LOOK_MS = 500;
const QUIET_CORES = 0.1;
const QUIET_MS_MAX = 20_000;

/** Waits until the servers have done what was left of the work before, such as actors falling asleep; for a while at most. */
export async function untilQuiet(stands: readonly Stand[]): Promise<void> {
	for (let waitedMs = 0; waitedMs < QUIET_MS_MAX; waitedMs += LOOK_MS) {
		const before = stands.map((stand) => cpuSeconds(stand.processes()));
		await sleep(LOOK_MS);
		const used = stands.map((stand, i) => totalOf(difference(cpuSeconds(stand.processes()), before[i] ?? {})));
		if (used.every((seconds) => seconds < (QUIET_CORES * LOOK_MS) / 1_000)) return;
	}
}
