import type { TellDirectory } from "./directory-calls.ts";
import type { Person } from "./person.ts";

/** Tells the directory that a person exists, with this name and role. */
export type Register = (person: Person) => Promise<void>;

const REMEMBERED_MAX = 10_000;

/**
 * Tells the directory once per name and role in the life of this process; callers who come meanwhile share the call.
 * @throws Problem `busy` when the directory cannot be told in time: then nobody may get a ticket
 */
export function rememberingRegistration(register: Register): Register {
	const told = new Map<string, { readonly as: string; readonly done: Promise<void> }>();
	return async (person) => {
		const as = JSON.stringify([person.name, person.role]);
		const known = told.get(person.id);
		if (known?.as === as) return known.done;
		const done = register(person);
		told.delete(person.id);
		told.set(person.id, { as, done });
		for (const oldest of told.keys()) {
			if (told.size <= REMEMBERED_MAX) break;
			told.delete(oldest);
		}
		try {
			await done;
		} catch (cause) {
			if (told.get(person.id)?.done === done) told.delete(person.id);
			throw cause;
		}
	};
}

/** @throws Problem `busy` */
export const directoryRegistration =
	(tell: TellDirectory): Register =>
	({ id, name, role }) =>
		tell("registerPerson", { userId: id, name, role });
