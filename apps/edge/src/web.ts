import { Agent, type IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Problem } from "@bullpen/domain/problem";
import { createProxyServer } from "httpxy";
import { refuse, refuseHandshake } from "./refusal.ts";
import type { Settings } from "./settings.ts";
import { addressOf } from "./visitor.ts";

export interface Web {
	answer(request: IncomingMessage, response: ServerResponse): void;
	/** The socket by which Next's development server replaces changed code. */
	tunnel(request: IncomingMessage, socket: Socket, head: Buffer): void;
	close(): void;
}

/** Everything that is not an actor: pages, accounts, tickets. */
export function webBehind(settings: Settings): Web {
	// No kept sockets: one that the web closes as idle just when it is used again would be an error page.
	const agent = new Agent({ keepAlive: false, maxSockets: 1_000, noDelay: true });
	const proxy = createProxyServer({
		target: settings.webUrl,
		agent,
		xfwd: false,
		proxyTimeout: settings.limits.edgeWebMs,
		upgradeTimeout: settings.limits.edgeHandshakeMs,
	});
	proxy.on("error", (_error, request, answer) => {
		const problem = new Problem("busy", "Bullpen is starting. Try again in a moment.", { waitMs: 1_000 });
		if (answer instanceof ServerResponse && request) refuse(answer, request, problem);
		else if (answer && !(answer instanceof ServerResponse)) refuseHandshake(answer, problem);
	});
	return {
		answer(request, response) {
			rewriteHeaders(settings, request);
			proxy.web(request, response).catch(() => response.destroy()); // answered by the listener above already
		},
		tunnel(request, socket, head) {
			rewriteHeaders(settings, request);
			proxy.ws(request, socket, {}, head).catch(() => socket.destroy()); // answered by the listener above already
		},
		close: () => agent.destroy(),
	};
}

/** Headers by which proxies, Next and RivetKit talk among themselves: from outside they would be lies. */
const INTERNAL =
	/^(?:forwarded$|x-forwarded-|x-real-ip$|x-client-ip$|x-rivet-|x-middleware-|x-nextjs-|x-invoke-|x-matched-path$|x-nonce$|content-security-policy$)/;

function rewriteHeaders(settings: Settings, request: IncomingMessage): void {
	const address = addressOf(settings, request);
	for (const name of Object.keys(request.headers)) if (INTERNAL.test(name)) delete request.headers[name];
	request.headers["x-forwarded-for"] = address;
	request.headers["x-forwarded-host"] = settings.publicUrl.host;
	request.headers["x-forwarded-proto"] = settings.publicUrl.protocol.replace(":", "");
}
