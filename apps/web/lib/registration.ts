import { Problem } from "@bullpen/domain/problem";
import { createClient } from "rivetkit/client";
import type { Person } from "./person.ts";
import type { Settings } from "./settings.ts";
import { makeServiceToken, type Signer } from "./tickets.ts";

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

/** The signed call to `directory["main"]`, with a bounded wait. */
export function directoryRegistration(engine: Settings["engine"], signer: Signer): Register {
	const client = createClient({
		endpoint: engine.url,
		token: engine.token,
		encoding: "json",
		disableMetadataLookup: true,
	});
	return async ({ id, name, role }) => {
		const signal = AbortSignal.timeout(signer.limits.registerPersonMs);
		try {
			const service = await makeServiceToken(signer, "directory", "main", Date.now());
			const directory = client.get("directory", ["main"], { params: { service } });
			await withinTime(
				directory.action({ name: "registerPerson", args: [{ userId: id, name, role }], signal }),
				signal,
			);
		} catch (cause) {
			throw new Problem("busy", "Bullpen is still starting. Try again in a moment.", {
				waitMs: 1_000,
				reason: reasonOf(cause),
			});
		}
	};
}

/** The client retries inside and does not always honour the signal: the wait ends here in any case. */
function withinTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
	const { promise, reject } = Promise.withResolvers<never>();
	signal.addEventListener("abort", () => reject(signal.reason), { once: true });
	return Promise.race([work, promise]);
}

/** RivetKit's `group/code` of a failure (both are public), never its message. */
function reasonOf(cause: unknown): string {
	if (typeof cause !== "object" || cause === null) return "unknown";
	const group: unknown = Reflect.get(cause, "group");
	const code: unknown = Reflect.get(cause, "code");
	if (typeof group === "string" && typeof code === "string") return `${group}/${code}`;
	return cause instanceof Error ? cause.name : "unknown";
}
