import type { RelayedOp } from "@bullpen/domain/relay";
import { isRecord } from "./client-frame.ts";
import { readRefusal } from "./upstream-socket.ts";

export interface Frame {
	readonly link: string;
	readonly n: number;
	readonly ops: readonly unknown[];
}

/** A frame from an actor, its ops still unread. It comes thousands of times a second, so this is not the schema's work. */
export function readRelayedFrame(value: unknown): Frame | undefined {
	if (!isRecord(value)) return undefined;
	const { link, n, ops: text } = value;
	if (typeof link !== "string" || typeof n !== "number" || typeof text !== "string") return undefined;
	const ops = readJson(text);
	return Array.isArray(ops) ? { link, n, ops } : undefined;
}

function readJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined; // this edge does not understand it
	}
}

/** One op, or nothing when this edge does not know it. */
export function readOp(op: unknown): RelayedOp | undefined {
	if (!isRecord(op)) return undefined;
	switch (op.type) {
		case "event":
			return readEvent(op);
		case "answer":
			return typeof op.callId === "number" ? { type: "answer", callId: op.callId, output: op.output } : undefined;
		case "error":
			if (typeof op.callId !== "number" || !isRecord(op.error)) return undefined;
			return { type: "error", callId: op.callId, error: readRefusal(op.error) };
		case "close":
			if (typeof op.connectionId !== "string") return undefined;
			return { type: "close", connectionId: op.connectionId, reason: String(op.reason) };
		default:
			return undefined;
	}
}

function readEvent({ name, args, to, except }: Record<string, unknown>): RelayedOp | undefined {
	if (typeof name !== "string" || !Array.isArray(args)) return undefined;
	if (to !== undefined) return isTexts(to) ? { type: "event", name, args, to } : undefined;
	if (except !== undefined) return isTexts(except) ? { type: "event", name, args, except } : undefined;
	return { type: "event", name, args };
}

const isTexts = (value: unknown): value is string[] =>
	Array.isArray(value) && value.every((item) => typeof item === "string");
