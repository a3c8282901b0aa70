import { expect, test } from "vitest";
import { completionAt } from "./completions.ts";
import { wordedSearch } from "./search-words.ts";

const names = {
	me: "u-me",
	people: [
		{ id: "u-me", name: "Cyn" },
		{ id: "u-ada", name: "Ada Lovelace" },
		{ id: "u-love", name: "Lovis" },
		{ id: "u-odd", name: 'the "odd" one' },
	],
	rooms: [
		{ id: "r-1", name: "general" },
		{ id: "r-2", name: "the lounge" },
	],
};
const choices = (text: string, cursor = text.length) =>
	completionAt(text, cursor, names)?.choices.map(({ insert }) => insert) ?? null;

test("a filter that was begun offers what it could name, the nearest first", () => {
	expect(choices("tea from:")).toEqual(["from:me ", 'from:"Ada Lovelace" ', "from:Lovis ", "from:u-odd "]);
	expect(choices("from:lov")).toEqual(["from:Lovis ", 'from:"Ada Lovelace" ']);
	expect(choices("FROM:@ad")).toEqual(['from:"Ada Lovelace" ']);
	expect(choices('in:"the l')).toEqual(['in:"the lounge" ']);
	expect(choices("in:#gen")).toEqual(["in:general "]);
	expect(choices("has:")).toEqual(["has:link ", "has:file ", "has:code "]);
	expect(choices("from:me in: tea", 11)).toEqual(["in:general ", 'in:"the lounge" ']);
});

test("nothing is offered beside a filter, for a name nobody has, or for one that is whole", () => {
	for (const text of ["", "tea", "from", "xfrom:a", "from:zoe", "in:general", "has:link", "from:me tea", "before:2"]) {
		expect(choices(text)).toBeNull();
	}
});

test("whatever is offered is read as the one that it names", () => {
	for (const filter of ["from", "in"] as const) {
		for (const { id, insert } of completionAt(`${filter}:`, filter.length + 1, names)?.choices ?? []) {
			expect(wordedSearch(insert, names).query).toBe(`${filter}:${id === "me" ? "u-me" : id}`);
		}
	}
});

test("it begins where the filter does, so that what is picked takes its place", () => {
	expect(completionAt('tea from:"Ada L', 15, names)?.from).toBe(4);
});
