import type { FeedRow } from "@bullpen/domain/feed";
import { expect, test, vi } from "vitest";
import { ManualClock, settled } from "../test/manual-clock.ts";
import { FeedRunner } from "./feed-runner.ts";
import { CLIENT_LIMITS } from "./limits.ts";

const { arrivalMs } = CLIENT_LIMITS;

async function start() {
	const clock = new ManualClock();
	const readChanges = vi.fn(async () => ({ to: 1, rows: [], floorSeq: 1, caughtUp: true }));
	const readSnapshot = async () => ({ version: 1, seen: 1, epoch: "e", snapshot: null });
	const target = { replaced: () => {}, changed: () => {}, refused: () => {} };
	const runner = new FeedRunner<FeedRow, null>({ readSnapshot, readChanges }, target, CLIENT_LIMITS, clock);
	runner.connected();
	await settled();
	readChanges.mockClear();
	return { clock, runner, readChanges };
}

test("[FEED8] each of several things that should have arrived is looked for", async () => {
	const { clock, runner, readChanges } = await start();
	runner.expect(() => false);
	runner.expect(() => true);
	await clock.pass(arrivalMs);
	expect(readChanges).toHaveBeenCalledOnce();
});

test("[FEED8] a version that was told of is asked for, also while something else is looked for", async () => {
	const { clock, runner, readChanges } = await start();
	runner.expect(() => false);
	runner.noteVersion(2);
	await clock.pass(arrivalMs);
	expect(readChanges).toHaveBeenCalledOnce();
});

test("[FEED8] what has arrived by itself is not asked for", async () => {
	const { clock, runner, readChanges } = await start();
	runner.noteVersion(1);
	runner.expect(() => false);
	await clock.pass(arrivalMs);
	expect(readChanges).not.toHaveBeenCalled();
});
