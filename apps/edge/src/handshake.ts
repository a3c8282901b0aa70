import type { IncomingMessage } from "node:http";
import { Problem } from "@bullpen/domain/problem";
import { ticketInProtocols } from "./connection-offer.ts";
import type { GatewayTarget } from "./gateway-target.ts";
import type { Settings } from "./settings.ts";
import { requireTicket } from "./ticket.ts";

/** Somebody whose ticket is good for what they want to connect to. The actor reads it again. */
export interface Admitted {
	readonly userId: string;
	readonly ticket: string;
	readonly webSocketKey: string;
}

/** 16 random bytes in base64 (RFC 6455, 4.1). */
const WEBSOCKET_KEY = /^[A-Za-z0-9+/]{22}==$/;

/** @throws Problem when the handshake is not one of a person's client */
export function admitHandshake(settings: Settings, target: GatewayTarget, { headers }: IncomingMessage): Admitted {
	const webSocketKey = headers["sec-websocket-key"];
	if (headers["sec-websocket-version"] !== "13" || webSocketKey === undefined || !WEBSOCKET_KEY.test(webSocketKey))
		throw new Problem("bad_input", "This is not a WebSocket handshake.");
	const ticket = ticketInProtocols(headers["sec-websocket-protocol"], settings.limits.connParamsBytesMax);
	const { sub: userId } = requireTicket(ticket, settings.ticketKey, target, Date.now());
	return { userId, ticket, webSocketKey };
}
