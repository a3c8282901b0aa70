import { setTimeout as sleep } from "node:timers/promises";

/** Starts acts at a steady pace, however long each takes. Resolves when the last has ended. */
export async function atPace(perSecond: number, seconds: number, act: () => Promise<void>): Promise<void> {
	const started = performance.now();
	const acts: Promise<void>[] = [];
	for (let i = 0; i < perSecond * seconds; i++) {
		await sleep(Math.max(0, started + (i * 1_000) / perSecond - performance.now()));
		acts.push(act());
	}
	await Promise.all(acts);
}

/** Waits until it is done or the time is up. */
export async function until(isDone: () => boolean, waitMs: number): Promise<void> {
	for (let waitedMs = 0; !isDone() && waitedMs < waitMs; waitedMs += 50) await sleep(50);
}
