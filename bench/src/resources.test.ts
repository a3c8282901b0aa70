import { expect, test } from "vitest";
import { resourcesOf, resourceTable, resultsOf } from "./resources.ts";
import type { Run } from "./send-crowd.ts";
import { NOTHING } from "./tally.ts";

const MB = 1024 * 1024;
const run = (engine: number, clients: number): Run => ({
	measured: { ...NOTHING, elapsedMs: 2_000, cpu: { engine, clients }, threads: {} },
	peakBytes: { engine: engine * 100 * MB },
	endBytes: { engine: 90 * MB },
});

test("CPU and memory are medians by process, and busy clients are told", () => {
	const resources = resourcesOf("a", "edge", [run(3, 1), run(1, 1.5), run(2, 1.9)]);
	expect(resources).toMatchObject({ cpuSeconds: { engine: 2, clients: 1.5 }, peakMb: { engine: 200 } });
	expect(resources.clientsBusy).toBeCloseTo(0.75);
	expect(resultsOf(resources)).toContainEqual(
		expect.objectContaining({ name: "a: CPU of engine (edge)", value: 2, unit: "s", budget: null, ok: null }),
	);
	expect(resourceTable([resources])).toContain("| edge | engine 2.00, clients 1.50 | 75 %         | engine 200 |");
});
