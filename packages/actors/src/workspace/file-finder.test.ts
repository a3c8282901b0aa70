import { performance } from "node:perf_hooks";
import { LIMITS } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import { expect, test } from "vitest";
import type { Agent } from "./agent.ts";
import { FileFinder } from "./file-finder.ts";
import type { Scope } from "./scope.ts";

function finder(paths: readonly string[]): FileFinder {
	const host = { files: { paths: async () => ({ paths, isPartial: false }) } };
	const agent = { ready: async () => host, hold: () => undefined } as unknown as Agent;
	const frame = { keepAwake: <T>(work: Promise<T>) => work };
	const scope = { limits: { ...LIMITS, fileCallsWaitingMax: 10 }, now: Date.now, frame } as unknown as Scope;
	return new FileFinder({ scope, agent, onDone: () => undefined });
}

test("however many look for files, others have most of the time, and few wait", async () => {
	const paths = Array.from({ length: 500 }, (_, n) => `${"a/b_".repeat(30)}${n}.ts`);
	const files = finder(paths);
	await files.find("a"); // they are listed
	const used = performance.eventLoopUtilization();
	const answers = await Promise.allSettled(Array.from({ length: 200 }, () => files.find("ab".repeat(50))));
	const { utilization } = performance.eventLoopUtilization(used);
	expect(utilization).toBeLessThan(0.6);
	const refusals = answers.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
	expect(refusals.length).toBeGreaterThan(100);
	expect(refusals.every((one) => one instanceof Problem && one.code === "busy")).toBe(true);
	expect(answers[0]).toMatchObject({ status: "fulfilled", value: { isPartial: false } });
});
