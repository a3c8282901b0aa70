import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatSearch, isEmptySearch, parseSearch, type SearchTerm, startOfDayUtc } from "./search-query.ts";

const words = (text: string, isPrefix = false): SearchTerm => ({ kind: "words", text, isPrefix });
const part = (text: string): SearchTerm => ({ kind: "part", text });
const NOTHING = { terms: [], from: [], in: [], has: [] };

describe("the query language", () => {
	test.each([
		["deploy failed", [words("deploy"), words("failed")]],
		['"deploy failed" again', [words("deploy failed"), words("again")]],
		["“deploy failed”", [words("deploy failed")]],
		['"deploy fail"*', [words("deploy fail", true)]],
		["depl*", [words("depl", true)]],
		["d*", [words("d")]],
		["*ploy*", [part("ploy")]],
		["*ploy", [part("ploy")]],
		['*"oy fa"*', [part("oy fa")]],
		["日本", [part("日本")]],
		["会議の", [part("会議の")]],
		['"open quote', [words("open quote")]],
		["v1.2.3", [words("v1.2.3")]],
		[":)", [part(":)")]],
		["->", [part("->")]],
		['""', []],
		["***", []],
		["  ", []],
	])("[SEARCH1] %j", (typed, terms) => {
		expect(parseSearch(typed)).toEqual({ ...NOTHING, terms });
	});

	test("[SEARCH2] filters are told apart from words, whatever the case of their names", () => {
		expect(parseSearch('from:@ada IN:#general has:Link in:"the lounge" before:2026-03-01 after:2026-02-01 hi')).toEqual(
			{
				terms: [words("hi")],
				from: ["ada"],
				in: ["general", "the lounge"],
				has: ["link"],
				before: Date.UTC(2026, 2, 1),
				after: Date.UTC(2026, 1, 1),
			},
		);
		expect(parseSearch("after:2026-02-01", () => 7).after).toBe(7);
		expect(parseSearch("after:1790000000000").after).toBe(1_790_000_000_000);
	});

	test("[SEARCH2] what a filter cannot mean is words", () => {
		for (const typed of ["has:wings", "before:2026-02-31", "after:soon", "from:", "before:99999-1-1"]) {
			expect(parseSearch(typed)).toEqual({ ...NOTHING, terms: [words(typed)] });
		}
		expect(isEmptySearch(parseSearch("from:ada"))).toBe(false);
		expect(isEmptySearch(parseSearch('"" *'))).toBe(true);
	});

	test("[SEARCH3] nothing that is typed fails or does anything but be looked for", () => {
		const hostile = fc.oneof(
			fc.string({ unit: "binary" }),
			fc
				.array(
					fc.constantFrom(
						'"',
						"*",
						"(",
						")",
						"AND",
						"OR",
						"NOT",
						"NEAR(",
						"{text}:",
						"^",
						":",
						"-",
						"from:",
						"'",
						";",
						"日",
						" ",
					),
				)
				.map((pieces) => pieces.join("")),
		);
		fc.assert(
			fc.property(hostile, (typed) => {
				const { terms } = parseSearch(typed);
				for (const { text } of terms) expect(text.trim()).not.toBe("");
			}),
		);
	});

	test("[SEARCH4] a query written out reads back as itself", () => {
		fc.assert(
			fc.property(
				fc.string({ unit: "grapheme" }),
				fc.constantFrom("", "from:ada ", "has:code after:2026-01-02 "),
				(typed, filter) => {
					const query = parseSearch(filter + typed);
					expect(parseSearch(formatSearch(query))).toEqual(query);
				},
			),
		);
	});
});

test("days begin where the calendar has them, leap years included", () => {
	for (let day = 0; day < 200 * 366; day += 17) {
		const date = new Date(day * 24 * 60 * 60_000);
		expect(startOfDayUtc(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())).toBe(date.getTime());
	}
	for (const typed of ["before:2023-02-29", "before:2024-13-01", "before:2024-04-31", "before:2024-00-10"])
		expect(parseSearch(typed).before).toBeUndefined();
	expect(parseSearch("before:2024-02-29").before).toBe(Date.UTC(2024, 1, 29));
});
