import { expect, test } from "vitest";
import { breaksBetween } from "./rules.ts";

const spec = (text: string) => ({ file: "SPEC.md", text });
const tests = (text: string) => [{ file: "a.test.ts", text }];

test("what is quoted and proven stands, in whatever quotes, alone or with others", () => {
	const rules = spec("- **[A1]** one, not [B2].\n- **[B2]** two. **[C3]** three.\n");
	expect(breaksBetween(rules, tests('test("[A1] [B2] so", f);\ntest.each(x)(\n\t`[C3] %s`,\n\tf);'))).toEqual([]);
});

test("a rule that no test's name begins with is told", () => {
	const rules = spec("# Rules\n- **[A1]** one.\n- **[B2]** two.\n");
	expect(breaksBetween(rules, tests('test("[A1] so", f); // not [B2]\ntest("as [B2] says", f);'))).toEqual([
		"SPEC.md:3: [B2] is in no test's name",
	]);
});

test("a number that is no rule is told, in a test's name and in the rules", () => {
	const rules = spec("- **[A1]** one, but for [C3].\n");
	expect(breaksBetween(rules, tests('\ntest("[A1] [D4] so", f);'))).toEqual([
		"SPEC.md:1: [C3] is no rule of SPEC.md",
		"a.test.ts:2: [D4] is no rule of SPEC.md",
	]);
});

test("a number is given once", () => {
	expect(breaksBetween(spec("**[A1]** one.\n**[A1]** two.\n"), tests('test("[A1]", f)'))).toEqual([
		"SPEC.md:2: [A1] is another rule's number already",
	]);
});
