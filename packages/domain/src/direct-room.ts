import type { Limits } from "./limits.ts";
import { Problem } from "./problem.ts";

/**
 * Everybody of the direct room that `userId` opens with `others`, sorted: whoever of them opens it names the same people.
 * @throws Problem `bad_input` when nobody else is named, or too many are
 */
export function directPeople(
	userId: string,
	others: readonly string[],
	limits: Pick<Limits, "directPeopleMax">,
): string[] {
	const people = [...new Set([userId, ...others])].sort();
	const { directPeopleMax: peopleMax } = limits;
	if (people.length < 2) throw new Problem("bad_input", "A direct room is with somebody else.", { field: "userIds" });
	if (people.length > peopleMax) {
		throw new Problem("bad_input", `A direct room is for at most ${peopleMax} people.`, {
			field: "userIds",
			peopleMax,
		});
	}
	return people;
}

/** What a direct room's id is the hash of: no two groups of ids have the same text, whatever the ids. */
export const directKey = (people: readonly string[]): string => JSON.stringify([...people].sort());

/** A direct room has no name of its own: in its place stands who is in it, as ids with a space between them. */
export const directName = (people: readonly string[]): string => people.join(" ");

/** The ids of a direct room's people, from its name. */
export const peopleOfDirect = (name: string): string[] => name.split(" ").filter((id) => id !== "");
