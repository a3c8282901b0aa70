import { expect, test } from "vitest";
import { resultOf, tableOf } from "./report.ts";
import type { Row } from "./rows.ts";

const ack: Row = { name: "ack p50", unit: "ms", better: "less", budget: 5, of: ({ times }) => times.p50 };
const throughput: Row = { name: "throughput", unit: "messages/s", better: "more", budget: 1_000, of: () => 0 };
const errors: Row = { name: "errors", unit: "errors", better: "less", budget: 0, of: ({ errors }) => errors };

test("a budget is the most where less is better and the least where more is", () => {
	expect(resultOf("a", ack, 5, 45)).toEqual({
		name: "a",
		value: 5,
		unit: "ms",
		budget: 5,
		ok: true,
		naive: 45,
		ratio: 9,
	});
	expect(resultOf("a", ack, 5.1, 45).ok).toBe(false);
	expect(resultOf("t", throughput, 1_000, 100)).toMatchObject({ ok: true, ratio: 10 });
	expect(resultOf("t", throughput, 999, 100).ok).toBe(false);
	expect(resultOf("e", errors, 0, 2_043)).toMatchObject({ ok: true, naive: 2_043, ratio: null });
	expect(resultOf("e", errors, undefined, 3)).toMatchObject({ value: null, ok: false, ratio: null });
	expect(resultOf("e", errors, 1, undefined)).toMatchObject({ ok: false, naive: null, ratio: null });
});

test("the table is Markdown whose columns line up", () => {
	const lines = tableOf([resultOf("one sender: ack p50", ack, 3.1, 45), resultOf("errors", errors, 0, 0)]).split("\n");
	expect(lines).toHaveLength(4);
	expect(new Set(lines.map((line) => line.length)).size).toBe(1);
	expect(lines[2]).toMatch(/^\| one sender: ack p50 \| 3\.1 ms +\| 45 +\| 14\.5 \| 5 +\| met +\|$/);
});
