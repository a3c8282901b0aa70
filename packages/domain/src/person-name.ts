import type { Limits } from "./limits.ts";
import { Problem } from "./problem.ts";
import { nameKey } from "./room-name.ts";
import { cleanName } from "./text.ts";

/** Words that address everybody or speak for the server, as uniqueness keys. */
const RESERVED = new Set(["admin", "administrator", "root", "system", "bullpen", "everyone", "here", "channel"]);

/**
 * The name of a person as others will see it. Unique by `nameKey`, like a room's.
 * @throws Problem `text_invalid` `text_empty` `text_too_long` `name_taken`
 */
export function cleanPersonName(raw: string, limits: Pick<Limits, "personNameCharsMax">): string {
	const name = cleanName(raw, limits.personNameCharsMax);
	if (RESERVED.has(nameKey(name))) throw new Problem("name_taken", "This name is reserved: please pick another.");
	return name;
}
