import { createPrivateKey, type KeyObject, randomUUID, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type ActorName, audienceOf, type ServiceClaims } from "@bullpen/domain/identity";
import type { Limits } from "@bullpen/domain/limits";

/** What this edge proves itself with. @throws Error when there is none, or one of another kind */
export function readEdgeKey(folder: string): KeyObject {
	const file = join(folder, "edge.private.pem");
	const key = createPrivateKey(readFileSync(file));
	if (key.asymmetricKeyType !== "ed25519") throw new Error(`${file} is no Ed25519 key.`);
	return key;
}

/** One edge process among others: actors bind what it attached to this name, so it is not reused. */
export const newEdgeSubject = (): string => `edge:${randomUUID()}`;

const HEADER = Buffer.from(JSON.stringify({ alg: "EdDSA", typ: "JWT" })).toString("base64url");

/** A token (RFC 7515, RFC 8037) by which this edge connects to one actor, good for a moment. `now` is unix ms. */
export function edgeToken(
	{ key, subject, limits, now }: { key: KeyObject; subject: string; limits: Limits; now: number },
	actor: ActorName,
	of: string,
): string {
	const iat = Math.floor(now / 1000);
	const claims: ServiceClaims = {
		typ: "service",
		iss: "edge",
		sub: subject,
		aud: audienceOf(actor, of),
		iat,
		exp: iat + Math.ceil(limits.serviceTokenMs / 1000),
		jti: randomUUID(),
	};
	const signed = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
	return `${signed}.${sign(null, Buffer.from(signed), key).toString("base64url")}`;
}
