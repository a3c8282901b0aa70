import { createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What a browser binds a subscription to (`applicationServerKey`): an uncompressed point of P-256, as base64url. */
export function readPushKey(keysFolder: string): string {
	const { x = "", y = "" } = createPublicKey(readFileSync(join(keysFolder, "push.public.pem"))).export({
		format: "jwk",
	});
	const point = [Buffer.of(4), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")];
	return Buffer.concat(point).toString("base64url");
}
