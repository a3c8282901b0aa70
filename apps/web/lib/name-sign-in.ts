import type { Limits } from "@bullpen/domain/limits";
import { cleanPersonName } from "@bullpen/domain/person-name";
import { nameKey } from "@bullpen/domain/room-name";
import type { BetterAuthPlugin, User } from "better-auth";
import { createAuthEndpoint } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { z } from "zod";
import { authRefusal, refusingAsAuth } from "./auth-refusal.ts";
import { randomBase32 } from "./ids.ts";

/** Development only: whoever types a name is that person. Accounts with a password cannot be entered this way. */
export const nameSignIn = (limits: Limits) =>
	({
		id: "name-sign-in",
		endpoints: {
			signInName: createAuthEndpoint(
				"/sign-in/name",
				{ method: "POST", body: z.strictObject({ name: z.string() }) },
				async (ctx) => {
					const name = refusingAsAuth(() => cleanPersonName(ctx.body.name, limits));
					const { adapter, internalAdapter } = ctx.context;
					const find = (): Promise<User | null> =>
						adapter.findOne<User>({ model: "user", where: [{ field: "nameKey", value: nameKey(name) }] });
					const create = (): Promise<User> =>
						internalAdapter.createUser(
							{ name, email: `${randomBase32(26)}@name.invalid`, emailVerified: false },
							{ method: "name" },
						);
					const user =
						(await find()) ??
						(await create().catch(async (error) => {
							const other = await find(); // the same name signed in for the first time twice at once
							if (other) return other;
							throw error;
						}));
					if (await internalAdapter.findCredentialAccount(user.id))
						throw authRefusal("name_taken", "That name belongs to an account with a password.", { name });
					const session = await internalAdapter.createSession(user.id);
					await setSessionCookie(ctx, { session, user });
					return ctx.json({ ok: true });
				},
			),
		},
	}) satisfies BetterAuthPlugin;
