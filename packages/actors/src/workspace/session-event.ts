import type { EventPayload } from "@bullpen/domain/wire";
import type { SessionEvent } from "./agent/agent-host.ts";

/** The agent's envelope as everybody gets it. One that fits no frame is told without its content. */
export const wireEvent = (event: SessionEvent, bytesMax: number): EventPayload<"workspace", "session.event"> => {
	const omittedBytes = Buffer.byteLength(JSON.stringify(event.payload));
	if (omittedBytes <= bytesMax) return { ...event };
	const method = "method" in event.payload ? { method: event.payload.method } : {};
	return { ...event, payload: { jsonrpc: "2.0", ...method, params: { omittedBytes } } };
};
