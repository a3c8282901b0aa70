import { z } from "zod";
import { UnixMs } from "../id.ts";
import type { Limits } from "../limits.ts";
import { cleanText } from "../text.ts";
import type { ItemBody, ItemRow } from "./item.ts";

export const SearchTranscriptInput = z.strictObject({
	query: z.string(),
	/** Looks at items below this id only: the `scannedTo` of the page before. */
	before: z.int().min(1).optional(),
	limit: z.int().min(1).max(50).optional(),
});

/** Where somebody's words were found. `snippet` has them from `start` on, `length` UTF-16 units long. */
export const TranscriptHit = z.strictObject({
	itemId: z.int().min(1),
	type: z.string(),
	at: UnixMs,
	snippet: z.string(),
	start: z.int().min(0),
	length: z.int().min(1),
});
export type TranscriptHit = z.infer<typeof TranscriptHit>;

/** The newest hits first. Everything from `scannedTo` on was looked at; with `isDone`, all there is. */
export const TranscriptHits = z.strictObject({
	hits: z.array(TranscriptHit),
	scannedTo: z.int().min(1),
	isDone: z.boolean(),
});
export type TranscriptHits = z.infer<typeof TranscriptHits>;

export const GetImageInput = z.strictObject({ itemId: z.int().min(1), position: z.int().min(0).optional() });
/** `data`: the file as base64. */
export const ImageFile = z.strictObject({ mimeType: z.string(), data: z.string() });

/** What somebody looks for. @throws Problem `text_empty` `text_invalid` `text_too_long` */
export const cleanQuery = (raw: string, limits: Pick<Limits, "searchQueryCharsMax">): string =>
	cleanText(raw, limits.searchQueryCharsMax, limits.searchQueryCharsMax * 4);

const AROUND_CHARS = 80;

/**
 * Where an item says this, whatever the case of its letters, or null. Words that go on in the next segment of a long answer
 * are not found over the cut.
 */
export const hitOf = ({ id, at, body }: ItemRow, query: string): TranscriptHit | null => {
	const text = itemText(body);
	const found = new RegExp(query.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "iu").exec(text);
	if (found === null || found[0] === "") return null;
	const from = whole(text, Math.max(0, found.index - AROUND_CHARS));
	const to = whole(text, found.index + found[0].length + AROUND_CHARS);
	return {
		itemId: id,
		type: body.type,
		at,
		snippet: text.slice(from, to),
		start: found.index - from,
		length: found[0].length,
	};
};

/** Not in the middle of a surrogate pair. */
const whole = (text: string, index: number): number => (/^[\udc00-\udfff]/.test(text.slice(index)) ? index + 1 : index);

/** What a reader can see of an item, as plain text. */
export const itemText = (body: ItemBody): string => {
	switch (body.type) {
		case "user":
		case "text":
		case "thought":
			return body.text;
		case "notice":
			return [body.text, body.detail].filter(Boolean).join("\n");
		case "tool": {
			const shown = body.content.map((part) => {
				if (part.type === "text") return part.text;
				return part.type === "diff" ? [part.path, part.oldText ?? "", part.newText].join("\n") : "";
			});
			return [body.title, ...body.paths, body.input ?? "", ...shown].join("\n");
		}
		case "plan":
			return [...body.entries.map(({ content }) => content), body.text ?? ""].join("\n");
		case "resource":
			return [body.name, body.uri, body.text ?? ""].join("\n");
		case "compaction":
			return [body.summary, body.problem ?? ""].join("\n");
		case "subagent":
			return [body.name, body.task ?? ""].join("\n");
		case "unknown":
			return [body.updateKind, body.json].join("\n");
		case "image":
		case "usage":
			return "";
	}
};
