import { type ClientRequest, type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";
import { Problem } from "@bullpen/domain/problem";
import { protocolsFor } from "./connection-offer.ts";
import { engineTarget, type GatewayTarget } from "./gateway-target.ts";
import type { Admitted } from "./handshake.ts";
import type { Pace } from "./hearing.ts";
import { refuseHandshake } from "./refusal.ts";
import type { Settings } from "./settings.ts";
import type { Tunnels } from "./tunnels.ts";

/**
 * Carries one browser connection to its actor: a handshake of our own words to the engine, then bytes both ways. No
 * extension is passed on, so nothing inflates.
 */
export function openTunnel(
	settings: Settings,
	tunnels: Tunnels,
	target: GatewayTarget,
	admitted: Admitted,
	client: Socket,
	head: Buffer,
	pace: Pace,
): void {
	const upstream = startHandshake(settings, target, admitted);
	const deadline = setTimeout(() => upstream.destroy(), settings.limits.edgeHandshakeMs);
	const abandon = (): void => {
		upstream.destroy();
	};
	client.once("close", abandon);
	upstream.once("upgrade", (answer, engine, engineHead) => {
		clearTimeout(deadline);
		client.off("close", abandon);
		client.write(acceptance(answer));
		client.unshift(head);
		engine.unshift(engineHead);
		tunnels.join(client, engine, pace);
	});
	upstream.once("response", (answer) => {
		answer.resume();
		refuseHandshake(client, refusalFor(answer.statusCode ?? 502));
	});
	upstream.once("error", () => refuseHandshake(client, unreachable()));
	upstream.once("close", () => clearTimeout(deadline));
	upstream.end();
}

function startHandshake(
	{ engineUrl }: Settings,
	target: GatewayTarget,
	{ ticket, webSocketKey }: Admitted,
): ClientRequest {
	return request({
		host: engineUrl.hostname,
		port: engineUrl.port,
		path: engineTarget(target),
		agent: false,
		headers: {
			connection: "Upgrade",
			upgrade: "websocket",
			"sec-websocket-version": "13",
			"sec-websocket-key": webSocketKey,
			"sec-websocket-protocol": protocolsFor(ticket),
		},
	});
}

/** The engine's headers stay inside, except for what the handshake is made of. */
function acceptance({ headers }: IncomingMessage): string {
	const lines = [
		"HTTP/1.1 101 Switching Protocols",
		"Connection: Upgrade",
		"Upgrade: websocket",
		`Sec-WebSocket-Accept: ${headers["sec-websocket-accept"] ?? ""}`,
		"Sec-WebSocket-Protocol: rivet",
	];
	return `${lines.join("\r\n")}\r\n\r\n`;
}

const refusalFor = (status: number): Problem =>
	status >= 500 ? unreachable() : new Problem("not_found", "There is nothing here that is open to you.");

const unreachable = (): Problem =>
	new Problem("busy", "The rooms cannot be reached just now. Try again.", { waitMs: 1_000 });
