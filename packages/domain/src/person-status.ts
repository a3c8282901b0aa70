import type { PersonStatus } from "./directory.ts";
import type { Limits } from "./limits.ts";
import { cleanEmoji } from "./message-rules.ts";
import { cleanText } from "./text.ts";

/**
 * What somebody says of themselves, as it is kept; undefined when they take it back.
 * @throws Problem `text_invalid` `text_too_long` `bad_input`
 */
export function cleanStatus(
	input: { readonly text: string; readonly emoji?: string | undefined; readonly forMs?: number | undefined },
	now: number,
	limits: Pick<Limits, "statusCharsMax" | "reactionBytesMax">,
): PersonStatus | undefined {
	const { statusCharsMax: charsMax } = limits;
	const text = input.text.trim() === "" ? "" : cleanText(input.text.replace(/\s+/g, " "), charsMax, charsMax * 4);
	const emoji = input.emoji === undefined ? undefined : cleanEmoji(input.emoji, limits);
	if (text === "" && emoji === undefined) return undefined;
	const until = input.forMs === undefined ? {} : { until: now + input.forMs };
	return { text, ...(emoji === undefined ? {} : { emoji }), ...until };
}
