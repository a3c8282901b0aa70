import { expect, test } from "vitest";
import { withoutMarks } from "./without-marks.ts";

test.each([
	["It is about the **rounding**.", "It is about the rounding."],
	["though: `-0.50` becomes `50`", "though: -0.50 becomes 50"],
	["see [the issue](https://example.org/4)", "see the issue"],
	["# Today\n> quoted\n- one", "Today\nquoted\none"],
	["so:\n```ts\nconst a = 1;\n```\ndone", "so:\n\nconst a = 1;\n\ndone"],
])("the marks of %j are not read in a line", (text, line) => {
	expect(withoutMarks(text)).toBe(line);
});

test.each(["2 * 3 * 4", "a ** b ** c", "snake_case_name", "<@u-1> hello", "x -> y", "a `b", "[1] and (2)"])(
	"%j has none and stays",
	(text) => {
		expect(withoutMarks(text)).toBe(text);
	},
);

test("long text made of marks takes no time", () => {
	const began = performance.now();
	withoutMarks("**a".repeat(5_000) + "[".repeat(5_000) + "`".repeat(5_000));
	expect(performance.now() - began).toBeLessThan(500);
});
