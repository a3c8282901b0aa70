import { expect, test } from "vitest";
import { filtersIn, startOfDay, toggledFilter, withFilter, wordedSearch } from "./search-words.ts";

const names = {
	me: "u-me",
	people: [
		{ id: "u-ada", name: "Ada Lovelace" },
		{ id: "u-adam", name: "Adam" },
		{ id: "u-bob", name: "Bob" },
		{ id: "u-me", name: "Cyn" },
	],
	rooms: [
		{ id: "r-1", name: "general" },
		{ id: "r-2", name: "the lounge" },
		{ id: "d-1", name: "Bob" },
	],
};
const query = (text: string) => wordedSearch(text, names).query;

test("names and me become ids, the beginning of a name those it may mean", () => {
	expect(query("from:@bob tea")).toBe('from:u-bob "tea"');
	expect(query("from:me from:cyn tea")).toBe('from:u-me "tea"');
	expect(query("from:ada")).toBe("from:u-ada from:u-adam");
	expect(query("from:love")).toBe("from:u-ada");
	expect(query('from:"Ada Lovelace" in:#general')).toBe("from:u-ada in:r-1");
	expect(query('in:"the lounge" in:bob')).toBe("in:r-2 in:d-1");
	expect(query("in:r-2 x")).toBe('in:r-2 "x"');
});

test("a filter that is only begun is not looked for as a word", () => {
	expect(query("from:")).toBe("");
	expect(query("from:bob in:")).toBe("from:u-bob");
	expect(query('tea IN:"')).toBe('"tea"');
	expect(query("in: tea")).toBe('"in:" "tea"');
});

test("days become the reader's own", () => {
	expect(query("after:2026-03-01 tea")).toBe(`after:${startOfDay(2026, 3, 1)} "tea"`);
});

test("a name that nobody has is told, and nothing is asked", () => {
	expect(wordedSearch("from:zoe in:attic tea", names)).toMatchObject({
		query: "",
		unknown: [
			{ kind: "from", name: "zoe" },
			{ kind: "in", name: "attic" },
		],
	});
	expect(query("  ")).toBe("");
});

test("filters are set, replaced and taken out of a text, and nothing else of it changes", () => {
	expect(withFilter("tea", "from", "Ada Lovelace")).toBe('tea from:"Ada Lovelace"');
	expect(withFilter('FROM:"Ada Lovelace" tea in:general', "from", "Bob")).toBe("tea in:general from:Bob");
	expect(withFilter("tea in:general", "in", null)).toBe("tea");
	expect(withFilter("https://from:x", "from", null)).toBe("https://from:x");
	expect(toggledFilter("tea has:link", "has", "file")).toBe("tea has:link has:file");
	expect(toggledFilter("has:link tea has:file", "has", "link")).toBe("tea has:file");
	expect(filtersIn('in:"the lounge" x in:b', "in")).toEqual(["the lounge", "b"]);
});
