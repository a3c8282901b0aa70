import { expect, test } from "vitest";
import { type Known, textBreaks, untold } from "./docs.ts";

const known: Known = {
	files: new Set(["README.md", "docs/a.md", "packages/domain/src/id.ts", "packages/domain/package.json"]),
	scripts: new Map([
		["", new Set(["dev", "check"])],
		["packages/domain", new Set(["test"])],
	]),
	headings: new Map([["docs/a.md", new Set(["the-data-folder"])]]),
	settings: new Set(["BULLPEN_DATA"]),
	benchUsage: "usage: pnpm bench <what>\n  rooms [--quick]\n  engine [--megabytes <n>]\n",
};

test.each([
	["a link", "[a](a.md), [b](a.md#the-data-folder), [c](../packages/domain/src), [d](https://example.com/x)"],
	["a path", "`packages/domain/src/id.ts` and `packages/domain`"],
	[
		"a command",
		"`pnpm dev`, `npx -y pnpm@12.21.0 check`, `pnpm exec vitest run x`, `pnpm --filter @bullpen/domain test`",
	],
	["a benchmark", "`pnpm bench rooms --quick`, `pnpm bench engine --megabytes 5`"],
	["a setting", "`BULLPEN_DATA`"],
])("%s that is there stands", (_, text) => {
	expect(textBreaks("docs/a.md", text, known)).toEqual([]);
});

test.each([
	["[a](b.md)", "b.md leads nowhere"],
	["[a](a.md#gone)", "a.md#gone leads nowhere"],
	["`packages/domain/src/gone.ts`", "packages/domain/src/gone.ts is not there"],
	["`pnpm lint`", "lint is no command"],
	["`pnpm test`", "test is no command"],
	["`pnpm --filter @bullpen/domain lint`", "--filter @bullpen/domain lint is no command"],
	["`pnpm bench tables`", "bench tables is no command"],
	["`pnpm bench rooms --slow`", "bench rooms --slow is no command"],
	["`BULLPEN_DATUM`", "BULLPEN_DATUM is read nowhere"],
])("%s is told with its line", (text, sentence) => {
	expect(textBreaks("docs/a.md", `# A\n${text}`, known)).toEqual([`docs/a.md:2: ${sentence}`]);
});

test("a script of its own package is a command in that package's texts", () => {
	expect(textBreaks("packages/domain/README.md", "`pnpm test`", known)).toEqual([]);
});

test("a setting that the start reads is told of", () => {
	const boot = 'pick(env, "BULLPEN_DATA", "BULLPEN_EDGE_MODE")';
	expect(untold(boot, "| `BULLPEN_DATA` |")).toEqual([
		"docs/operations.md:1: BULLPEN_EDGE_MODE can be set and is not told of",
	]);
});
