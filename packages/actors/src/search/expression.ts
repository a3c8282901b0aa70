import type { SearchQuery, SearchTerm } from "@bullpen/domain/search-query";
import { foldText, splitWords, trigramsOf } from "@bullpen/domain/search-text";
import { authorToken, roomToken, traitToken, withoutTokens } from "./tokens.ts";

/** Where candidates come from, newest first. Beyond so many rooms they are told apart by their rows instead. */
export interface Plan {
	readonly table: "words" | "parts" | "messages";
	/** FTS5's, every piece of it quoted. Empty for `messages`. */
	readonly expression: string;
	/** Folded pieces of text that each hit has: they thin out candidates before they are looked at closely. */
	readonly needles: readonly string[];
	/** Whether a candidate is not yet a hit. */
	readonly needsCheck: boolean;
	/** Whether candidates may be of other rooms. */
	readonly needsRoomFilter: boolean;
}

/** The people and rooms of a query as the index numbers them. */
export interface Scope {
	readonly rooms: readonly number[];
	readonly authors: readonly number[];
}

const ROOM_TOKENS_MAX = 64;
const TRIGRAMS_MAX = 40;

export function planFor({ terms, has }: SearchQuery, { rooms, authors }: Scope): Plan {
	const needsRoomFilter = rooms.length > ROOM_TOKENS_MAX;
	const scope = [
		anyOf(needsRoomFilter ? [] : rooms.map(roomToken)),
		anyOf(authors.map(authorToken)),
		anyOf(has.map(traitToken)),
	].filter((piece) => piece !== "");
	const trigrams = [...new Set(terms.flatMap(pieces).flatMap(trigramsOf))].slice(0, TRIGRAMS_MAX).map(quoted);
	const exact = terms.filter((term) => term.kind === "words" && !term.isPrefix);
	const needles = terms.flatMap(pieces).map(foldText);
	if (exact.length < terms.length && trigrams.length > 0) {
		const expression = [...trigrams, ...scope].join(" AND ");
		return { table: "parts", expression, needles, needsCheck: true, needsRoomFilter };
	}
	const expression = [...exact.map(({ text }) => quoted(withoutTokens(text))), ...scope].join(" AND ");
	const needsCheck = exact.length < terms.length;
	const table = expression === "" ? "messages" : "words";
	return { table, expression, needles: needsCheck ? needles : [], needsCheck, needsRoomFilter };
}

/** What a text that says this surely has in it. */
const pieces = (term: SearchTerm): string[] =>
	(term.kind === "part" ? [term.text] : splitWords(term.text)).map((piece) => withoutTokens(piece));

/** A piece of text as FTS5 reads it: nothing in it means anything (sqlite.org/fts5.html, 3.1). */
const quoted = (text: string): string => `"${text.replaceAll('"', '""').replaceAll("\0", " ")}"`;

const anyOf = (tokens: readonly string[]): string =>
	tokens.length === 0 ? "" : `(${tokens.map(quoted).join(" OR ")})`;
