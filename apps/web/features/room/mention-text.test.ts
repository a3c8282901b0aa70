import { describe, expect, test } from "vitest";
import { asWritten, calledBy, Names, withTokens } from "./mention-text.ts";

const person = (id: string, name: string, isOnline = true) => ({ id, name, isOnline });
const ada = person("u-1", "Ada Lovelace");
const adaShort = person("u-2", "Ada");
const twins = [person("u-3", "Sam"), person("u-4", "Sam", false)];
const people = [ada, adaShort, ...twins];
const sent = (written: string, names = new Names(people)) => withTokens(written, names);
const personOf = (id: string) => people.find((one) => one.id === id) ?? person(id, "Someone");

describe("mentions as they are written", () => {
	test("the longest name counts, and what only looks like one stays", () => {
		expect(sent("@Ada Lovelace: ask @Ada, (@here) and @room!")).toBe("<@u-1>: ask <@u-2>, (<@here>) and <@room>!");
		for (const written of [
			"ada@Ada.org",
			"@Adam",
			"@nobody",
			"@",
			"@@Ada",
			"<@Ada",
			"`@Ada`",
			"```\n@Ada\n```",
			"@hereby",
		]) {
			expect(sent(written)).toBe(written);
		}
	});

	test("of two people with one name, only the one that was picked is called", () => {
		expect(sent("@Sam")).toBe("@Sam");
		const names = new Names(people);
		names.pick(twins[1]!);
		expect(sent("@Sam", names)).toBe("<@u-4>");
	});

	test("a message that is edited shows names and keeps whom it calls", () => {
		for (const text of ["<@u-1> and <@u-4>, <@here>", "`<@u-1>` <@u-1>", "<@gone> is gone", "no mention"]) {
			const names = new Names(people);
			const written = asWritten(text, names, personOf);
			expect(withTokens(written, names)).toBe(text);
		}
		expect(asWritten("<@u-1>!", new Names(people), personOf)).toBe("@Ada Lovelace!");
	});

	test("everybody whom a message calls is counted once, oneself not at all", () => {
		expect(calledBy("<@u-1> <@u-1> <@u-9>", people, "u-2")).toBe(1);
		expect(calledBy("<@here>", people, "u-2")).toBe(2);
		expect(calledBy("<@room>", people, "u-2")).toBe(3);
		expect(calledBy("hello", people, "u-2")).toBe(0);
	});
});
