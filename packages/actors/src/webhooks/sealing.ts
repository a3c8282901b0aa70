import { createCipheriv, createDecipheriv, hkdfSync, type KeyObject, randomBytes } from "node:crypto";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Keeps short secrets so that a copy of the database alone gives none away: AES-256-GCM under a key of this server's own. */
export class Sealing {
	readonly #key: Buffer;

	constructor(privateKey: KeyObject) {
		const own = privateKey.export({ format: "der", type: "pkcs8" });
		this.#key = Buffer.from(hkdfSync("sha256", own, "", "bullpen: secrets of webhooks", 32));
	}

	/** `context` is what the secret belongs to: sealed for one thing it opens for no other. */
	seal(secret: string, context: string): string {
		const nonce = randomBytes(NONCE_BYTES);
		const cipher = createCipheriv("aes-256-gcm", this.#key, nonce).setAAD(Buffer.from(context));
		const sealed = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
		return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64");
	}

	/** Undefined when it was sealed with other keys, or for something else. */
	open(sealed: string, context: string): string | undefined {
		const bytes = Buffer.from(sealed, "base64");
		const nonce = bytes.subarray(0, NONCE_BYTES);
		const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
		try {
			const decipher = createDecipheriv("aes-256-gcm", this.#key, nonce).setAAD(Buffer.from(context)).setAuthTag(tag);
			const rest = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
			return Buffer.concat([rest, decipher.final()]).toString("utf8");
		} catch {
			return undefined; // not ours: the keys were made afresh, or it was moved
		}
	}
}
