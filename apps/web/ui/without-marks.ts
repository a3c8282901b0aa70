const FENCE = /^[ \t]*(?:`{3,}|~{3,}).*$/gm;
const LINE_START = /^[ \t]*(?:#{1,6}|>+|[-*+])[ \t]+/gm;
const LINK = /!?\[([^\]\n]{1,200})\]\([^()\s]{1,2000}\)/g;
const PAIR = /(\*\*|~~|`)(?=\S)([^\n]{1,400}?)(?<=\S)\1/g;

/**
 * Markdown as it reads where it is one line of many: without its commonest marks. Whatever is not clearly a mark stays,
 * and so does every mention.
 */
export const withoutMarks = (text: string): string =>
	text.replace(FENCE, "").replace(LINE_START, "").replace(LINK, "$1").replace(PAIR, "$2");
