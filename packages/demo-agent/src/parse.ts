/** One thing the demo agent can do. The table in README.md lists the words for each. */
export type Step =
	| { readonly do: "help" }
	| { readonly do: "history" }
	| { readonly do: "forget" }
	| { readonly do: "list"; readonly path: string }
	| { readonly do: "read"; readonly path: string }
	| { readonly do: "search"; readonly text: string; readonly path: string }
	| { readonly do: "write"; readonly path: string; readonly text: string }
	| { readonly do: "replace"; readonly path: string; readonly from: string; readonly to: string }
	| { readonly do: "append"; readonly path: string; readonly text: string }
	| { readonly do: "run"; readonly command: string }
	| { readonly do: "plan"; readonly steps: readonly Step[] }
	| { readonly do: "unknown"; readonly text: string };

/** More steps than this in one prompt are not looked at. */
export const STEPS_MAX = 50;

/**
 * Reads forgiving English into steps. Steps are joined by line breaks, "then" or "and" before a known verb. Text in quotes,
 * backticks or a fenced block is taken as it is. Every pass is linear in the prompt.
 */
export function parse(prompt: string): Step[] {
	const { masked, literals } = mask(prompt);
	const steps: Step[] = [];
	const context = { literals, lastPath: undefined as string | undefined };
	for (const line of masked.split("\n")) {
		const text = bare(line);
		if (text === "") continue;
		const last = steps.at(-1);
		if (last?.do === "write" && !startsWithVerb(text)) {
			steps[steps.length - 1] = { ...last, text: `${last.text}${content(line, literals).replace(/\n$/, "")}\n` };
			continue;
		}
		for (const segment of segments(text)) {
			if (steps.length >= STEPS_MAX) return planned(steps);
			steps.push(readStep(segment, context));
		}
	}
	return planned(steps);
}

/** A `plan` takes what follows it: those steps are shown, not done. */
function planned(steps: Step[]): Step[] {
	const at = steps.findIndex((step) => step.do === "plan");
	const plan = steps[at];
	if (plan?.do !== "plan") return steps;
	return [...steps.slice(0, at), { do: "plan", steps: [...plan.steps, ...steps.slice(at + 1)] }];
}

const VERBS =
	"list|ls|dir|show|read|cat|open|print|display|search|grep|find|look|edit|change|update|modify|replace|append|add|write|create|make|save|put|run|execute|exec|plan|help|history";
const VERB_FIRST = new RegExp(`^(?:(?:${VERBS})\\b|what (?:did|have|was|can)\\b|[$>?] ?)`, "i");
const JOINT = new RegExp(`,? (?:and then|then|and)(?: to)? (?=(?:please |also )?(?:${VERBS})\\b)`, "i");
const POLITE =
	/^(?:please|can you|could you|would you|i want you to|now|first|next|finally|also|then|and|to|ok|okay|hey|so|let's|[-*•]|\d{1,3}[.)])[,:]? /i;

function startsWithVerb(text: string): boolean {
	return VERB_FIRST.test(text);
}

/** One line with single spaces, without politeness or list marks in front and a full stop behind. */
function bare(line: string): string {
	let text = line.replace(/[\t\r\f\v\u00a0 ]+/g, " ").trim();
	for (let i = 0; i < 5 && POLITE.test(text); i++) text = text.replace(POLITE, "");
	return text;
}

/** `edit a.txt and append x` is one step although "append" is a verb. */
function segments(text: string): string[] {
	const found: string[] = [];
	for (const part of text.split(JOINT)) {
		const last = found.at(-1);
		if (
			last !== undefined &&
			/^(?:edit|update|modify) \S+$/i.test(last) &&
			/^(?:replace|append|add|change)\b/i.test(part)
		) {
			found[found.length - 1] = `${last} ${part}`;
		} else found.push(bare(part));
	}
	return found;
}

interface Context {
	readonly literals: readonly Literal[];
	lastPath: string | undefined;
}

function readStep(segment: string, context: Context): Step {
	const [word, rest] = cut(segment, " ");
	const step = readVerb(word.toLowerCase().replace(/[:?!]$/, ""), rest ?? "", segment, context);
	if ("path" in step && step.path !== ".") context.lastPath = step.path;
	return step ?? { do: "unknown", text: inner(segment, context.literals) };
}

function readVerb(verb: string, rest: string, segment: string, context: Context): Step {
	const unknown: Step = { do: "unknown", text: inner(segment, context.literals) };
	switch (verb) {
		case "help":
		case "hello":
		case "hi":
		case "hey":
		case "":
			return { do: "help" };
		case "history":
			return { do: "history" };
		case "forget":
			return { do: "forget" };
		case "what":
			if (/\b(?:i|we) (?:ask|asked|say|said|want|wanted)\b|\bwas said\b/i.test(rest)) return { do: "history" };
			return /\bcan you\b/i.test(rest) ? { do: "help" } : unknown;
		case "plan": {
			const steps = rest === "" ? [] : segments(bare(rest.replace(/^: ?/, ""))).map((part) => readStep(part, context));
			return { do: "plan", steps };
		}
		case "list":
		case "ls":
		case "dir":
			return { do: "list", path: folder(rest, context) };
		case "show":
		case "read":
		case "cat":
		case "open":
		case "print":
		case "display": {
			if (verb === "show" && /^(?:me )?(?:all )?(?:the |my )?(?:files|folder|directory)\b/i.test(rest)) {
				return { do: "list", path: folder(rest, context) };
			}
			const path = file(rest.replace(/^(?:me )?(?:the )?(?:contents? of )?(?:the )?/i, ""), context);
			return path === undefined ? unknown : { do: "read", path };
		}
		case "search":
		case "grep":
		case "find":
		case "look": {
			const [text, where] = cutLast(rest.replace(/^for /i, ""), " in ");
			const needle = inner(text, context.literals);
			return needle === "" ? unknown : { do: "search", text: needle, path: folder(where ?? "", context) };
		}
		case "run":
		case "execute":
		case "exec":
		case "$":
		case ">":
			return readRun(rest, context) ?? unknown;
		case "append":
		case "add":
			return readAppend(rest, context) ?? unknown;
		case "replace":
			return readReplace(rest, undefined, context) ?? unknown;
		case "edit":
		case "change":
		case "update":
		case "modify":
			return (
				readEdit(rest, context) ?? (verb === "change" ? readReplace(rest, undefined, context) : undefined) ?? unknown
			);
		case "write":
		case "create":
		case "make":
		case "save":
		case "put":
			return readWrite(rest, context) ?? unknown;
		default:
			return unknown;
	}
}

function readRun(rest: string, context: Context): Step | undefined {
	const command = rest.replace(/^(?:the )?(?:command|program|script)(?= )/i, "").trim();
	if (/^(?:it|that|this|(?:the|that) file)\.?$/i.test(command)) {
		return context.lastPath === undefined ? undefined : { do: "run", command: runnerFor(context.lastPath) };
	}
	const whole = onlyLiteral(command, context.literals);
	const text = (whole ?? outer(command, context.literals)).trim();
	if (text === "") return undefined;
	return { do: "run", command: /^[\w./-]+\.(?:[cm]?[jt]s|py|sh)$/.test(text) ? runnerFor(text) : text };
}

function runnerFor(path: string): string {
	const program = { js: "node", mjs: "node", cjs: "node", ts: "node", mts: "node", py: "python3", sh: "sh" };
	const ending = path.slice(path.lastIndexOf(".") + 1);
	const quoted = /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
	return Object.hasOwn(program, ending) ? `${program[ending as keyof typeof program]} ${quoted}` : `cat ${quoted}`;
}

function readEdit(rest: string, context: Context): Step | undefined {
	const [target, change] = cut(rest.replace(/^(?:the )?(?:file )?/i, ""), " ");
	const path = file(target, context);
	if (path === undefined || change === undefined) return undefined;
	const action = /^(?:and |to |by )?(replace|replacing|change|changing|append|appending|add|adding)\b:? ?/i.exec(
		change,
	);
	if (!action) return undefined;
	const what = change.slice(action[0].length);
	if (/^(?:replac|chang)/i.test(action[1] ?? "")) return readReplace(what, path, context);
	return { do: "append", path, text: line(what, context) };
}

function readReplace(rest: string, known: string | undefined, context: Context): Step | undefined {
	const [change, where] = known === undefined ? cutLast(rest, " in ") : [rest, undefined];
	const path = known ?? (where === undefined ? context.lastPath : file(where, context));
	const [from, to] = cutFirst(change, [" with ", " by ", " to "]);
	if (path === undefined || to === undefined || from === "") return undefined;
	return { do: "replace", path, from: inner(from, context.literals), to: inner(to, context.literals) };
}

function readAppend(rest: string, context: Context): Step | undefined {
	const direct = /^to (?:the )?(?:end of )?(?:file )?([^ :]+)(?: with)?:? (.+)$/i.exec(rest);
	const [text, where] = direct ? [direct[2] ?? "", direct[1]] : cutLast(rest, " to ");
	const path = where === undefined ? context.lastPath : file(where.replace(/^the end of /i, ""), context);
	return path === undefined || text === "" ? undefined : { do: "append", path, text: line(text, context) };
}

function readWrite(rest: string, context: Context): Step | undefined {
	const named = rest.replace(/^(?:an? |the )?(?:new )?(?:empty )?(?:file )?(?:called |named )?/i, "");
	const [target, more] = cut(named, " ");
	const opening = /^(?:with|containing|saying|that says|:)(?: the)?(?: contents?| text| lines?| code)?:?(?: |$)/i.exec(
		more ?? "",
	);
	const path = file(target.replace(/:$/, ""), context);
	if (path !== undefined && (more === undefined || opening || target.endsWith(":"))) {
		const text = (more ?? "").slice(opening?.[0].length ?? 0);
		return { do: "write", path, text: text === "" ? "" : line(text, context) };
	}
	const [text, where] = cutLastOf(rest, [" to ", " into ", " in "]);
	const into = where === undefined ? undefined : file(where.replace(/^(?:an? |the )?(?:new )?(?=file)/i, ""), context);
	if (into !== undefined && text !== "") return { do: "write", path: into, text: line(text, context) };
	if (path !== undefined && more !== undefined && /[./]/.test(path))
		return { do: "write", path, text: line(more, context) };
	return undefined;
}

/** What a person means by a file: its name, or `it` for the one named before. Undefined when that is not one word. */
function file(text: string, context: Context): string | undefined {
	const name = inner(text.replace(/^(?:the )?(?:file )?(?:called |named )?/i, ""), context.literals)
		.replace(/[.,!?]$/, "")
		.trim();
	if (/^(?:it|that|this|the file|that file)$/i.test(text) || name === "") return context.lastPath;
	return onlyLiteral(text, context.literals) === undefined && name.includes(" ") ? undefined : name;
}

function folder(text: string, context: Context): string {
	const name = text
		.replace(
			/^(?:me )?(?:all )?(?:the |my )?(?:files|folder|directory|contents?)?\b ?(?:in |of |under )?(?:the )?(?:folder |directory )?/i,
			"",
		)
		.replace(/[.,!?]$/, "");
	if (name === "" || /^(?:here|everything|all|the files|files|it|workspace|this|workspace folder)$/i.test(name))
		return ".";
	return inner(name, context.literals);
}

/** A file's text ends with a line break. */
function line(text: string, context: Context): string {
	const plain = content(text, context.literals);
	return plain === "" || plain.endsWith("\n") ? plain : `${plain}\n`;
}

/** One quotation stands for what is quoted; quotes within other text, such as code, belong to it. */
const content = (text: string, literals: readonly Literal[]): string =>
	onlyLiteral(text.trim(), literals) ?? outer(text, literals);

interface Literal {
	/** As written, with its quotes. */
	readonly outer: string;
	readonly inner: string;
}

const MARK_OPEN = "\uE000";
const MARK_CLOSE = "\uE001";
const LITERAL = /```[^\n`]*\n([\s\S]*?)```|`([^`\n]+)`|"([^"\n]*)"|(?<![\w'])'([^'\n]*)'(?!\w)|“([^“”\n]*)”/g;

/** Takes quoted text out of the way, so that its words are never read as requests. */
function mask(prompt: string): { masked: string; literals: Literal[] } {
	const literals: Literal[] = [];
	const masked = prompt
		.replace(/[\uE000\uE001]/g, "")
		.replace(/\r\n?/g, "\n")
		.replace(LITERAL, (written, ...found: (string | undefined)[]) => {
			literals.push({ outer: written, inner: found.slice(0, 5).find((text) => text !== undefined) ?? "" });
			return `${MARK_OPEN}${literals.length - 1}${MARK_CLOSE}`;
		});
	return { masked, literals };
}

const MARKED = /\uE000(\d+)\uE001/g;

function inner(text: string, literals: readonly Literal[]): string {
	return text.replace(MARKED, (_, at: string) => literals[Number(at)]?.inner ?? "");
}

function outer(text: string, literals: readonly Literal[]): string {
	return text.replace(MARKED, (_, at: string) => literals[Number(at)]?.outer ?? "");
}

function onlyLiteral(text: string, literals: readonly Literal[]): string | undefined {
	const only = /^\uE000(\d+)\uE001\.?$/.exec(text);
	return only ? literals[Number(only[1])]?.inner : undefined;
}

type Halves = readonly [string, string | undefined];

function cutAt(text: string, at: number, length: number): Halves {
	return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + length)];
}

function cut(text: string, separator: string): Halves {
	return cutAt(text, text.indexOf(separator), separator.length);
}

function cutLast(text: string, separator: string): Halves {
	return cutAt(text, text.toLowerCase().lastIndexOf(separator), separator.length);
}

/** Cuts at the separator that comes first in the text. */
function cutFirst(text: string, separators: readonly string[]): Halves {
	const lower = text.toLowerCase();
	const found = separators
		.map((separator) => ({ separator, at: lower.indexOf(separator) }))
		.filter(({ at }) => at >= 0)
		.sort((a, b) => a.at - b.at)[0];
	return found ? cutAt(text, found.at, found.separator.length) : [text, undefined];
}

function cutLastOf(text: string, separators: readonly string[]): Halves {
	const lower = text.toLowerCase();
	const found = separators
		.map((separator) => ({ separator, at: lower.lastIndexOf(separator) }))
		.sort((a, b) => b.at - a.at)[0];
	return found ? cutAt(text, found.at, found.separator.length) : [text, undefined];
}
