import { expect, test } from "vitest";
import { median, slopeOf, summaryOf } from "./statistics.ts";

test("quantiles are numbers that were measured, by nearest rank", () => {
	const numbers = Array.from({ length: 100 }, (_, i) => 100 - i);
	expect(summaryOf(numbers)).toEqual({ count: 100, p50: 50, p99: 99, max: 100 });
	expect(summaryOf([7])).toEqual({ count: 1, p50: 7, p99: 7, max: 7 });
	expect(summaryOf([])).toEqual({ count: 0, p50: 0, p99: 0, max: 0 });
	expect(median([3, 1, 2])).toBe(2);
});

test("a slope is what a line through the points grows by", () => {
	expect(
		slopeOf([
			[0, 10],
			[1, 12],
			[2, 14],
		]),
	).toBe(2);
	expect(
		slopeOf([
			[0, 5],
			[3, 5],
		]),
	).toBe(0);
	expect(slopeOf([[1, 5]])).toBe(0);
	expect(slopeOf([])).toBe(0);
});
