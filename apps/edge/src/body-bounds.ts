import type { IncomingMessage, ServerResponse } from "node:http";
import type { Limits } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import { refuse } from "./refusal.ts";

interface BodyBounds {
	readonly bytesMax: number;
	/** From the end of the head to that of the body. */
	readonly wholeMs: number;
}

/** Three places take files: archives for workspaces, those of rooms, and what goes with messages. */
export function bodyBounds(limits: Limits, { method, url = "" }: IncomingMessage): BodyBounds {
	const { edgeWebBodyBytesMax, edgeWebMs, messageFileUploadMs: wholeMs } = limits;
	if (method === "POST") {
		if (url === "/api/uploads") return { bytesMax: limits.originArchiveBytesMax, wholeMs };
		if (url === "/api/uploads?for=room") return { bytesMax: limits.roomArchiveBytesMax, wholeMs };
		if (url.startsWith("/api/files?")) return { bytesMax: limits.messageFileBytesMax, wholeMs };
	}
	return { bytesMax: edgeWebBodyBytesMax, wholeMs: edgeWebMs };
}

/** The longest that Node itself may wait for a whole request: it knows one time for all of a server. */
export const requestMsMax = (limits: Limits): number =>
	limits.edgeHeadMs + Math.max(limits.edgeWebMs, limits.messageFileUploadMs);

/** Ends a request whose body is not here in time, whatever was answered to it meanwhile. */
export function requireInTime(limits: Limits, request: IncomingMessage, response: ServerResponse): void {
	const { "content-length": length = 0, "transfer-encoding": coding } = request.headers;
	if (Number(length) === 0 && coding === undefined) return;
	const end = (): void => {
		if (request.complete) return;
		response.shouldKeepAlive = false;
		if (response.headersSent) request.socket.destroy();
		else refuse(response, request, tooSlow());
	};
	const timer = setTimeout(end, bodyBounds(limits, request).wholeMs).unref();
	const clear = (): void => clearTimeout(timer);
	request.once("end", clear).once("close", clear);
}

const tooSlow = (): Problem => new Problem("busy", "This came too slowly. Try again.", { waitMs: 1_000 });
