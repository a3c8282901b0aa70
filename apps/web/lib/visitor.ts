import { createPublicKey } from "node:crypto";
import { refuseOutOfScope } from "@bullpen/domain/authorization";
import { audienceOf, TicketClaims } from "@bullpen/domain/identity";
import { Problem } from "@bullpen/domain/problem";
import type { VisitorInput } from "@bullpen/domain/room";
import type { ActionName } from "@bullpen/domain/wire";
import { errors, jwtVerify } from "jose";
import { bearerIn } from "./bearer.ts";
import { type Identity, requirePerson } from "./identity.ts";

export type Visitor = VisitorInput;

/**
 * Who wants something of a room: a signed-in browser, or whoever shows a ticket for that room, as bots do. A bot's has to let
 * it do what this stands for.
 * @throws Problem `unauthenticated` `forbidden`
 */
export async function visitorOf(
	held: Identity,
	headers: Headers,
	roomId: string,
	action: ActionName<"chatRoom">,
): Promise<Visitor> {
	const ticket = bearerIn(headers);
	if (ticket === undefined) {
		const { person } = await requirePerson(held, headers);
		return { userId: person.id, role: person.role, ticketAgeMs: 0 };
	}
	const { sub: userId, role, scopes, iat } = await readTicket(held, ticket, roomId);
	refuseOutOfScope("chatRoom", action, { userId, scopes });
	return { userId, role, ticketAgeMs: Math.max(0, Date.now() - iat * 1000) };
}

async function readTicket({ signer }: Identity, ticket: string, roomId: string): Promise<TicketClaims> {
	const audience = audienceOf("chatRoom", roomId);
	const verified = await jwtVerify(ticket, createPublicKey(signer.key), { audience, algorithms: ["EdDSA"] }).catch(
		(error: unknown) => {
			if (error instanceof errors.JOSEError) throw noTicket();
			throw error;
		},
	);
	const claims = TicketClaims.safeParse(verified.payload);
	if (!claims.success) throw noTicket();
	return claims.data;
}

const noTicket = (): Problem => new Problem("unauthenticated", "This needs a fresh ticket for that room.");
