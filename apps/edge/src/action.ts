import { type Agent, type ClientRequest, type IncomingMessage, request, type ServerResponse } from "node:http";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Problem } from "@bullpen/domain/problem";
import { requireJson, ticketIn } from "./connection-offer.ts";
import { engineTarget, type GatewayTarget } from "./gateway-target.ts";
import type { Pace } from "./hearing.ts";
import type { Settings } from "./settings.ts";

/**
 * One call without a connection: `POST …/action/<name>` with a JSON body.
 * @throws Problem `bad_input` `unauthenticated` `frame_too_large` `busy`
 */
export async function callAction(
	settings: Settings,
	agent: Agent,
	target: GatewayTarget,
	call: IncomingMessage,
	response: ServerResponse,
	pace: Pace,
): Promise<void> {
	const bytesMax = settings.limits.clientFrameBytesMax;
	const headers = engineHeaders(settings, call, bytesMax);
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
	await Promise.race([pipeline(call, atMost(bytesMax, pace), upstream), answer]);
	const { statusCode = 502, headers: said } = await answer;
	response.writeHead(statusCode, {
		"content-type": said["content-type"] ?? "application/json",
		"cache-control": "no-store",
		"x-content-type-options": "nosniff",
	});
	await pipeline(await answer, response);
}

/** Written from what was read, like the target: of the client's own headers none gets through. */
function engineHeaders(settings: Settings, { headers }: IncomingMessage, bytesMax: number): Record<string, string> {
	requireJson(textOf(headers["x-rivet-encoding"]));
	if (headers["content-type"]?.split(";")[0]?.trim().toLowerCase() !== "application/json")
		throw new Problem("bad_input", "Send JSON, with its content type.");
	const ticket = ticketIn(textOf(headers["x-rivet-conn-params"]), settings.limits.connParamsBytesMax);
	const length = headers["content-length"];
	if (Number(length ?? 0) > bytesMax) throw tooLarge(bytesMax);
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

function atMost(bytesMax: number, pace: Pace): Transform {
	let bytes = 0;
	return new Transform({
		transform(chunk: Buffer, _encoding, done) {
			bytes += chunk.length;
			const waitMs = pace(chunk.length);
			if (bytes > bytesMax) done(tooLarge(bytesMax));
			else if (waitMs > 0) setTimeout(done, waitMs, null, chunk).unref();
			else done(null, chunk);
		},
	});
}

const tooLarge = (bytesMax: number): Problem =>
	new Problem("frame_too_large", "This request is larger than an actor takes.", { bytesMax });
