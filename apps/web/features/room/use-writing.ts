"use client";
import { useMemo, useState } from "react";
import type { Person } from "../../live/person.ts";
import type { Suggest } from "../../ui/suggestions.tsx";
import { suggestPeople } from "./choices.tsx";
import { suggestCommands } from "./command-choices.tsx";
import { Names } from "./mention-text.ts";
import { useEmojiChoices } from "./use-emoji-choices.ts";

/** One field for messages: whom its names mean, and what could be meant by what was begun. */
export function useWriting(members: readonly Person[], takesCommands = false): { names: Names; suggest: Suggest } {
	const [names] = useState(() => new Names());
	useMemo(() => names.know(members), [names, members]);
	const suggestEmoji = useEmojiChoices();
	const suggest = useMemo<Suggest>(
		() => (text, cursor) =>
			(takesCommands ? suggestCommands(text, cursor, members) : null) ??
			suggestPeople(text, cursor, members, (person) => names.pick(person)) ??
			suggestEmoji(text, cursor),
		[members, names, suggestEmoji, takesCommands],
	);
	return { names, suggest };
}
