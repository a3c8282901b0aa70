import { UserId } from "@bullpen/domain/id";
import { Problem } from "@bullpen/domain/problem";
import { z } from "zod";
import { done, type Endpoint, readBody } from "./api.ts";
import { type Identity, requirePerson } from "./identity.ts";
import { makeResetLink, makeSignUpLink, type SingleUseLink } from "./links.ts";
import type { Person } from "./person.ts";

/** `POST /api/sign-out/everywhere`: every browser of this person, and whatever those have open. */
export const postSignOutEverywhere: Endpoint = async (held, request) => {
	const { person } = await requirePerson(held, request.headers);
	const cleared = await held.auth.api.signOut({ headers: request.headers, asResponse: true });
	const context = await held.auth.$context;
	await context.internalAdapter.deleteUserSessions(person.id);
	await held.tellDirectory("endConnections", { userId: person.id });
	const headers = new Headers();
	for (const cookie of cleared.headers.getSetCookie()) headers.append("set-cookie", cookie);
	return done(headers);
};

/** `POST /api/invitations` by an owner: a link by which one person makes an account. */
export const postInvitation: Endpoint = async (held, request) => {
	const owner = await requireOwner(held, request.headers);
	const { role } = await readBody(z.strictObject({ role: z.enum(["member", "guest"]).default("member") }), request);
	// Written down first: what could not be noted is not done.
	await held.tellDirectory("noteAct", { act: { type: "invitation-made", by: owner.id, role } });
	const expiresAt = Date.now() + held.settings.limits.invitationMs;
	return link(await makeSignUpLink(held.settings, await held.auth.$context, role, expiresAt));
};

/** `POST /api/reset-links` by an owner: a link by which that person chooses a new password. */
export const postResetLink: Endpoint = async (held, request) => {
	const owner = await requireOwner(held, request.headers);
	const { userId } = await readBody(z.strictObject({ userId: UserId }), request);
	const context = await held.auth.$context;
	if (!(await context.internalAdapter.findUserById(userId)))
		throw new Problem("not_found", "There is nobody with that id.");
	await held.tellDirectory("noteAct", { act: { type: "reset-link-made", by: owner.id, userId } });
	const expiresAt = Date.now() + held.settings.limits.resetLinkMs;
	return link(await makeResetLink(held.settings, context, userId, expiresAt));
};

export async function requireOwner(held: Identity, headers: Headers): Promise<Person> {
	const { person } = await requirePerson(held, headers);
	if (person.role !== "owner") throw new Problem("forbidden", "Only an owner of this server can do that.");
	return person;
}

const link = (made: SingleUseLink): Response => Response.json(made, { headers: { "cache-control": "no-store" } });
