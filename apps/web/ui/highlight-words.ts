"use client";

const NAME = "found-words";
const RANGES_MAX = 200;

/**
 * Marks words within an element, and brings the first of them into view. By the browser's own highlights (CSS Custom
 * Highlight API): nothing of the page changes. Where a browser has none, nothing is marked.
 */
export function markWords(element: HTMLElement, words: string): void {
	const ranges = rangesOf(element, words.toLowerCase());
	ranges[0]?.startContainer.parentElement?.scrollIntoView({ block: "center" });
	if (typeof Highlight !== "undefined") CSS.highlights.set(NAME, new Highlight(...ranges));
}

export function unmarkWords(): void {
	if (typeof Highlight !== "undefined") CSS.highlights.delete(NAME);
}

function rangesOf(element: HTMLElement, words: string): Range[] {
	const ranges: Range[] = [];
	const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
	while (walker.nextNode() && ranges.length < RANGES_MAX) {
		const node = walker.currentNode;
		const text = (node.textContent ?? "").toLowerCase();
		for (
			let at = text.indexOf(words);
			at >= 0 && ranges.length < RANGES_MAX;
			at = text.indexOf(words, at + words.length)
		) {
			const end = Math.min(at + words.length, node.textContent?.length ?? 0);
			if (at > end) break; // lower case can be longer
			const range = document.createRange();
			range.setStart(node, at);
			range.setEnd(node, end);
			ranges.push(range);
		}
	}
	return ranges;
}
