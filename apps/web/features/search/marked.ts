import { splitMentions } from "@bullpen/domain/mention";
import type { SearchHit } from "@bullpen/domain/search";

export interface Piece {
	/** Where it begins, for a key. */
	readonly at: number;
	readonly text: string;
	readonly isMarked: boolean;
}

/** A snippet as words and marked words, mentions by their names. */
export function markedPieces(
	{ snippet, ranges }: Pick<SearchHit, "snippet" | "ranges">,
	nameOf: (id: string) => string,
) {
	const pieces: Piece[] = [];
	const add = (at: number, text: string, isMarked: boolean) => text !== "" && pieces.push({ at, text, isMarked });
	let at = 0;
	for (const piece of splitMentions(snippet)) {
		const length = typeof piece === "string" ? piece.length : tokenLength(snippet, at);
		const inside = ranges.filter(({ start, length: size }) => start < at + length && start + size > at);
		if (typeof piece !== "string")
			add(at, `@${piece.type === "person" ? nameOf(piece.userId) : piece.type}`, inside.length > 0);
		else addText(piece, at, inside, add);
		at += length;
	}
	return pieces;
}

const tokenLength = (text: string, at: number): number => text.indexOf(">", at) + 1 - at;

function addText(
	text: string,
	at: number,
	ranges: SearchHit["ranges"],
	add: (at: number, text: string, isMarked: boolean) => void,
): void {
	let done = 0;
	for (const { start, length } of ranges) {
		const from = Math.max(done, start - at);
		const to = Math.min(text.length, start + length - at);
		add(at + done, text.slice(done, from), false);
		add(at + from, text.slice(from, to), true);
		done = Math.max(from, to);
	}
	add(at + done, text.slice(done), false);
}
