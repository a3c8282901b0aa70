import { LIMITS } from "@bullpen/domain/limits";
import { cleanEmoji } from "@bullpen/domain/message-rules";
import { expect, test } from "vitest";
import { suggestPeople } from "./choices.tsx";
import { EMOJI_GROUPS, findEmoji } from "./emoji.ts";
import { begunEmoji } from "./use-emoji-choices.ts";

const found = (query: string) => findEmoji(query, 5).map(({ emoji }) => emoji);

test("every emoji that is offered is a reaction the room takes", () => {
	const all = EMOJI_GROUPS.flatMap(({ emoji }) => emoji);
	expect(all.length).toBeGreaterThan(1_500);
	for (const { emoji } of all) expect(cleanEmoji(emoji, LIMITS)).toBe(emoji);
});

test("an emoji is found by its code, by the beginning of it, and by what it is about", () => {
	expect(found("tada")[0]).toBe("🎉");
	expect(found("thumbsu")).toContain("👍");
	expect(found("party")).toContain("🎉");
	expect(found("")).toEqual([]);
	expect(found("zzzz")).toEqual([]);
});

test("a code is begun by a colon before two letters that follows no word", () => {
	expect(begunEmoji("so :ta", 6)).toEqual({ query: "ta", from: 3 });
	expect(begunEmoji(":+1", 3)).toEqual({ query: "+1", from: 0 });
	for (const text of ["12:30", "a:tada", ":t", "http://x", "::tada", ": ta"])
		expect(begunEmoji(text, text.length)).toBeNull();
});

test("people of the room are offered for an @ that begins a word, whoever begins so first, and everybody last", () => {
	const people = ["Bob Ada", "Ada", "Cyn"].map((name) => ({ id: name, name, isOnline: true }));
	const offered = (text: string) =>
		suggestPeople(text, text.length, people, () => undefined)?.options.map(({ label }) => label);
	expect(offered("hi @a")).toEqual(["Ada", "Bob Ada"]);
	expect(offered("@Bob A")).toEqual(["Bob Ada"]);
	expect(offered("@")).toEqual(["Bob Ada", "Ada", "Cyn", "@here", "@room"]);
	expect(offered("@ro")).toEqual(["@room"]);
	expect(offered("me@a")).toBeUndefined();
	expect(suggestPeople("hi @ad there", 6, people, () => undefined)).toMatchObject({ from: 3 });
});
