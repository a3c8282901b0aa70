import { z } from "zod";

/** A JSON-RPC 2.0 message as agents and Sandbox Agent write it; what else it holds is kept. */
const Envelope = z.looseObject({
	id: z.union([z.string(), z.number(), z.null()]).optional(),
	method: z.string().optional(),
	params: z.record(z.string(), z.unknown()).optional(),
	result: z.unknown().optional(),
	error: z.unknown().optional(),
});
export type Envelope = z.infer<typeof Envelope>;

/** Undefined for anything that is no message. */
export function parseEnvelope(text: string): Envelope | undefined {
	try {
		return Envelope.safeParse(JSON.parse(text)).data;
	} catch {
		return undefined; // no JSON, so no message
	}
}

export function isRequest(message: Envelope): boolean {
	return message.method !== undefined && message.id !== undefined && message.id !== null;
}

export function isResponse(message: Envelope): boolean {
	return message.method === undefined && message.id !== undefined && message.id !== null;
}
