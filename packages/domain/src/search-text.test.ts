import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSearch } from "./search-query.ts";
import { matchesIn, snippetOf, splitWords, traitsOf, trigramsOf } from "./search-text.ts";

const said = (text: string, typed: string): string[] | null =>
	matchesIn(text, parseSearch(typed).terms)?.map(({ start, length }) => text.slice(start, start + length)) ?? null;

describe("what a text says", () => {
	test.each([
		["The Deploy failed.", "deploy", ["Deploy"]],
		["The deployment failed.", "deploy", null],
		["The deployment failed.", "depl*", ["deployment"]],
		["The deployment failed.", "*oym*", ["oym"]],
		["The deployment failed.", "failed the", ["The", "failed"]],
		["The deployment failed.", '"the failed"', null],
		["Ein Café in Zürich", "cafe zurich", ["Café", "Zürich"]],
		["明日の会議は中止", "会議", ["会議"]],
		["a.b.c and a b c", '"a b c"', ["a.b.c", "a b c"]],
		["so :) it is", ":)", [":)"]],
		["e\u0301te\u0301", "ete", ["e\u0301te\u0301"]],
	])("[SEARCH5] %j looked at for %j", (text, typed, expected) => {
		expect(said(text, typed)).toEqual(expected);
	});

	test("[SEARCH5] every word, beginning and part of a text is found in it", () => {
		fc.assert(
			fc.property(fc.string({ unit: "grapheme", minLength: 1 }), fc.nat(), (text, pick) => {
				const found = splitWords(text);
				const word = found[pick % Math.max(1, found.length)];
				if (word === undefined) return;
				expect(matchesIn(text, [{ kind: "words", text: word, isPrefix: false }])).not.toBeNull();
				expect(matchesIn(text, [{ kind: "words", text: [...word][0] ?? "", isPrefix: true }])).not.toBeNull();
				expect(matchesIn(text, [{ kind: "part", text: word }])).not.toBeNull();
			}),
		);
	});

	test("[SEARCH6] a snippet holds its first match, and its ranges are where they say", () => {
		fc.assert(
			fc.property(
				fc.string({ unit: "grapheme", maxLength: 600 }),
				fc.string({ unit: "grapheme", maxLength: 600 }),
				(before, after) => {
					const text = `${before} needle ${after}`;
					const found = matchesIn(text, [{ kind: "words", text: "needle", isPrefix: false }]);
					if (found === null) return; // a mark of what follows made another word of it
					const { snippet, ranges } = snippetOf(text, found);
					expect(snippet.isWellFormed()).toBe(true);
					expect(ranges.length).toBeGreaterThan(0);
					for (const { start, length } of ranges)
						expect(splitWords(snippet.slice(start, start + length))).toEqual(["needle"]);
				},
			),
		);
	});

	test("the index of parts knows three letters at a time", () => {
		expect(trigramsOf("Äbcd")).toEqual(["abc", "bcd"]);
		expect(trigramsOf("会議")).toEqual([]);
		expect(trigramsOf("aaaa")).toEqual(["aaa"]);
	});

	test("links, code and files are seen", () => {
		expect(traitsOf("see https://example.org/a and `x`", true)).toEqual(["link", "code", "file"]);
		expect(traitsOf("http:// and ` alone", false)).toEqual([]);
	});
});
