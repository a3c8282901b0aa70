import { TicketRequest } from "@bullpen/domain/identity";
import { Problem } from "@bullpen/domain/problem";
import { type Endpoint, readBody } from "./api.ts";
import { requirePerson } from "./identity.ts";
import { makeTickets } from "./tickets.ts";

/** `POST /api/ticket`: what a signed-in browser shows to actors. The directory knows the person before any actor does. */
export const postTicket: Endpoint = async (held, request) => {
	const { person, sessionId } = await requirePerson(held, request.headers);
	const waitMs = held.ticketRate.take(sessionId, Date.now());
	if (waitMs > 0) throw new Problem("rate_limited", "Too many tickets at once.", { waitMs });
	const wanted = await readBody(TicketRequest, request);
	await held.register(person);
	const tickets = await makeTickets(held.signer, person, wanted, Date.now());
	return Response.json(tickets, { headers: { "cache-control": "no-store" } });
};
