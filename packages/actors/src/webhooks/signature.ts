import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Standard Webhooks 1.0.0: what is signed is id, timestamp in seconds and body, with points between them. */
export interface Signed {
	readonly messageId: string;
	readonly timestamp: number;
	readonly body: string;
}

const PREFIX = "whsec_";

export const newSecret = (): string => PREFIX + randomBytes(32).toString("base64");

export const signatureOf = (secret: string, { messageId, timestamp, body }: Signed): string =>
	`v1,${createHmac("sha256", keyOf(secret)).update(`${messageId}.${timestamp}.${body}`).digest("base64")}`;

/** Of several signatures, with spaces between them, one has to be right: so that secrets can be changed without a gap. */
export function isSignedWith(secret: string, signed: Signed, signatures: string): boolean {
	const right = signatureOf(secret, signed);
	return signatures.split(" ").some((one) => isSame(one, right));
}

/** In a time that says nothing of where two texts differ. */
export function isSame(one: string, other: string): boolean {
	const [left, right] = [Buffer.from(one), Buffer.from(other)];
	return left.length === right.length && timingSafeEqual(left, right);
}

const keyOf = (secret: string): Buffer => Buffer.from(secret.slice(PREFIX.length), "base64");
