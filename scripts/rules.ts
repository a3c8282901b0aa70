import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isTestCode } from "./repository.ts";

const SPEC = "packages/domain/SPEC.md";
const DEFINED = /\*\*\[([A-Z]+\d+)\]\*\*/g;
const MENTIONED = /\[([A-Z]+\d+)\]/g;
/** The numbers that lead a test's name: `"[FEED3] [P3] a gap …"`. */
const LEADING = /["'`]((?:\[[A-Z]+\d+\] ?)+)/g;

/** Rules that no test's name quotes, and numbers quoted that are no rule, as `path:line: sentence`. */
export function ruleBreaks(root: string, files: readonly string[]): string[] {
	const tests = files.filter((file) => isTestCode(file) && /\.tsx?$/.test(file) && !file.startsWith("scripts/"));
	return breaksBetween(
		{ file: SPEC, text: readFileSync(join(root, SPEC), "utf8") },
		tests.map((file) => ({ file, text: readFileSync(join(root, file), "utf8") })),
	);
}

interface Text {
	readonly file: string;
	readonly text: string;
}

export function breaksBetween(spec: Text, tests: readonly Text[]): string[] {
	const defined = numbersIn(spec, DEFINED);
	const known = new Set(defined.map(({ number }) => number));
	const quoted = tests.flatMap((each) => numbersIn(each, LEADING));
	const proven = new Set(quoted.map(({ number }) => number));
	const say = (each: Quote, sentence: string): string => `${each.place}: [${each.number}] ${sentence}`;
	return [
		...defined
			.filter(({ number }, i) => defined.findIndex((each) => each.number === number) < i)
			.map((each) => say(each, "is another rule's number already")),
		...defined.filter(({ number }) => !proven.has(number)).map((each) => say(each, "is in no test's name")),
		...[...numbersIn(spec, MENTIONED), ...quoted]
			.filter(({ number }) => !known.has(number))
			.map((each) => say(each, `is no rule of ${spec.file}`)),
	];
}

interface Quote {
	readonly number: string;
	readonly place: string;
}

const numbersIn = ({ file, text }: Text, pattern: RegExp): Quote[] =>
	[...text.matchAll(pattern)].flatMap(({ index, 1: found = "" }) => {
		const place = `${file}:${text.slice(0, index).split("\n").length}`;
		return [...found.matchAll(/[A-Z]+\d+/g)].map(([number]) => ({ number, place }));
	});
