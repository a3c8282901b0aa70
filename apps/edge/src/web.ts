import { Agent, type IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Transform } from "node:stream";
import { Problem } from "@bullpen/domain/problem";
import { createProxyServer } from "httpxy";
import { bodyBounds } from "./body-bounds.ts";
import { atMost, requireLength } from "./body-limit.ts";
import { refuse, refuseHandshake } from "./refusal.ts";
import type { Settings } from "./settings.ts";
import { addressOf } from "./visitor.ts";

export interface Web {
	/** @throws Problem `frame_too_large` */
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
	proxy.on("proxyReq", (upstream, request, _response, { buffer: body }) => {
		if (!(body instanceof Transform)) return;
		body.once("error", (error) => upstream.destroy(error));
		request.pipe(body);
	});
	proxy.on("error", (error, request, answer) => {
		const problem = error instanceof Problem ? error : starting();
		if (answer instanceof ServerResponse && request) refuse(answer, request, problem);
		else if (answer && !(answer instanceof ServerResponse)) refuseHandshake(answer, problem);
	});
	return {
		answer(request, response) {
			const { bytesMax } = bodyBounds(settings.limits, request);
			requireLength(request, bytesMax);
			rewriteHeaders(settings, request);
			const isChunked = request.headers["transfer-encoding"] !== undefined;
			proxy.web(request, response, isChunked ? { buffer: atMost(bytesMax) } : {}).catch(() => response.destroy()); // answered by the listener above already
		},
		tunnel(request, socket, head) {
			rewriteHeaders(settings, request);
			proxy.ws(request, socket, {}, head).catch(() => socket.destroy()); // answered by the listener above already
		},
		close: () => agent.destroy(),
	};
}

const starting = (): Problem => new Problem("busy", "Bullpen is starting. Try again in a moment.", { waitMs: 1_000 });

/** Headers by which proxies, Next and RivetKit talk among themselves: from outside they would be lies. `Expect` was answered here. */
const INTERNAL =
	/^(?:expect$|forwarded$|x-forwarded-|x-real-ip$|x-client-ip$|x-rivet-|x-middleware-|x-nextjs-|x-invoke-|x-matched-path$|x-nonce$|content-security-policy$)/;

function rewriteHeaders(settings: Settings, request: IncomingMessage): void {
	const address = addressOf(settings, request);
	for (const name of Object.keys(request.headers)) if (INTERNAL.test(name)) delete request.headers[name];
	request.headers["x-forwarded-for"] = address;
	request.headers["x-forwarded-host"] = settings.publicUrl.host;
	request.headers["x-forwarded-proto"] = settings.publicUrl.protocol.replace(":", "");
}
