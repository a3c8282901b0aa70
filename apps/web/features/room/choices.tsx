import { Radio, UsersRound } from "lucide-react";
import { NO_MATCH, rankOf } from "../../live/name-rank.ts";
import type { Person } from "../../live/person.ts";
import { Avatar } from "../../ui/avatar.tsx";
import type { Suggested, Suggestion } from "../../ui/suggestions.tsx";

const SHOWN_MAX = 8;
/** An `@` that begins a word, and what was written of a name: several words long, since names are. */
const BEGUN = /(?:^|[^\p{L}\p{N}_@<])@([\p{L}\p{N}][^\n@<`]{0,39})?$/u;

const EVERYBODY: readonly (Suggestion & { word: string })[] = [
	{
		key: "@here",
		word: "here",
		label: "@here",
		detail: "Everybody who is here now",
		icon: <Radio />,
		insert: "@here ",
	},
	{
		key: "@room",
		word: "room",
		label: "@room",
		detail: "Everybody in the room",
		icon: <UsersRound />,
		insert: "@room ",
	},
].map((one) => ({
	...one,
	icon: <span className="flex size-6 items-center justify-center text-text-muted [&_svg]:size-4">{one.icon}</span>,
}));

/** Whom the words before the cursor could call upon: people of the room, then all of them at once. */
export function suggestPeople(
	text: string,
	cursor: number,
	people: readonly Person[],
	onPick: (person: Person) => void,
): Suggested | null {
	const match = BEGUN.exec(text.slice(Math.max(0, cursor - 60), cursor));
	if (match === null) return null;
	const begun = (match[1] ?? "").toLocaleLowerCase();
	const options: Suggestion[] = people
		.map((person) => ({ person, rank: rankOf(person.name.toLocaleLowerCase(), begun) }))
		.filter(({ rank }) => rank < NO_MATCH)
		.sort((a, b) => a.rank - b.rank)
		.slice(0, SHOWN_MAX)
		.map(({ person }) => ({
			key: person.id,
			label: person.name,
			icon: <Avatar id={person.id} name={person.name} size="sm" isOnline={person.isOnline} />,
			insert: `@${person.name} `,
			onPick: () => onPick(person),
		}));
	options.push(...EVERYBODY.filter(({ word }) => word.startsWith(begun)));
	if (options.length === 0) return null;
	return { label: "People to mention", from: cursor - begun.length - 1, options };
}
