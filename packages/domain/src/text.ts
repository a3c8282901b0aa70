import { Problem, type ProblemDetails } from "./problem.ts";

/** Longest run of combining marks on one character (UAX #15, Stream-Safe Text Format, allows 30). */
const MARKS_MAX = 30;

const CONTROL = /[\p{Cc}--[\t\n]]/v;
const MARK_FLOOD = new RegExp(`\\p{M}{${MARKS_MAX + 1}}`, "u");
const NOTHING_VISIBLE = /^[\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/v;
const NOT_IN_NAMES = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/v;
const LOOKALIKE_SCRIPTS = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u];

/** Sizes of a text: Unicode code points and UTF-8 bytes. A lone surrogate counts as three bytes. */
export function measure(text: string): { chars: number; bytes: number } {
	let chars = 0;
	let bytes = 0;
	for (const char of text) {
		const point = char.codePointAt(0) ?? 0;
		chars++;
		bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
	}
	return { chars, bytes };
}

/**
 * What is kept of a text somebody wrote: line ends as `\n`, no space around it, otherwise untouched and never cut.
 * @throws Problem `text_invalid` `text_empty` `text_too_long`
 */
export function cleanText(raw: string, charsMax: number, bytesMax: number): string {
	const tooLong = `The text is longer than ${charsMax} characters or ${bytesMax} bytes.`;
	refuseVast(raw, 2 * bytesMax, tooLong, { charsMax, bytesMax });
	refuseBroken(raw);
	const text = raw.replaceAll("\r\n", "\n").trim();
	if (NOTHING_VISIBLE.test(text)) throw new Problem("text_empty", "There is nothing to see in this text.");
	if (CONTROL.test(text)) throw new Problem("text_invalid", "The text has a control character.");
	const { chars, bytes } = measure(text);
	if (chars > charsMax || bytes > bytesMax) {
		throw new Problem("text_too_long", tooLong, { chars, charsMax, bytes, bytesMax });
	}
	return text;
}

/**
 * A one-line name that looks like what it is: NFKC, single spaces, nothing invisible, no direction control, no word that
 * mixes Latin, Greek and Cyrillic letters. Emoji are welcome.
 * @throws Problem `text_invalid` `text_empty` `text_too_long`
 */
export function cleanName(raw: string, charsMax: number): string {
	const tooLong = `The name is longer than ${charsMax} characters.`;
	refuseVast(raw, 8 * charsMax, tooLong, { charsMax });
	refuseBroken(raw);
	const name = raw.normalize("NFKC").replace(/ +/g, " ").replace(/^ | $/g, "");
	if (NOTHING_VISIBLE.test(name)) throw new Problem("text_empty", "A name needs something to see.");
	if (NOT_IN_NAMES.test(name.replace(/\p{RGI_Emoji}/gv, ""))) {
		throw new Problem("text_invalid", "The name has a line break or an invisible character.");
	}
	if (name.split(/[^\p{L}\p{M}]+/u).some(mixesLookalikes)) {
		throw new Problem("text_invalid", "The name mixes letters of scripts that look alike.");
	}
	const { chars } = measure(name);
	if (chars > charsMax) {
		throw new Problem("text_too_long", tooLong, { chars, charsMax });
	}
	return name;
}

/**
 * Before any rule looks at every character: NFKC and the rules for names took 10 s over a frame of 1 MiB of ligatures, and
 * a whole process waited. `unitsMax` leaves room for white space, line ends and decomposed letters.
 */
function refuseVast(raw: string, unitsMax: number, sentence: string, limits: ProblemDetails): void {
	if (raw.length > unitsMax) throw new Problem("text_too_long", sentence, limits);
}

function refuseBroken(text: string): void {
	if (!text.isWellFormed()) throw new Problem("text_invalid", "The text has half a character (a lone surrogate).");
	if (MARK_FLOOD.test(text)) {
		throw new Problem("text_invalid", "Too many combining marks on one character.", { marksMax: MARKS_MAX });
	}
}

const mixesLookalikes = (word: string): boolean => LOOKALIKE_SCRIPTS.filter((script) => script.test(word)).length > 1;
