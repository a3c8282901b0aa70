import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** What a workspace's agents give as their API key. */
export const newProxyToken = (): string => `bullpen-${randomBytes(32).toString("base64url")}`;

/**
 * Whether a request shows the token, in the place of a key of either API. Every key it shows has to be the token, so that
 * nothing else can ride along.
 */
export function showsToken({ headersDistinct }: IncomingMessage, token: string): boolean {
	const bearers = (headersDistinct.authorization ?? []).map((value) => /^Bearer ([^ ]+)$/i.exec(value)?.[1] ?? "");
	const shown = [...bearers, ...(headersDistinct["x-api-key"] ?? [])];
	return shown.length > 0 && shown.every((each) => isSame(each, token));
}

const isSame = (left: string, right: string): boolean => timingSafeEqual(digest(left), digest(right));
const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
