import type { ServerRole } from "@bullpen/domain/identity";
import type { AuthContext } from "better-auth";
import { z } from "zod";
import { authRefusal } from "./auth-refusal.ts";
import { randomBase32 } from "./ids.ts";
import type { Settings } from "./settings.ts";

/** A link that works once. Its secret is behind `#`, which browsers send to nobody. Only a hash of it is kept. */
export interface SingleUseLink {
	readonly url: string;
	/** Unix ms. */
	readonly expiresAt: number;
}

/** What these rules need of better-auth's context, whichever way one came by it. */
export interface AccountsContext {
	readonly internalAdapter: Pick<
		AuthContext["internalAdapter"],
		"consumeVerificationValue" | "createVerificationValue" | "findVerificationValue"
	>;
	readonly adapter: Pick<AuthContext["adapter"], "count" | "findOne">;
}

const NewRole = z.enum(["owner", "member", "guest"]);
/** Development's stand-in for the owner's link: the first account takes it. Nobody can name it in a request. */
const FIRST_ACCOUNT = "first-account";
const FAR_FUTURE = Date.UTC(2999, 0, 1);

/** Lets one person make an account with this role. */
export async function makeSignUpLink(
	settings: Settings,
	context: AccountsContext,
	role: ServerRole,
	expiresAt: number,
): Promise<SingleUseLink> {
	const secret = await keep(context, signUp, role, expiresAt);
	return { url: `${settings.publicUrl.origin}/join#${secret}`, expiresAt };
}

/** Lets whoever holds it choose a new password for one account; that account is signed out everywhere. */
export async function makeResetLink(
	settings: Settings,
	context: AccountsContext,
	userId: string,
	expiresAt: number,
): Promise<SingleUseLink> {
	const secret = await keep(context, passwordReset, userId, expiresAt);
	return { url: `${settings.publicUrl.origin}/reset#${secret}`, expiresAt };
}

export async function isLinkGood(context: AccountsContext, secret: string): Promise<boolean> {
	const found = await context.internalAdapter.findVerificationValue(signUp(secret));
	return found !== null && found.expiresAt.getTime() > Date.now();
}

/** Uses up what entitles to a new account, inside the transaction that makes it. */
export async function roleOfNewAccount(
	settings: Settings,
	context: AccountsContext,
	secret: string | undefined,
): Promise<ServerRole> {
	const used = secret ? await context.internalAdapter.consumeVerificationValue(signUp(secret)) : null;
	if (used) return NewRole.parse(used.value);
	if (!settings.nameSignIn)
		throw authRefusal("forbidden", "This server is by invitation. Ask its owner for a fresh link.");
	return (await context.internalAdapter.consumeVerificationValue(FIRST_ACCOUNT)) ? "owner" : "member";
}

export async function hasOwner(context: AccountsContext): Promise<boolean> {
	return (await context.adapter.count({ model: "user", where: [{ field: "role", value: "owner" }] })) > 0;
}

/** In development the first account owns the server. */
export async function promiseOwnershipToFirstAccount(context: AccountsContext): Promise<void> {
	if (await context.internalAdapter.findVerificationValue(FIRST_ACCOUNT)) return;
	await context.internalAdapter.createVerificationValue({
		identifier: FIRST_ACCOUNT,
		value: "owner",
		expiresAt: new Date(FAR_FUTURE),
	});
}

const signUp = (secret: string): string => `sign-up:${secret}`;
/** better-auth's own name for it: `POST /reset-password` uses it up (better-auth 1.7.25, api/routes/password). */
const passwordReset = (secret: string): string => `reset-password:${secret}`;

async function keep(
	context: AccountsContext,
	identifierOf: (secret: string) => string,
	value: string,
	expiresAt: number,
): Promise<string> {
	const secret = randomBase32(32);
	const identifier = identifierOf(secret);
	await context.internalAdapter.createVerificationValue({ identifier, value, expiresAt: new Date(expiresAt) });
	return secret;
}
