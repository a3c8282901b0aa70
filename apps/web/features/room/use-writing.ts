"use client";
import { useMemo, useState } from "react";
import type { Person } from "../../live/person.ts";
import type { Suggest } from "../../ui/suggestions.tsx";
import { suggestPeople } from "./choices.tsx";
import { Names } from "./mention-text.ts";
import { useEmojiChoices } from "./use-emoji-choices.ts";

/** One field for messages: whom its names mean, and what could be meant by what was begun. */
export function useWriting(members: readonly Person[]): { names: Names; suggest: Suggest } {
	const [names] = useState(() => new Names());
	useMemo(() => names.know(members), [names, members]);
	const suggestEmoji = useEmojiChoices();
	const suggest = useMemo<Suggest>(
		() => (text, cursor) =>
			suggestPeople(text, cursor, members, (person) => names.pick(person)) ?? suggestEmoji(text, cursor),
		[members, names, suggestEmoji],
	);
	return { names, suggest };
}
