import { type Agent, type ClientRequest, type IncomingMessage, request, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { Problem } from "@bullpen/domain/problem";
import { atMost, requireLength } from "./body-limit.ts";
import { requireJson, ticketIn } from "./connection-offer.ts";
import { engineTarget, type GatewayTarget } from "./gateway-target.ts";
import type { Pace } from "./hearing.ts";
import type { Settings } from "./settings.ts";
import { requireTicket } from "./ticket.ts";

export type EngineHeaders = Readonly<Record<string, string>>;

/**
 * One call without a connection: `POST …/action/<name>` with a JSON body, and these headers for the engine.
 * @throws Problem `frame_too_large` `busy`
 */
export async function callAction(
	settings: Settings,
	agent: Agent,
	target: GatewayTarget,
	call: IncomingMessage,
	response: ServerResponse,
	headers: EngineHeaders,
	pace: Pace,
): Promise<void> {
	const deadline = AbortSignal.timeout(settings.limits.edgeActionMs);
	const gone = new AbortController();
	response.once("close", () => gone.abort());
	const upstream = request({
		method: "POST",
		host: settings.engineUrl.hostname,
		port: settings.engineUrl.port,
		path: engineTarget(target),
		agent,
		headers,
		signal: AbortSignal.any([deadline, gone.signal]),
	});
	const answer = answerOf(upstream);
	await Promise.race([pipeline(call, atMost(settings.limits.clientFrameBytesMax, pace), upstream), answer]);
	const { statusCode = 502, headers: said } = await answer;
	response.writeHead(statusCode, {
		"content-type": said["content-type"] ?? "application/json",
		"cache-control": "no-store",
		"x-content-type-options": "nosniff",
	});
	await pipeline(await answer, response);
}

/**
 * Written from what was read, like the target: of the client's own headers none gets through.
 * @throws Problem `bad_input` `unauthenticated` `frame_too_large`
 */
export function engineHeaders(settings: Settings, target: GatewayTarget, call: IncomingMessage): EngineHeaders {
	const { headers } = call;
	requireJson(textOf(headers["x-rivet-encoding"]));
	if (headers["content-type"]?.split(";")[0]?.trim().toLowerCase() !== "application/json")
		throw new Problem("bad_input", "Send JSON, with its content type.");
	const ticket = ticketIn(textOf(headers["x-rivet-conn-params"]), settings.limits.connParamsBytesMax);
	requireTicket(ticket, settings.ticketKey, target, Date.now());
	requireLength(call, settings.limits.clientFrameBytesMax);
	const length = headers["content-length"];
	return {
		"content-type": "application/json",
		"x-rivet-encoding": "json",
		"x-rivet-conn-params": JSON.stringify({ ticket }),
		...(length !== undefined && { "content-length": length }),
	};
}

const textOf = (header: string | string[] | undefined): string | undefined =>
	Array.isArray(header) ? undefined : header;

function answerOf(upstream: ClientRequest): Promise<IncomingMessage> {
	return new Promise((resolve, reject) => {
		upstream.once("response", resolve);
		upstream.once("error", () =>
			reject(new Problem("busy", "The rooms cannot be reached just now. Try again.", { waitMs: 1_000 })),
		);
	});
}
