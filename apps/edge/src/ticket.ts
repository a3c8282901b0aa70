import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { audienceOf, TicketClaims } from "@bullpen/domain/identity";
import { Problem } from "@bullpen/domain/problem";
import { z } from "zod";
import type { GatewayTarget } from "./gateway-target.ts";

/** What the web signs tickets with, its public half. @throws Error when there is none, or one of another kind */
export function readTicketKey(folder: string): KeyObject {
	const file = join(folder, "web.public.pem");
	const key = createPublicKey(readFileSync(file));
	if (key.asymmetricKeyType !== "ed25519") throw new Error(`${file} is no Ed25519 key.`);
	return key;
}

/** Clocks of the processes on one machine agree; a few seconds cover rounding `iat` and `exp` to seconds. */
const SKEW_MS = 5_000;

/**
 * A ticket of ours, for this target, still good at `now` (unix ms). It opens the way and proves nothing further: the actor
 * reads it again. The same sentence for every reason, so that nothing is learned.
 * @throws Problem `unauthenticated`
 */
export function requireTicket(
	ticket: string,
	key: KeyObject,
	{ actor, key: of }: GatewayTarget,
	now: number,
): TicketClaims {
	const claims = TicketClaims.safeParse(readJws(ticket, key));
	if (!claims.success) throw unauthenticated();
	const { aud, iat, exp } = claims.data;
	const isInTime = iat * 1000 <= now + SKEW_MS && now < exp * 1000 + SKEW_MS;
	if (aud !== audienceOf(actor, of) || !isInTime) throw unauthenticated();
	return claims.data;
}

export const unauthenticated = (): Problem =>
	new Problem(
		"unauthenticated",
		"Connections need a fresh ticket: pass `getParams: async () => ({ ticket })` to `get`.",
	);

const Header = z.object({ alg: z.literal("EdDSA") });

/** JWS compact serialisation, EdDSA alone (RFC 7515, RFC 8037): the payload, or undefined when it does not verify. */
function readJws(token: string, key: KeyObject): unknown {
	const [header = "", payload = "", signature = "", ...more] = token.split(".");
	if (more.length > 0 || !Header.safeParse(parseJson(header)).success) return undefined;
	const isGenuine = verify(null, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, "base64url"));
	return isGenuine ? parseJson(payload) : undefined;
}

function parseJson(base64url: string): unknown {
	try {
		return JSON.parse(Buffer.from(base64url, "base64url").toString("utf8"));
	} catch {
		return undefined; // not JSON: no ticket of ours
	}
}
