import { withTargets } from "./mention.ts";
import type { Message } from "./message.ts";
import { Problem } from "./problem.ts";

/** People of an archive who have another id on this server. Whoever is not in it keeps theirs. */
export type PeopleTable = ReadonlyMap<string, string>;

/**
 * The table that somebody made, for an archive that names these people. No two of them become one.
 * @throws Problem `bad_input`
 */
export function peopleTable(given: Readonly<Record<string, string>>, named: Iterable<string>): PeopleTable {
	const table = new Map(Object.entries(given));
	const taken = new Map<string, string>();
	for (const id of new Set([...named, ...table.keys()])) {
		const here = table.get(id) ?? id;
		const other = taken.get(here);
		if (other !== undefined) {
			throw new Problem("bad_input", `${other} and ${id} would be one person here.`, { field: "people", userId: here });
		}
		taken.set(here, id);
	}
	return table;
}

/** A message in which everybody has their id of this server, also where its text mentions them. */
export function withPeople(message: Message, table: PeopleTable): Message {
	if (table.size === 0) return message;
	const here = (userId: string): string => table.get(userId) ?? userId;
	const { sender, text, reactions, thread, pinned } = message;
	return {
		...message,
		sender: here(sender),
		text: withTargets(text, (target) =>
			target.type === "person" ? { ...target, userId: here(target.userId) } : target,
		),
		reactions: reactions.map(({ emoji, userIds }) => ({ emoji, userIds: userIds.map(here) })),
		...(thread && {
			thread: { ...thread, userIds: thread.userIds.map(here), followerIds: thread.followerIds.map(here) },
		}),
		...(pinned && { pinned: { ...pinned, by: here(pinned.by) } }),
	};
}
