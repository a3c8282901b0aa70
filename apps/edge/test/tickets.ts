import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { type ActorName, audienceOf, type TicketClaims } from "@bullpen/domain/identity";

/** The pair the web would have. */
export const KEYS = generateKeyPairSync("ed25519");
/** The pair an edge would have. */
export const EDGE_KEYS = generateKeyPairSync("ed25519");

export function claimsFor(actor: ActorName, key: string): TicketClaims {
	const iat = Math.floor(Date.now() / 1000);
	const aud = audienceOf(actor, key);
	return { typ: "ticket", iss: "web", sub: "u-ada", aud, name: "Ada", role: "member", iat, exp: iat + 3_600, jti: "1" };
}

export function signed(claims: object, key: KeyObject = KEYS.privateKey, header: object = { alg: "EdDSA" }): string {
	const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
	return `${text}.${sign(null, Buffer.from(text), key).toString("base64url")}`;
}

export const ticketFor = (actor: ActorName, key = "general"): string => signed(claimsFor(actor, key));
