import { createPrivateKey, createPublicKey, type KeyObject, randomUUID, sign, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BotScope } from "@bullpen/domain/bot";
import {
	type ActorName,
	AttachmentClaims,
	audienceOf,
	ConnParams,
	type ServerRole,
	ServiceClaims,
	TicketClaims,
} from "@bullpen/domain/identity";
import type { Limits } from "@bullpen/domain/limits";
import type { MessageAttachment } from "@bullpen/domain/message-attachment";
import { Problem } from "@bullpen/domain/problem";

/** Who holds a connection: bound to it when it opens, never said by an action. Kept as connection state (plain JSON). */
export type Caller =
	| {
			readonly kind: "person";
			readonly userId: string;
			readonly name: string;
			readonly role: ServerRole;
			/** Of a bot: what its token lets it do. */
			readonly scopes?: readonly BotScope[] | undefined;
			/** When the ticket was made, unix ms: removals refuse tickets made before them. */
			readonly ticketAt: number;
			/** The connection is closed then, unix ms, and must come back with a fresh ticket. */
			readonly leaseEndsAt: number;
	  }
	| { readonly kind: "service"; readonly issuer: ServiceClaims["iss"]; readonly subject: string };
export type Person = Extract<Caller, { kind: "person" }>;

export interface Keys {
	readonly publicKeys: Readonly<Record<ServiceClaims["iss"], KeyObject>>;
	readonly actorsPrivateKey: KeyObject;
}

export function readKeys(folder: string): Keys {
	const read = (name: string): Buffer => readFileSync(join(folder, name));
	return {
		publicKeys: {
			web: createPublicKey(read("web.public.pem")),
			actors: createPublicKey(read("actors.public.pem")),
			edge: createPublicKey(read("edge.public.pem")),
		},
		actorsPrivateKey: createPrivateKey(read("actors.private.pem")),
	};
}

interface Check {
	readonly keys: Keys;
	readonly actor: ActorName;
	readonly key: readonly string[];
	readonly limits: Limits;
	readonly now: number;
}

/**
 * Reads connection params into the caller they prove. The same sentence for every reason, so that nothing is learned.
 * @throws Problem `unauthenticated`
 */
export function identify(params: unknown, check: Check): Caller {
	const parsed = ConnParams.safeParse(params);
	if (!parsed.success) throw unauthenticated();
	return "ticket" in parsed.data ? readTicket(parsed.data.ticket, check) : readService(parsed.data.service, check);
}

function readTicket(token: string, check: Check): Caller {
	const claims = TicketClaims.safeParse(readJwt(token, check.keys.publicKeys.web));
	if (!claims.success || !isValid(claims.data, check)) throw unauthenticated();
	return {
		kind: "person",
		userId: claims.data.sub,
		name: claims.data.name,
		role: claims.data.role,
		...(claims.data.scopes === undefined ? {} : { scopes: claims.data.scopes }),
		ticketAt: claims.data.iat * 1000,
		leaseEndsAt: check.now + check.limits.leaseMs,
	};
}

function readService(token: string, check: Check): Caller {
	for (const [issuer, key] of Object.entries(check.keys.publicKeys)) {
		const claims = ServiceClaims.safeParse(readJwt(token, key));
		if (claims.success && claims.data.iss === issuer && isValid(claims.data, check))
			return { kind: "service", issuer: claims.data.iss, subject: claims.data.sub };
	}
	throw unauthenticated();
}

/** Clocks of the processes on one machine agree; a few seconds cover rounding `iat` and `exp` to seconds. */
const SKEW_MS = 5_000;

function isValid(claims: { aud: string; iat: number; exp: number }, { actor, key, now }: Check): boolean {
	const [only, ...more] = key;
	if (only === undefined || more.length > 0 || claims.aud !== audienceOf(actor, only)) return false;
	return claims.iat * 1000 <= now + SKEW_MS && now < claims.exp * 1000 + SKEW_MS;
}

/**
 * The file that the web keeps for a message of `userId` here, by its own word.
 * @throws Problem `bad_input`, for every reason the same
 */
export function readUpload(token: string, userId: string, check: Check): MessageAttachment {
	const claims = AttachmentClaims.safeParse(readJwt(token, check.keys.publicKeys.web));
	if (claims.success && claims.data.sub === userId && isValid(claims.data, check)) return claims.data.attachment;
	throw new Problem("bad_input", "This file is not kept any more. Choose it again.", { field: "attachments" });
}

/** A token by which this process calls another actor as `subject` (`chatRoom:r-1`). Short-lived, for one audience. */
export function serviceToken(
	keys: Keys,
	limits: Limits,
	now: number,
	call: { subject: string; actor: ActorName; key: string },
): string {
	const iat = Math.floor(now / 1000);
	const claims: ServiceClaims = {
		typ: "service",
		iss: "actors",
		sub: call.subject,
		aud: audienceOf(call.actor, call.key),
		iat,
		exp: iat + Math.ceil(limits.serviceTokenMs / 1000),
		jti: randomUUID(),
	};
	return writeJwt(claims, keys.actorsPrivateKey);
}

const HEADER = Buffer.from(JSON.stringify({ alg: "EdDSA", typ: "JWT" })).toString("base64url");

export function writeJwt(claims: object, key: KeyObject): string {
	const signed = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
	return `${signed}.${sign(null, Buffer.from(signed), key).toString("base64url")}`;
}

/** JWS compact serialisation with EdDSA only (RFC 7515, RFC 8037): the claims, or undefined when it does not verify. */
function readJwt(token: string, key: KeyObject): unknown {
	const [header, payload, signature, ...more] = token.split(".");
	if (header === undefined || payload === undefined || signature === undefined || more.length > 0) return undefined;
	const decoded = parseJson(header);
	if (typeof decoded !== "object" || decoded === null || !("alg" in decoded) || decoded.alg !== "EdDSA")
		return undefined;
	const isGenuine = verify(null, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, "base64url"));
	return isGenuine ? parseJson(payload) : undefined;
}

function parseJson(base64url: string): unknown {
	try {
		return JSON.parse(Buffer.from(base64url, "base64url").toString("utf8"));
	} catch {
		return undefined; // not JSON: the token is not ours, which is all the caller may learn
	}
}

const unauthenticated = (): Problem =>
	new Problem("unauthenticated", "This connection needs a fresh ticket. Ask for one and connect again.");
