import { expect, test } from "vitest";
import { costOf, LIST_PRICES } from "./prices.ts";

const NONE = { input: 0, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0, output: 0 };

test.each([
	["gpt-5.1-codex", { input: 1_000_000, output: 100_000 }, 1_250_000 + 1_000_000],
	["gpt-5-2025-08-07", { cacheRead: 1_000_000 }, 125_000],
	["claude-haiku-4-5-20251001", { input: 10, cacheRead: 10, cacheWrite: 10, cacheWriteLong: 10, output: 10 }, 94],
	["gpt-5-nano", { input: 1 }, 1],
	["claude-haiku-5-5", { input: 100_000 }, 10_000],
	["claude-haiku-5-5", { input: 100_000, cacheRead: 1 }, 50_001],
])("%s %o costs %i micro-dollars", (model, tokens, micros) => {
	expect(costOf(model, { ...NONE, ...tokens }, LIST_PRICES)).toBe(micros);
});

test.each([undefined, "", "gpt-5.1-codex-turbo", "my-llama", "constructor", "gpt-5-2025"])(
	"%s costs nobody knows what",
	(model) => {
		expect(costOf(model, { ...NONE, input: 5 }, LIST_PRICES)).toBeUndefined();
	},
);

test("a request so long that it has another price, which is not known, costs nobody knows what", () => {
	expect(costOf("gpt-6-sol", { ...NONE, input: 272_000 }, LIST_PRICES)).toBe(544_000);
	expect(costOf("gpt-6-sol", { ...NONE, input: 272_001 }, LIST_PRICES)).toBeUndefined();
});

test("every listed price is a whole number", () => {
	const numbers = Object.values(LIST_PRICES).flatMap((price) =>
		[price, price.long?.price ?? {}].flatMap(Object.values),
	);
	expect(numbers.filter((value) => typeof value === "number" && !Number.isInteger(value))).toEqual([]);
});
