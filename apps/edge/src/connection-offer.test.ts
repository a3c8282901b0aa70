import fc from "fast-check";
import { expect, test } from "vitest";
import { protocolsFor, requireJson, ticketIn, ticketInProtocols } from "./connection-offer.ts";

const TICKET = "aGVhZA.cGF5bG9hZA.c2lnbmF0dXJl";
const params = (value: unknown): string => `rivet_conn_params.${encodeURIComponent(JSON.stringify(value))}`;
const offer = (...protocols: string[]): string => protocols.join(", ");
const good = offer("rivet", "rivet_encoding.json", params({ ticket: TICKET }));

test("the ticket of a stock client is found, and only what it needs goes on to the engine", () => {
	const extra = offer(good, "rivet_target.actor", "rivet_actor.0123", "rivet_token.secret", "rivet_skip_ready_wait");
	expect(ticketInProtocols(extra, 4096)).toBe(TICKET);
	expect(protocolsFor(TICKET)).toBe(good);
});

test.each([
	["no protocol", undefined, "bad_input"],
	["not RivetKit's", offer("graphql-ws"), "bad_input"],
	["no encoding", offer("rivet", params({ ticket: TICKET })), "bad_input"],
	["CBOR", good.replace("json", "cbor"), "bad_input"],
	["BARE", good.replace("json", "bare"), "bad_input"],
	["two encodings", offer(good, "rivet_encoding.cbor"), "bad_input"],
	["two tickets", offer(good, params({ ticket: TICKET })), "bad_input"],
	["no ticket", offer("rivet", "rivet_encoding.json"), "unauthenticated"],
	["a service token", offer("rivet", "rivet_encoding.json", params({ service: TICKET })), "unauthenticated"],
	["both", offer("rivet", "rivet_encoding.json", params({ ticket: TICKET, service: TICKET })), "unauthenticated"],
	["more than a ticket", offer("rivet", "rivet_encoding.json", params({ ticket: TICKET, x: 1 })), "unauthenticated"],
	[
		"not a token",
		offer("rivet", "rivet_encoding.json", params({ ticket: "a, rivet_target.actor" })),
		"unauthenticated",
	],
	["not JSON", offer("rivet", "rivet_encoding.json", "rivet_conn_params.ticket"), "unauthenticated"],
	["broken encoding", offer("rivet", "rivet_encoding.json", "rivet_conn_params.%zz"), "unauthenticated"],
	["60 KiB", offer("rivet", "rivet_encoding.json", params({ ticket: "a".repeat(60 * 1024) })), "frame_too_large"],
])("an offer with %s is refused", (_, protocols, code) => {
	expect(() => ticketInProtocols(protocols, 4096)).toThrow(expect.objectContaining({ code }));
});

test("the refusal of another encoding names the option to set", () => {
	expect(() => requireJson("bare")).toThrow(/`encoding: "json"`/);
});

test("no text makes a ticket that could end its header or name a second protocol", () => {
	fc.assert(
		fc.property(fc.oneof(fc.json(), fc.string({ unit: "binary" })), (text) => {
			try {
				expect(ticketIn(text, 4096)).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
			} catch (error) {
				expect(error).toMatchObject({ name: "Problem" });
			}
		}),
	);
});
