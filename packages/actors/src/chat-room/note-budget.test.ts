import { expect, test } from "vitest";
import { NoteBudget } from "./note-budget.ts";

const RATE = { burst: 20, perSecond: 10 };

test("notes are given out up to the burst, then as time passes, and never more", () => {
	let now = 0;
	const budget = new NoteBudget(RATE.burst, () => now);
	expect(budget.left(RATE)).toBe(20);
	budget.spend(20);
	expect(budget.left(RATE)).toBe(0);
	now = 500;
	expect(budget.left(RATE)).toBe(5);
	now = 60_000;
	expect(budget.left(RATE)).toBe(20);
});

test("whoever finds it empty hears when there is something for several", () => {
	let now = 0;
	const budget = new NoteBudget(RATE.burst, () => now);
	expect(budget.waitMs(RATE)).toBe(0);
	budget.spend(20);
	expect(budget.waitMs(RATE)).toBe(1_000);
	now = 1_000;
	expect(budget.left(RATE)).toBe(10);
});
