import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import webPush from "web-push";

/** RFC 8292: at most 24 hours. */
const GOOD_FOR_MS = 12 * 60 * 60_000;
const RENEWED_AFTER_MS = 6 * 60 * 60_000;
const ORIGINS_MAX = 100;

/**
 * How push services know that it is this server that sends (RFC 8292). One signature serves all messages to a push service
 * for hours.
 */
export class Vapid {
	readonly #publicKey: string;
	readonly #privateKey: string;
	readonly #subject: string;
	readonly #now: () => number;
	readonly #headers = new Map<string, { readonly header: string; readonly madeAt: number }>();

	/** `publicUrl`: whom a push service may turn to. */
	constructor(keysFolder: string, publicUrl: string, now: () => number) {
		const jwk = createPrivateKey(readFileSync(join(keysFolder, "push.private.pem"))).export({ format: "jwk" });
		if (jwk.crv !== "P-256" || !jwk.x || !jwk.y || !jwk.d) throw new Error("push.private.pem holds no key of P-256.");
		const point = [Buffer.of(4), Buffer.from(jwk.x, "base64url"), Buffer.from(jwk.y, "base64url")];
		this.#publicKey = Buffer.concat(point).toString("base64url");
		this.#privateKey = jwk.d;
		// Push services refuse other schemes; a server without https is for its own machine, where nobody has to ask.
		this.#subject = publicUrl.startsWith("https://") ? publicUrl : "mailto:nobody@bullpen.invalid";
		this.#now = now;
	}

	/** The `Authorization` header for a push service. */
	headerFor(origin: string): string {
		const known = this.#headers.get(origin);
		const now = this.#now();
		if (known !== undefined && now - known.madeAt < RENEWED_AFTER_MS) return known.header;
		const until = Math.floor((now + GOOD_FOR_MS) / 1000);
		const keys = [this.#publicKey, this.#privateKey] as const;
		const { Authorization: header } = webPush.getVapidHeaders(origin, this.#subject, ...keys, "aes128gcm", until);
		this.#headers.delete(origin);
		this.#headers.set(origin, { header, madeAt: now });
		for (const oldest of this.#headers.keys()) {
			if (this.#headers.size <= ORIGINS_MAX) break;
			this.#headers.delete(oldest);
		}
		return header;
	}
}
