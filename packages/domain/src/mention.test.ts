import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mentionsIn, mentionToken, splitMentions, withNames } from "./mention.ts";

const nobody = { userIds: [], here: false, room: false };
const people = (text: string): readonly string[] => mentionsIn(text).userIds;

describe("mentions", () => {
	test("[MENTION1] a token mentions a person, everybody who is here, or the room", () => {
		expect(mentionsIn("<@u-ada> and <@u-bob>, <@u-ada> again")).toEqual({ ...nobody, userIds: ["u-ada", "u-bob"] });
		expect(mentionsIn("hello <@here>")).toEqual({ ...nobody, here: true });
		expect(mentionsIn("**<@room>**\n> <@u-ada>")).toEqual({ userIds: ["u-ada"], here: false, room: true });
		for (const text of ["", "@ada", "<@Ada>", "<@ada", "< @ada>", "<@>", "<@-ada>", "ada@example.org", "<@here >"]) {
			expect(mentionsIn(text)).toEqual(nobody);
		}
	});

	test("[MENTION2] what stands in code mentions nobody", () => {
		for (const text of [
			"`<@ada>`",
			"``a ` <@ada>``",
			"`two\nlines <@ada>`",
			"```\n<@ada>\n```",
			"```ts\n<@ada>",
			"~~~\n```\n<@ada>\n~~~",
			"> ```\n> <@ada>\n> ```",
			"- ```\n  <@ada>\n  ```",
			"````\n```\n<@ada>\n````",
			"```\n- ```\n<@ada>\n```",
			"\\\\`<@ada>`",
		]) {
			expect(people(text), text).toEqual([]);
		}
	});

	test("[MENTION2] what only looks like code does mention", () => {
		for (const text of [
			"`a` <@ada> `b`",
			"` <@ada>",
			"`` <@ada> `",
			"\\`<@ada>`",
			"`a\n\n<@ada>`",
			"```\ncode\n```\n<@ada>",
			"```x``` <@ada>",
			"> ```\n> code\n\n<@ada>",
			"``\n<@ada>",
			"- a `b\n- <@ada> `c",
		]) {
			expect(people(text), text).toEqual(["ada"]);
		}
	});

	test("[MENTION3] of people the first so many count, and the rest is no mention", () => {
		const text = Array.from({ length: 200 }, (_, n) => `<@u${n}>`).join(" ");
		expect(people(text)).toHaveLength(50);
		expect(mentionsIn(text, 2).userIds).toEqual(["u0", "u1"]);
	});

	test("[MENTION4] with names instead of tokens nothing else of the text changes", () => {
		const nameOf = (id: string): string => id.toUpperCase();
		expect(withNames("hi <@ada>, <@here>: `<@ada>`", nameOf)).toBe("hi @ADA, @here: `<@ada>`");
		expect(withNames("no tokens", nameOf)).toBe("no tokens");
	});

	test("[MENTION5] pieces put together again are the text", () => {
		const piece = fc.constantFrom("<@ada>", "<@here>", "<@", "ada>", "`", "```", "\n", "> ", "\\", " x ", "~~~", "- ");
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 40 }), (parts) => {
				const text = parts.join("");
				const pieces = splitMentions(text);
				expect(pieces.map((one) => (typeof one === "string" ? one : mentionToken(one))).join("")).toBe(text);
				expect(people(text).every((id) => id === "ada")).toBe(true);
			}),
		);
	});

	test("a hostile text takes no longer than an honest one", () => {
		const runs = Array.from({ length: 140 }, (_, n) => "`".repeat(n + 1)).join(" ");
		for (const text of ["`".repeat(10_000), runs, "\\".repeat(10_000), "> ".repeat(5_000), "<@".repeat(5_000)]) {
			expect(people(`${text}\n<@ada>`).length).toBeLessThanOrEqual(1);
		}
	});
});
