import { type ClientRequest, type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";
import { Problem } from "@bullpen/domain/problem";
import { protocolsFor, ticketInProtocols } from "./connection-offer.ts";
import { engineTarget, type GatewayTarget } from "./gateway-target.ts";
import type { Pace } from "./hearing.ts";
import { refuseHandshake } from "./refusal.ts";
import type { Settings } from "./settings.ts";
import { requireTicket } from "./ticket.ts";
import type { Tunnels } from "./tunnels.ts";

/** 16 random bytes in base64 (RFC 6455, 4.1). */
const WEBSOCKET_KEY = /^[A-Za-z0-9+/]{22}==$/;

/**
 * Carries one browser connection to its actor: a handshake of our own words to the engine, then bytes both ways. No
 * extension is passed on, so nothing inflates.
 * @throws Problem when the handshake is not one of a person's client
 */
export function openTunnel(
	settings: Settings,
	tunnels: Tunnels,
	target: GatewayTarget,
	handshake: IncomingMessage,
	client: Socket,
	head: Buffer,
	pace: Pace,
): void {
	const upstream = startHandshake(settings, target, handshake);
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

function startHandshake(settings: Settings, target: GatewayTarget, { headers }: IncomingMessage): ClientRequest {
	const key = headers["sec-websocket-key"];
	if (headers["sec-websocket-version"] !== "13" || key === undefined || !WEBSOCKET_KEY.test(key))
		throw new Problem("bad_input", "This is not a WebSocket handshake.");
	const { engineUrl, limits, ticketKey } = settings;
	const ticket = ticketInProtocols(headers["sec-websocket-protocol"], limits.connParamsBytesMax);
	requireTicket(ticket, ticketKey, target, Date.now());
	return request({
		host: engineUrl.hostname,
		port: engineUrl.port,
		path: engineTarget(target),
		agent: false,
		headers: {
			connection: "Upgrade",
			upgrade: "websocket",
			"sec-websocket-version": "13",
			"sec-websocket-key": key,
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
