import { createPrivateKey, type KeyObject, randomUUID, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type ActorName, audienceOf, ServiceClaims, TicketClaims } from "@bullpen/domain/identity";
import { LIMITS } from "@bullpen/domain/limits";

/** Signs what the web signs, with the web's key: the crowd has no browsers and no accounts. */
export class Signer {
	readonly #key: KeyObject;

	constructor(keysFolder: string) {
		this.#key = createPrivateKey(readFileSync(join(keysFolder, "web.private.pem")));
	}

	ticket(person: string, actor: ActorName, key: string): { ticket: string } {
		const times = this.#times(LIMITS.ticketMs);
		const claims = {
			typ: "ticket",
			iss: "web",
			sub: person,
			aud: audienceOf(actor, key),
			name: person,
			role: "member",
			...times,
		};
		return { ticket: this.#sign(TicketClaims.parse(claims)) };
	}

	service(actor: ActorName, key: string): { service: string } {
		const times = this.#times(LIMITS.serviceTokenMs);
		return {
			service: this.#sign(
				ServiceClaims.parse({ typ: "service", iss: "web", sub: "web", aud: audienceOf(actor, key), ...times }),
			),
		};
	}

	#times(lifeMs: number): { iat: number; exp: number; jti: string } {
		const iat = Math.floor(Date.now() / 1_000);
		return { iat, exp: iat + Math.floor(lifeMs / 1_000), jti: randomUUID() };
	}

	#sign(claims: object): string {
		const body = [{ alg: "EdDSA", typ: "JWT" }, claims]
			.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
			.join(".");
		return `${body}.${sign(null, Buffer.from(body), this.#key).toString("base64url")}`;
	}
}
