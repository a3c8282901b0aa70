import type { Person } from "../../live/person.ts";
import { Avatar } from "../../ui/avatar.tsx";
import type { Suggested } from "../../ui/suggestions.tsx";

const SHOWN_MAX = 8;
/** A slash that begins the message, and what was written of a command's name. */
const BEGUN = /^\/([a-z][a-z0-9-]*)?$/i;

/** The commands of this room's bots that begin with what was written. */
export function suggestCommands(text: string, cursor: number, members: readonly Person[]): Suggested | null {
	const match = BEGUN.exec(text.slice(0, cursor));
	if (match === null) return null;
	const begun = (match[1] ?? "").toLowerCase();
	const options = members
		.flatMap((bot) => (bot.commands ?? []).map((command) => ({ ...command, bot })))
		.filter(({ name }) => name.startsWith(begun))
		.sort((a, b) => (a.name < b.name ? -1 : 1))
		.slice(0, SHOWN_MAX)
		.map(({ bot, name, hint, description }) => ({
			key: `${bot.id} ${name}`,
			label: hint ? `/${name} ${hint}` : `/${name}`,
			detail: description,
			icon: <Avatar id={bot.id} name={bot.name} size="sm" />,
			insert: `/${name} `,
		}));
	return options.length === 0 ? null : { label: "Commands", from: 0, options };
}
