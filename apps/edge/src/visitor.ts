import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { Problem } from "@bullpen/domain/problem";
import type { Settings } from "./settings.ts";

const SAFE_METHODS: ReadonlySet<string | undefined> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * DNS rebinding: a page of another name must not reach this server through its address.
 * @throws Problem `forbidden`
 */
export function requireOurHost({ publicUrl }: Settings, request: IncomingMessage): void {
	if (request.headers.host?.toLowerCase() !== publicUrl.host)
		throw new Problem("forbidden", "This server does not go by that name.");
}

const LOOPBACK_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?=:|$)/;

/** Where a page opened as `localhost` is when it goes by `127.0.0.1` (or the other way round): cookies are per name. */
export function loopbackTwin({ publicUrl }: Settings, request: IncomingMessage): string | undefined {
	const host = request.headers.host?.toLowerCase() ?? "";
	const isTwin = host !== publicUrl.host && LOOPBACK_HOST.test(host) && LOOPBACK_HOST.test(publicUrl.host);
	const isSamePort = host.replace(LOOPBACK_HOST, "") === publicUrl.host.replace(LOOPBACK_HOST, "");
	return isTwin && isSamePort && request.method === "GET" ? publicUrl.origin + request.url : undefined;
}

/**
 * Only our own pages change anything or connect. Programs send no Origin; they prove themselves by a ticket or carry a
 * cookie that no other site could make them send (browsers always name the origin of what is unsafe).
 * @throws Problem `forbidden`
 */
export function requireOurOrigin({ publicUrl }: Settings, request: IncomingMessage): void {
	const { origin } = request.headers;
	const isHandshake = request.headers.upgrade !== undefined;
	if (origin === undefined ? isFromAnotherSite(request) : origin !== publicUrl.origin)
		if (isHandshake || !SAFE_METHODS.has(request.method))
			throw new Problem("forbidden", "This request came from another site.");
}

/** Browsers say so even where they leave out the Origin. */
function isFromAnotherSite({ headers }: IncomingMessage): boolean {
	const site = headers["sec-fetch-site"];
	return site !== undefined && site !== "same-origin";
}

/** The address a request came from, beyond the reverse proxies that the operator named. */
export function addressOf({ trustedProxies }: Settings, request: IncomingMessage): string {
	let address = plain(request.socket.remoteAddress ?? "");
	const chain = String(request.headers["x-forwarded-for"] ?? "").split(",");
	while (trustedProxies.has(address)) {
		const before = plain(chain.pop()?.trim() ?? "");
		if (isIP(before) === 0) break;
		address = before;
	}
	return address;
}

/** An IPv4 address that came over an IPv6 socket, as what it is. */
export const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, "");
