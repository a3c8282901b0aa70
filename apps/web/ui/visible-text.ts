/** Characters that change the direction of what follows, or draw nothing (Unicode: Bidi_Control, and zero-width ones). */
const HIDDEN = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/**
 * Code, commands and paths as they are: what would reorder or hide a part of them is spelled out, so that nobody reads
 * something else than what runs.
 */
export const visibleText = (text: string): string =>
	text.replace(HIDDEN, (char) => `⟨U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);

/** A longer line would take the browser seconds to lay out. */
export const LINE_CHARS_MAX = 2_000;

/** A line of at most so many characters, which says what it leaves out. */
export const shortLine = (line: string): string =>
	line.length <= LINE_CHARS_MAX
		? line
		: `${line.slice(0, LINE_CHARS_MAX).toWellFormed()} … ${(line.length - LINE_CHARS_MAX).toLocaleString("en")} more characters`;
