import { itemText } from "@bullpen/domain/transcript/search";
import type { TranscriptEntry } from "./transcript-entries.ts";

/** What somebody means who copies an entry: its words as they were written. Empty for what has none. */
export function entryText(entry: TranscriptEntry): string {
	switch (entry.type) {
		case "prompt":
		case "words":
		case "thought":
			return entry.text;
		case "tools":
			return entry.tools.map(({ tool }) => itemText(tool)).join("\n\n");
		case "line":
			return itemText(entry.line);
		case "image":
		case "permission":
		case "turn-ended":
			return "";
	}
}
