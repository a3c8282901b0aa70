import { ConnParams } from "@bullpen/domain/identity";
import { Problem } from "@bullpen/domain/problem";
import { unauthenticated } from "./ticket.ts";

const ENCODING = "rivet_encoding.";
const CONN_PARAMS = "rivet_conn_params.";
/** JWS compact serialisation (RFC 7515). */
const TICKET = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/**
 * The ticket in the subprotocols that a RivetKit client offers (rivetkit 2.3.19). All others are dropped, the ones that
 * re-route (`rivet_target.…`) included.
 * @throws Problem `bad_input` `frame_too_large` `unauthenticated`
 */
export function ticketInProtocols(offered: string | undefined, bytesMax: number): string {
	const protocols = (offered ?? "").split(",").map((protocol) => protocol.trim());
	if (!protocols.includes("rivet")) throw new Problem("bad_input", "Offer the subprotocol `rivet`.");
	requireJson(only(protocols, ENCODING));
	const encoded = only(protocols, CONN_PARAMS);
	return ticketIn(encoded === undefined ? undefined : decode(encoded), bytesMax);
}

/** The subprotocols the engine gets: these and in this form, whatever the client wrote. */
export const protocolsFor = (ticket: string): string =>
	["rivet", `${ENCODING}json`, `${CONN_PARAMS}${encodeURIComponent(JSON.stringify({ ticket }))}`].join(", ");

/** @throws Problem `bad_input` */
export function requireJson(encoding: string | undefined): void {
	if (encoding === "json") return;
	throw new Problem("bad_input", 'Only JSON is spoken here: set `encoding: "json"` in createClient.', {
		option: "encoding",
		expected: "json",
	});
}

/**
 * People come with a ticket, here by its form. A service token has no business coming from outside.
 * @throws Problem `frame_too_large` `unauthenticated`
 */
export function ticketIn(connParams: string | undefined, bytesMax: number): string {
	if (connParams === undefined) throw unauthenticated();
	if (connParams.length > bytesMax)
		throw new Problem("frame_too_large", "The connection parameters are too large.", { bytesMax });
	const parsed = ConnParams.safeParse(parseJson(connParams));
	if (!parsed.success || !("ticket" in parsed.data) || !TICKET.test(parsed.data.ticket)) throw unauthenticated();
	return parsed.data.ticket;
}

/** The rest of the one protocol with this prefix. @throws Problem `bad_input` when there are two */
function only(protocols: readonly string[], prefix: string): string | undefined {
	const [found, ...more] = protocols.filter((protocol) => protocol.startsWith(prefix));
	if (more.length > 0) throw new Problem("bad_input", `Offer one \`${prefix}…\` subprotocol.`);
	return found?.slice(prefix.length);
}

function decode(text: string): string | undefined {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined; // broken percent-encoding: no ticket, like anything else that is not one
	}
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined; // not JSON: no ticket
	}
}
