import { setTimeout as sleep } from "node:timers/promises";
import { cpuSeconds, difference, type Processes, totalOf } from "./meter.ts";

const LOOK_MS = 500;
const QUIET_CORES = 0.1;
const QUIET_MS_MAX = 60_000;

/**
 * Waits until these servers have done what was left of the work before: telling inboxes who came, actors falling asleep. For a
 * while at most: one that is never idle is measured as it is.
 */
export async function untilQuiet(servers: readonly (() => Processes)[]): Promise<void> {
	for (let waitedMs = 0; waitedMs < QUIET_MS_MAX; waitedMs += LOOK_MS) {
		const before = servers.map((of) => cpuSeconds(of()));
		await sleep(LOOK_MS);
		const used = servers.map((of, i) => totalOf(difference(cpuSeconds(of()), before[i] ?? {})));
		if (used.every((seconds) => seconds < (QUIET_CORES * LOOK_MS) / 1_000)) return;
	}
}
