import { measure } from "../text.ts";

const utf8Length = (codePoint: number): number =>
	codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;

/** Where to cut `text` so that the part before takes at most `bytesMax` bytes and no code point is split. */
export const cutAt = (text: string, bytesMax: number): number => {
	let bytes = 0;
	let index = 0;
	while (index < text.length) {
		const codePoint = text.codePointAt(index) ?? 0;
		bytes += utf8Length(codePoint);
		if (bytes > bytesMax) return index;
		index += codePoint > 0xffff ? 2 : 1;
	}
	return index;
};

/** The longest end of `text` that takes at most `bytesMax` bytes and splits no code point. */
const lastBytes = (text: string, bytesMax: number): string => {
	let bytes = 0;
	let index = text.length;
	while (index > 0) {
		const isPair = index > 1 && (text.codePointAt(index - 2) ?? 0) > 0xffff;
		const start = index - (isPair ? 2 : 1);
		bytes += utf8Length(text.codePointAt(start) ?? 0);
		if (bytes > bytesMax) break;
		index = start;
	}
	return text.slice(index);
};

const NUL = /\0/g;
/** Text that any store and any client can hold: no NUL, no half of a surrogate pair. */
export const storableText = (text: string): string => text.replace(NUL, "").toWellFormed();
/** The same for a piece of a stream, whose last half pair may be completed by the next piece. */
export const withoutNul = (text: string): string => text.replace(NUL, "");

/** Cleaned, and cut with an ellipsis where it is longer than `bytesMax`. For titles, names and JSON shown to people. */
export const shortText = (text: string, bytesMax: number): string => {
	// A cleaned text is never longer than the raw one, so a giant is cut before it is walked through.
	const clean = storableText(text.slice(0, bytesMax + 1));
	const end = cutAt(clean, bytesMax);
	return end === clean.length ? clean : `${clean.slice(0, cutAt(clean, bytesMax - 3))}…`;
};

/** JSON of anything an agent sent, cut to `bytesMax`. Never throws, whatever the nesting. */
export const jsonText = (value: unknown, bytesMax: number): string => {
	try {
		return shortText(JSON.stringify(value) ?? "", bytesMax);
	} catch {
		return "(too deep to show)"; // JSON.stringify overflows the stack on a nesting that JSON.parse accepts
	}
};

/** Keeps the beginning and the end of a long text, with a line between them that says what is left out. */
export const headAndTail = (
	text: string,
	headBytes: number,
	tailBytes: number,
): { text: string; omittedBytes: number } => {
	const { bytes } = measure(text);
	if (bytes <= headBytes + tailBytes) return { text, omittedBytes: 0 };
	const head = text.slice(0, cutAt(text, headBytes));
	const tail = lastBytes(text, tailBytes);
	const omittedBytes = bytes - measure(head).bytes - measure(tail).bytes;
	return { text: `${head}\n[… ${omittedBytes} bytes left out …]\n${tail}`, omittedBytes };
};
