import { createHash } from "node:crypto";
import { BotToken, tokenIsClosed } from "@bullpen/domain/bot";
import { TicketRequest } from "@bullpen/domain/identity";
import { Problem } from "@bullpen/domain/problem";
import { type Endpoint, readBody } from "./api.ts";
import { bearerIn } from "./bearer.ts";
import { type Identity, requirePerson } from "./identity.ts";
import { type Holder, makeTickets } from "./tickets.ts";

/** `POST /api/ticket`: what a signed-in browser, or a bot with its token, shows to actors. */
export const postTicket: Endpoint = async (held, request) => {
	const bearer = bearerIn(request.headers);
	const { holder, wanted } = await (bearer === undefined ? signedIn(held, request) : bot(held, request, bearer));
	const tickets = await makeTickets(held.signer, holder, wanted, Date.now());
	return Response.json(tickets, { headers: { "cache-control": "no-store" } });
};

interface Asked {
	readonly holder: Holder;
	readonly wanted: TicketRequest;
}

/** The directory knows the person before any actor does. */
async function signedIn(held: Identity, request: Request): Promise<Asked> {
	const { person, sessionId } = await requirePerson(held, request.headers);
	spend(held, sessionId);
	const wanted = await readBody(TicketRequest, request);
	await held.register(person);
	return { holder: person, wanted };
}

/** A cookie that comes along counts for nothing. Guesses are slow: an address has as many tries as a session has requests. */
async function bot(held: Identity, request: Request, bearer: string): Promise<Asked> {
	spend(held, `bots at ${request.headers.get("x-forwarded-for") ?? ""}`);
	if (!BotToken.safeParse(bearer).success) throw tokenIsClosed();
	const wanted = await readBody(TicketRequest, request);
	const { userId, name, scopes } = await held.redeemBot(createHash("sha256").update(bearer).digest("hex"));
	return { holder: { id: userId, name, role: "guest", scopes }, wanted };
}

function spend(held: Identity, who: string): void {
	const waitMs = held.ticketRate.take(who, Date.now());
	if (waitMs > 0) throw new Problem("rate_limited", "Too many tickets at once.", { waitMs });
}
