import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { isSource, packageFolders, readManifest } from "./repository.ts";

/** What of this repository its texts may speak of. */
export interface Known {
	readonly files: ReadonlySet<string>;
	/** Scripts by the folder of their package; `""` is the root. */
	readonly scripts: ReadonlyMap<string, ReadonlySet<string>>;
	/** The headings of each text, as addresses of its parts. */
	readonly headings: ReadonlyMap<string, ReadonlySet<string>>;
	/** All words of the sources, of which settings are some. */
	readonly settings: ReadonlySet<string>;
	/** What `pnpm bench` says of itself. */
	readonly benchUsage: string;
}

const OPERATIONS = "docs/operations.md";
/** Where the settings are read that people may make. */
const BOOT = "packages/engine/src/boot.ts";
const SETTING = /\b(?:BULLPEN_[A-Z_]+[A-Z]|(?:OPENAI|ANTHROPIC)_[A-Z_]+|DATABASE_URL|DOCKER_HOST)\b/g;

/** Links, paths, commands and settings in texts that lead nowhere, and settings that no text tells of, as `path:line: sentence`. */
export function docsBreaks(root: string, files: readonly string[]): string[] {
	const read = (file: string): string => readFileSync(join(root, file), "utf8");
	const texts = files.filter((file) => file.endsWith(".md"));
	const sources = files.filter((file) => isSource(file) && !file.startsWith("scripts/"));
	const known: Known = {
		files: new Set(files),
		scripts: new Map(
			["", ...packageFolders(files)].map((folder) => [
				folder,
				new Set(Object.keys(readManifest(join(root, folder)).scripts ?? {})),
			]),
		),
		headings: new Map(texts.map((file) => [file, headingsOf(read(file))])),
		settings: new Set(sources.flatMap((file) => read(file).match(SETTING) ?? [])),
		benchUsage: read("bench/src/main.ts"),
	};
	return [...texts.flatMap((file) => textBreaks(file, read(file), known)), ...untold(read(BOOT), read(OPERATIONS))];
}

export function textBreaks(file: string, text: string, known: Known): string[] {
	return text
		.split("\n")
		.flatMap((line, at) =>
			[
				...broken(line, /\]\(([^)\s]+)\)/g, (link) => leads(file, link, known), "leads nowhere"),
				...broken(
					line,
					/`((?:packages|apps|scripts|bench|examples|docs)\/[\w./-]+)`/g,
					(path) => isThere(file, path, known),
					"is not there",
				),
				...broken(line, /\bpnpm(?:@[\d.]+)? ([^`|#]+)/g, (command) => isCommand(file, command, known), "is no command"),
				...broken(line, SETTING, (name) => known.settings.has(name), "is read nowhere"),
			].map((sentence) => `${file}:${at + 1}: ${sentence}`),
		);
}

/** Settings that the start reads and `docs/operations.md` does not tell of. */
export const untold = (boot: string, operations: string): string[] =>
	[...new Set(boot.match(SETTING) ?? [])]
		.filter((name) => !operations.includes(name))
		.map((name) => `${OPERATIONS}:1: ${name} can be set and is not told of`);

const broken = (line: string, pattern: RegExp, isGood: (found: string) => boolean, sentence: string): string[] =>
	[...line.matchAll(pattern)]
		.map(({ 0: whole, 1: part }) => (part ?? whole).trim())
		.filter((found) => !isGood(found))
		.map((found) => `${found} ${sentence}`);

/** From the root, or from where the text stands. */
const isThere = (file: string, path: string, known: Known): boolean =>
	isPath(known)(path) || isPath(known)(posix.join(posix.dirname(file), path));

function leads(file: string, link: string, known: Known): boolean {
	if (/^[a-z]+:/.test(link)) return true;
	const [path = "", part] = link.split("#");
	const target = path === "" ? file : posix.join(posix.dirname(file), path);
	return isPath(known)(target) && (part === undefined || known.headings.get(target)?.has(part) === true);
}

const isPath =
	({ files }: Known) =>
	(path: string): boolean =>
		files.has(path) || [...files].some((file) => file.startsWith(`${path.replace(/\/$/, "")}/`));

/** `pnpm exec` and pnpm's own words are not ours to know. */
function isCommand(file: string, command: string, known: Known): boolean {
	const [first = "", second = "", third = ""] = command.split(/\s+/);
	if (["exec", "install", "<command>", "…"].includes(first)) return true;
	if (first === "--filter")
		return [...known.scripts].some(([folder, scripts]) => nameOf(folder) === second && scripts.has(third));
	if (first === "bench") return isBench(command, known.benchUsage);
	const script = first.replace(/[,.;:)]+$/, "");
	return [...known.scripts].some(([folder, scripts]) => file.startsWith(folder) && scripts.has(script));
}

const nameOf = (folder: string): string => `@bullpen/${posix.basename(folder)}`;

/** What is measured, and each option, is in what the command says of itself. */
function isBench(command: string, usage: string): boolean {
	const [, what = ""] = command.split(/\s+/);
	const options = command.match(/--[\w-]+/g) ?? [];
	return usage.includes(`\n  ${what} `) && options.every((option) => usage.includes(option));
}

const headingsOf = (text: string): ReadonlySet<string> =>
	new Set(
		[...text.matchAll(/^#+ (.*)$/gm)].map(({ 1: heading = "" }) =>
			heading
				.toLowerCase()
				.replaceAll(/[^\w\- ]/g, "")
				.trim()
				.replaceAll(" ", "-"),
		),
	);
