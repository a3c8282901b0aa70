import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RateQueue } from "./rate-queue.ts";

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

test("so many begin at once, the others as time passes, in the order they came", async () => {
	const queue = new RateQueue({ burst: 3, perSecond: 10 }, Date.now);
	const begun: number[] = [];
	const ask = (one: number) => void queue.turn().then(() => begun.push(one));
	for (let one = 0; one < 6; one++) ask(one);
	await vi.advanceTimersByTimeAsync(0);
	expect(begun).toEqual([0, 1, 2]);
	await vi.advanceTimersByTimeAsync(100);
	ask(6);
	expect(begun).toEqual([0, 1, 2, 3]);
	await vi.advanceTimersByTimeAsync(200);
	expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
	await vi.advanceTimersByTimeAsync(10_000);
	for (let one = 7; one < 12; one++) ask(one);
	await vi.advanceTimersByTimeAsync(0);
	expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});
