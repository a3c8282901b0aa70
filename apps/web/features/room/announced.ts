import { withNames } from "@bullpen/domain/mention";
import type { Message } from "@bullpen/domain/message";
import { filesWords } from "../../live/files-words.ts";
import type { PersonOf } from "../../live/person.ts";

/** A message as it is said to somebody who does not see it. */
export function spokenText(message: Message, personOf: PersonOf): string {
	const { name } = personOf(message.sender);
	if (message.deletedAt !== undefined) return `A message of ${name} was deleted`;
	const words = withNames(message.text, (id) => personOf(id).name);
	return `${name}: ${[words, filesWords(message.attachments ?? [])].filter(Boolean).join(", ")}`;
}
