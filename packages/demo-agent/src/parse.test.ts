import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, STEPS_MAX } from "./parse.ts";

describe("one request", () => {
	const cases: [string, object][] = [
		["list", { do: "list", path: "." }],
		["ls src", { do: "list", path: "src" }],
		["List all files in src/lib.", { do: "list", path: "src/lib" }],
		["show me the files", { do: "list", path: "." }],
		["please show me hello.txt", { do: "read", path: "hello.txt" }],
		["can you read the file notes/a.md?", { do: "read", path: "notes/a.md" }],
		['read "my file.txt"', { do: "read", path: "my file.txt" }],
		["search for TODO", { do: "search", text: "TODO", path: "." }],
		['grep "a and b" in src', { do: "search", text: "a and b", path: "src" }],
		["write a.txt with hello", { do: "write", path: "a.txt", text: "hello\n" }],
		["write a.txt hello there", { do: "write", path: "a.txt", text: "hello there\n" }],
		["create a file called a.txt with the text hello", { do: "write", path: "a.txt", text: "hello\n" }],
		["create a new file a.txt containing: hi", { do: "write", path: "a.txt", text: "hi\n" }],
		['create a.js containing: log("a", b)', { do: "write", path: "a.js", text: 'log("a", b)\n' }],
		["create notes.md", { do: "write", path: "notes.md", text: "" }],
		["write hello world to a.txt", { do: "write", path: "a.txt", text: "hello world\n" }],
		["put `x = 1` into the file b.py", { do: "write", path: "b.py", text: "x = 1\n" }],
		["a.txt: write it", { do: "unknown", text: "a.txt: write it" }],
		["edit a.txt replace one with two", { do: "replace", path: "a.txt", from: "one", to: "two" }],
		["edit a.txt and replace 'a b' by \"c d\"", { do: "replace", path: "a.txt", from: "a b", to: "c d" }],
		["replace one with two in a.txt", { do: "replace", path: "a.txt", from: "one", to: "two" }],
		["change one to two in a.txt", { do: "replace", path: "a.txt", from: "one", to: "two" }],
		["append bye to a.txt", { do: "append", path: "a.txt", text: "bye\n" }],
		["edit a.txt and append bye now", { do: "append", path: "a.txt", text: "bye now\n" }],
		["run echo hi", { do: "run", command: "echo hi" }],
		["run `ls -la && pwd`", { do: "run", command: "ls -la && pwd" }],
		["run echo 'a and run b'", { do: "run", command: "echo 'a and run b'" }],
		["$ make test", { do: "run", command: "make test" }],
		["run hello.js", { do: "run", command: "node hello.js" }],
		["what did I ask before?", { do: "history" }],
		["history", { do: "history" }],
		["forget what I asked", { do: "forget" }],
		["help", { do: "help" }],
		["what can you do?", { do: "help" }],
		["sing a song", { do: "unknown", text: "sing a song" }],
		["write", { do: "unknown", text: "write" }],
		["edit", { do: "unknown", text: "edit" }],
	];
	test.each(cases)("%s", (prompt, step) => {
		expect(parse(prompt)).toEqual([step]);
	});
});

describe("several requests", () => {
	test("are joined by then, and, or line breaks", () => {
		expect(parse("write a.txt with hi then read it and run it\nlist")).toEqual([
			{ do: "write", path: "a.txt", text: "hi\n" },
			{ do: "read", path: "a.txt" },
			{ do: "run", command: "cat a.txt" },
			{ do: "list", path: "." },
		]);
	});

	test("may be a numbered list", () => {
		expect(parse("1. create a.js with `console.log(1)`\n2. run it").map((step) => step.do)).toEqual(["write", "run"]);
	});

	test("a fenced block is a file's text, whatever it says", () => {
		expect(parse("write a.sh with\n```sh\nrun rm -rf /\nthen list\n```\nand run it")).toEqual([
			{ do: "write", path: "a.sh", text: "run rm -rf /\nthen list\n" },
			{ do: "run", command: "sh a.sh" },
		]);
	});

	test("lines after a write belong to it until the next request", () => {
		expect(parse("create notes.md with\n# Title\n  indented\nread notes.md")).toEqual([
			{ do: "write", path: "notes.md", text: "# Title\n  indented\n" },
			{ do: "read", path: "notes.md" },
		]);
	});

	test("plan takes everything after it and does none of it", () => {
		expect(parse("plan: write a.txt with hi, then run it\nlist")).toEqual([
			{
				do: "plan",
				steps: [
					{ do: "write", path: "a.txt", text: "hi\n" },
					{ do: "run", command: "cat a.txt" },
					{ do: "list", path: "." },
				],
			},
		]);
	});

	test("are bounded", () => {
		expect(parse("list\n".repeat(1_000))).toHaveLength(STEPS_MAX);
	});
});

test("no prompt makes it throw", () => {
	const words = fc.constantFrom(
		"run",
		"write",
		"a.txt",
		"with",
		"to",
		"in",
		"and",
		"then",
		"`",
		'"',
		"'",
		"```",
		"\n",
		" ",
		"\uE000",
		"0",
		"plan",
		"edit",
		"replace",
	);
	fc.assert(
		fc.property(
			fc.oneof(
				fc.string({ unit: "binary" }),
				fc.array(words, { maxLength: 60 }).map((all) => all.join(" ")),
			),
			(prompt) => {
				for (const step of parse(prompt)) expect(step.do).toBeTypeOf("string");
			},
		),
		{ numRuns: 2_000 },
	);
});

test.each([
	"with ",
	"a ",
	"  ",
	"` ",
	'"',
	"'a ",
	"```\n",
	"please ",
	"replace a with ",
	"search in ",
	"and run ",
	"“",
])("100,000 characters of %j are read in no time", (piece) => {
	const started = performance.now();
	parse(`replace ${piece.repeat(100_000 / piece.length)}`);
	parse(piece.repeat(100_000 / piece.length));
	expect(performance.now() - started).toBeLessThan(500);
});
