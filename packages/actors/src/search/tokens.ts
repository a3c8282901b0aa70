import type { SearchTrait } from "@bullpen/domain/search-query";

/**
 * What a message is (its room, author and traits) stands in the index as words of three private characters that nobody can
 * type: the private use area is taken out of texts and of what people look for. Three, since the index of parts knows runs
 * of three characters; the first says which kind of word it is, so no run across two of them is a third one.
 */
const PRIVATE = /[\uE000-\uF8FF]/g;
const KIND = { room: 0xe000, author: 0xe001, trait: 0xe002 } as const;
const FIRST_DIGIT = 0xe100;
const DIGITS = 0xf8ff - FIRST_DIGIT + 1;
const TRAIT = { link: 1, code: 2, file: 3 } as const satisfies Record<SearchTrait, number>;

const token = (kind: keyof typeof KIND, number: number): string => {
	if (number >= DIGITS * DIGITS) throw new Error(`the index has no word for ${kind} ${number}`);
	return String.fromCharCode(KIND[kind], FIRST_DIGIT + Math.floor(number / DIGITS), FIRST_DIGIT + (number % DIGITS));
};

export const roomToken = (number: number): string => token("room", number);
export const authorToken = (number: number): string => token("author", number);
export const traitToken = (trait: SearchTrait): string => token("trait", TRAIT[trait]);
export const withoutTokens = (text: string): string => text.replace(PRIVATE, " ");
