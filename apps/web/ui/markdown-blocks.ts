/**
 * Markdown cut at the blank lines between its blocks, so that text which grows at its end is parsed again only from its last
 * block on. Joined again it is the same text. Fenced code and indented continuations stay whole.
 */
export function markdownBlocks(text: string): string[] {
	const blocks: string[] = [];
	let block = "";
	let fence: string | null = null;
	let isAfterBlank = false;
	for (const line of text.split(/(?<=\n)/)) {
		const mark: string | undefined = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
		const isBlank = line.trim() === "";
		if (isAfterBlank && !isBlank && fence === null && !/^(?: {2}|\t)/.test(line)) {
			blocks.push(block);
			block = "";
		}
		if (fence === null) fence = mark ?? null;
		else if (mark?.startsWith(fence) && line.trim() === mark) fence = null;
		block += line;
		isAfterBlank = isBlank;
	}
	return block === "" ? blocks : [...blocks, block];
}
