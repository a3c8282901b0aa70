import { expect, test } from "vitest";
import { graphOf } from "./graph.ts";
import { type Sample, SOAK, type SoakRecord } from "./record.ts";
import { growthOf } from "./soak.ts";

const sample = (atSeconds: number, edge: number, engine: number): Sample => ({
	atSeconds,
	residentMb: { engine, edge },
	cores: {},
	acknowledged: atSeconds * 100,
	again: 0,
	failed: 0,
	listeners: 300,
	left: 0,
	comebacks: 0,
	ackP99Ms: 10,
	behindMax: 0,
});

test("growth is by the hour, and what warming up takes is no growth", () => {
	const samples = [sample(0, 10, 50), ...[1, 2, 3, 4].map((n) => sample(n * 900, 100, 100 + n))];
	expect(growthOf(samples)).toEqual({ engine: 4, edge: 0 });
	expect(growthOf([])).toEqual({});
});

test("the graph has a line and a label for each process and says how it ended", () => {
	const samples = [sample(10, 80, 150), sample(20, 81, 152)];
	const record: SoakRecord = {
		minutes: 1,
		startedAt: "",
		load: SOAK,
		samples,
		growthMbPerHour: {},
		problems: ["a < b"],
	};
	const svg = graphOf(record);
	expect(svg.match(/<polyline/g)).toHaveLength(2);
	expect(svg).toContain("engine 152 MB");
	expect(svg).toContain("a &lt; b");
	expect(svg).not.toMatch(/NaN|Infinity|undefined/);
	expect(graphOf({ ...record, samples: [] })).not.toMatch(/NaN|undefined/);
});
