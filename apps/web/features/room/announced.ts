import { withNames } from "@bullpen/domain/mention";
import type { Message } from "@bullpen/domain/message";
import type { PersonOf } from "../../live/person.ts";

/** A message as it is said to somebody who does not see it. */
export function spokenText(message: Message, personOf: PersonOf): string {
	const words =
		message.deletedAt === undefined ? withNames(message.text, (id) => personOf(id).name) : "Message deleted";
	return `${personOf(message.sender).name}: ${words}`;
}
