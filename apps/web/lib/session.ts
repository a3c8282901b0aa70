import { headers } from "next/headers";
import { cache } from "react";
import { identity, personOf } from "./identity.ts";
import type { Person } from "./person.ts";

/** Who looks at this page, for server components; asked once per request. */
export const currentUser = cache(async (): Promise<Person | null> => {
	const found = await personOf(await identity(), await headers());
	return found?.person ?? null;
});

/** Which ways in this server offers, for the page that shows them. */
export async function signInOptions(): Promise<{ readonly nameSignIn: boolean }> {
	const { settings } = await identity();
	return { nameSignIn: settings.nameSignIn };
}
