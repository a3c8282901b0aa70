import { request as ask, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { absoluteTarget } from "./egress-target.ts";

/** Asks the host at the other end of `socket`, and answers what it answers. Never throws: hosts say what they like. */
export function passRequest(
	request: IncomingMessage,
	response: ServerResponse,
	{ path, hostHeader }: ReturnType<typeof absoluteTarget>,
	socket: Socket,
): void {
	if (response.destroyed) return void socket.destroy(); // whoever asked has gone meanwhile
	const { method = "GET" } = request;
	const headers = { ...withoutHops(request.headers), host: hostHeader, connection: "close" };
	const outgoing = ask({ method, path, headers, createConnection: () => socket });
	outgoing.on("error", () => response.destroy());
	outgoing.on("response", (answer) => {
		const { statusCode = 0 } = answer;
		// Node reads three digits of any kind, and writes none of these.
		if (statusCode < 200 || statusCode > 599) return void response.destroy();
		response.writeHead(statusCode, withoutHops(answer.headers));
		answer.on("error", () => response.destroy());
		answer.pipe(response);
	});
	request.pipe(outgoing);
}

const HOPS = new Set([
	...["connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"],
	...["te", "trailer", "transfer-encoding", "upgrade"],
]);

/** Without what is meant for the next hop alone (RFC 9110 7.6.1). */
function withoutHops(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
	const named = new Set(
		String(headers.connection ?? "")
			.toLowerCase()
			.split(/\s*,\s*/),
	);
	return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOPS.has(name) && !named.has(name)));
}
