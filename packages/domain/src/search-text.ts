import type { TextRange } from "./search.ts";
import type { SearchTerm } from "./search-query.ts";

/** What FTS5's `unicode61` takes for a word's letters (sqlite.org/fts5.html, 4.3.1). */
const LETTER = /[\p{L}\p{N}\p{Co}]/u;
/** The diacritics that FTS5 takes off letters. */
const DIACRITICS = /[\u0300-\u036f]/g;
/** Scripts that write words without a space between them: there, words are parts of longer ones. */
const UNSPACED =
	/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

const AROUND_CHARS = 90;
const RANGES_MAX = 50;

interface Folded {
	readonly text: string;
	/** Where each unit of `text` came from, and one more for the end. */
	readonly origins: readonly number[];
}
interface Word {
	readonly text: string;
	readonly start: number;
	readonly end: number;
}

const foldChar = (char: string): string => char.normalize("NFD").replace(DIACRITICS, "").normalize("NFC").toLowerCase();

/** Letters as search compares them: without case and diacritics. */
export const foldText = (text: string): string => fold(text).text;

function fold(text: string): Folded {
	const origins: number[] = [];
	let folded = "";
	let at = 0;
	for (const char of text) {
		const plain = foldChar(char);
		for (let unit = 0; unit < plain.length; unit++) origins.push(at);
		folded += plain;
		at += char.length;
	}
	origins.push(at);
	return { text: folded, origins };
}

function wordsOf({ text, origins }: Folded): Word[] {
	const words: Word[] = [];
	let start = -1;
	let at = 0;
	const close = (end: number) => {
		if (start >= 0) words.push({ text: text.slice(start, end), start: origins[start] ?? 0, end: origins[end] ?? 0 });
		start = -1;
	};
	for (const char of text) {
		if (!LETTER.test(char)) close(at);
		else if (start < 0) start = at;
		at += char.length;
	}
	close(at);
	return words;
}

/** The words of a text as the index has them. */
export const splitWords = (text: string): string[] => wordsOf(fold(text)).map((word) => word.text);

export const isUnspaced = (text: string): boolean => UNSPACED.test(text);

/** Every run of three characters of `text`, each once, folded: what the index of parts knows. Empty for a shorter text. */
export function trigramsOf(text: string): string[] {
	const chars = [...foldText(text)];
	return [...new Set(chars.slice(2).map((last, at) => `${chars[at]}${chars[at + 1]}${last}`))];
}

/** Where a text says each of `terms`, or null if it does not say one of them. */
export function matchesIn(text: string, terms: readonly SearchTerm[]): TextRange[] | null {
	const folded = fold(text);
	const words = wordsOf(folded);
	const ranges: TextRange[] = [];
	for (const term of terms) {
		const found = term.kind === "part" ? partsIn(folded, foldText(term.text)) : phrasesIn(words, term);
		if (found.length === 0) return null;
		ranges.push(...found);
	}
	return joined(ranges);
}

function partsIn({ text, origins }: Folded, part: string): TextRange[] {
	const ranges: TextRange[] = [];
	if (part === "") return ranges;
	for (let at = text.indexOf(part); at >= 0 && ranges.length < RANGES_MAX; at = text.indexOf(part, at + part.length)) {
		const start = origins[at] ?? 0;
		ranges.push({ start, length: Math.max(1, (origins[at + part.length] ?? 0) - start) });
	}
	return ranges;
}

function phrasesIn(words: readonly Word[], term: Extract<SearchTerm, { kind: "words" }>): TextRange[] {
	const wanted = splitWords(term.text);
	const ranges: TextRange[] = [];
	for (let at = 0; at + wanted.length <= words.length && ranges.length < RANGES_MAX; at++) {
		const isHere = wanted.every((word, offset) => {
			const said = words[at + offset]?.text ?? "";
			return term.isPrefix && offset === wanted.length - 1 ? said.startsWith(word) : said === word;
		});
		const [first, last] = [words[at], words[at + wanted.length - 1]];
		if (isHere && first && last) ranges.push({ start: first.start, length: last.end - first.start });
	}
	return ranges;
}

/** In order, overlapping ones as one. */
function joined(ranges: readonly TextRange[]): TextRange[] {
	const result: TextRange[] = [];
	for (const range of [...ranges].sort((one, other) => one.start - other.start)) {
		const before = result.at(-1);
		if (before === undefined || before.start + before.length < range.start) result.push(range);
		else {
			const end = Math.max(before.start + before.length, range.start + range.length);
			result[result.length - 1] = { start: before.start, length: end - before.start };
		}
	}
	return result;
}

/** The part of a text around its first match, never half a character, with what of `ranges` lies in it. */
export function snippetOf(text: string, ranges: readonly TextRange[]): { snippet: string; ranges: TextRange[] } {
	const first = ranges[0]?.start ?? 0;
	const from = first <= AROUND_CHARS ? 0 : whole(text, first - AROUND_CHARS / 2);
	const to = whole(text, Math.min(text.length, from + 3 * AROUND_CHARS));
	return {
		snippet: text.slice(from, to),
		ranges: ranges
			.map(({ start, length }) => ({ start: start - from, length: Math.min(start + length, to) - start }))
			.filter(({ start, length }) => start >= 0 && length > 0),
	};
}

/** Not in the middle of a surrogate pair. */
const whole = (text: string, index: number): number => (/^[\udc00-\udfff]/.test(text.slice(index)) ? index + 1 : index);

const LINK = /\bhttps?:\/\/[^\s<>"]{3,}/i;
const CODE = /```|`[^`\n]+`/;

/** What `has:` asks for. */
export const traitsOf = (text: string, hasFile: boolean): ("link" | "code" | "file")[] => [
	...(LINK.test(text) ? ["link" as const] : []),
	...(CODE.test(text) ? ["code" as const] : []),
	...(hasFile ? ["file" as const] : []),
];
