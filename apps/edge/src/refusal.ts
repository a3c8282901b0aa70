import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { Problem, type ProblemCode } from "@bullpen/domain/problem";

const STATUS: Partial<Record<ProblemCode, number>> = {
	bad_input: 400,
	busy: 503,
	forbidden: 403,
	frame_too_large: 413,
	not_found: 404,
	rate_limited: 429,
	shutting_down: 503,
	unauthenticated: 401,
};

const statusOf = (problem: Problem): number => STATUS[problem.code] ?? 400;

/** Answers `{ code, message, details }`, the body of every refusal of this server. */
export function refuse(response: ServerResponse, request: IncomingMessage, problem: Problem): void {
	if (response.headersSent) {
		response.destroy();
		return;
	}
	const body = bodyOf(problem);
	// What is left of the request is not read: the connection cannot carry another one.
	const isWhole = request.complete || SAFE_TO_KEEP.has(request.method);
	response.writeHead(statusOf(problem), { ...headersOf(problem, body), ...(!isWhole && { connection: "close" }) });
	response.end(body);
}

/** The same for a handshake, which has no response object: the answer is written and the socket closed. */
export function refuseHandshake(socket: Duplex, problem: Problem): void {
	if (socket.destroyed) return;
	const body = bodyOf(problem);
	const status = statusOf(problem);
	const headers = Object.entries({ ...headersOf(problem, body), connection: "close" });
	const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...headers.map(([name, value]) => `${name}: ${value}`)];
	socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}

/** What to answer for anything that was thrown. */
export const asProblem = (error: unknown): Problem =>
	error instanceof Problem ? error : new Problem("busy", "Something went wrong. Try again.", { waitMs: 1_000 });

const SAFE_TO_KEEP: ReadonlySet<string | undefined> = new Set(["GET", "HEAD"]);

const bodyOf = ({ code, message, details }: Problem): string => JSON.stringify({ code, message, details });

function headersOf({ details }: Problem, body: string): Record<string, string | number> {
	return {
		"content-type": "application/json",
		"content-length": Buffer.byteLength(body),
		"cache-control": "no-store",
		"x-content-type-options": "nosniff",
		...(typeof details.waitMs === "number" && { "retry-after": Math.ceil(details.waitMs / 1000) }),
	};
}
