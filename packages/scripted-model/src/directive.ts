const NAMES = ["SAY", "THINK", "RUN", "ASKRUN", "WRITE", "PLAN", "FAIL", "BIG", "HANG", "RECALL"] as const;
type Name = (typeof NAMES)[number];

/** What one user text asks the model to do. */
export interface Directive {
	readonly name: Name;
	readonly rest: string;
}

const LINE = new RegExp(`^[ \\t]*(${NAMES.join("|")})(?:[ \\t]+(.*))?$`, "gm");
const NOTHING: Directive = { name: "SAY", rest: "I am a scripted model and was given no command." };

/** The last line that is a command. Agents wrap what people write, so any line may be it. */
export const directiveOf = (text: string): Directive => directivesIn(text).at(-1) ?? NOTHING;

export const hasCommand = (text: string): boolean => directivesIn(text).length > 0;

/** The first thing anybody asked for, as it was written; agents put texts of their own in front. */
export function firstRequest(userTexts: readonly string[]): string | undefined {
	const asked = userTexts.flatMap(directivesIn).find(({ name }) => name !== "RECALL");
	return asked && `${asked.name} ${asked.rest}`.trimEnd();
}

function directivesIn(text: string): Directive[] {
	return [...text.matchAll(LINE)].flatMap(([, word, rest = ""]) => {
		const name = NAMES.find((each) => each === word);
		return name ? [{ name, rest: rest.trim() }] : [];
	});
}
