import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { SecretKey } from "./secret-key.ts";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM: nonce, ciphertext, tag. `context` is what the text belongs to; it opens nowhere else. */
export function seal(text: string, { bytes }: SecretKey, context: string): Uint8Array {
	const nonce = randomBytes(NONCE_BYTES);
	const cipher = createCipheriv("aes-256-gcm", bytes, nonce, { authTagLength: TAG_BYTES });
	cipher.setAAD(Buffer.from(context));
	return Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
}

/** @returns undefined when the key is another, or anything was changed. */
export function unseal(sealed: Uint8Array, { bytes }: SecretKey, context: string): string | undefined {
	if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
	const end = sealed.length - TAG_BYTES;
	const cipher = createDecipheriv("aes-256-gcm", bytes, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
	cipher.setAAD(Buffer.from(context));
	cipher.setAuthTag(sealed.subarray(end));
	try {
		return Buffer.concat([cipher.update(sealed.subarray(NONCE_BYTES, end)), cipher.final()]).toString("utf8");
	} catch {
		return undefined; // the tag does not fit: GCM has no other answer
	}
}
