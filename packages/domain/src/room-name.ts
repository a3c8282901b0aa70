import type { Limits } from "./limits.ts";
import { Problem } from "./problem.ts";
import { cleanName, cleanText } from "./text.ts";

/** Names that would pass for the server's own voice, as uniqueness keys. */
const RESERVED = new Set(["admin", "administrator", "root", "system", "bullpen", "everyone", "here", "channel"]);

/**
 * The name of a room as people will see it. One leading `#` is how people write a room's name, not part of it.
 * @throws Problem `text_invalid` `text_empty` `text_too_long` `name_taken`
 */
export function cleanRoomName(raw: string, limits: Pick<Limits, "roomNameCharsMax">): string {
	const name = cleanName(raw.replace(/^\s*#/, ""), limits.roomNameCharsMax);
	if (RESERVED.has(nameKey(name))) throw new Problem("name_taken", "This name is reserved: please pick another.");
	return name;
}

/** What a room is about; unlike a message it may be empty. @throws Problem `text_invalid` `text_too_long` */
export function cleanTopic(raw: string, { topicCharsMax: max }: Pick<Limits, "topicCharsMax">): string {
	return raw.trim() === "" ? "" : cleanText(raw.replace(/\s+/g, " "), max, max * 4);
}

/** Equal for names that people would call the same: compatibility forms and letter case do not tell names apart. */
export function nameKey(name: string): string {
	// Through upper case and back: it folds what lower case alone leaves apart (ẞ, ß and ss, ς and σ).
	return name.normalize("NFKC").toLowerCase().toUpperCase().toLowerCase().normalize("NFKC");
}
