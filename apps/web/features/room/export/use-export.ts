"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { z } from "zod";

const Line = z.union([
	z.object({ progress: z.object({ done: z.number(), of: z.number() }) }),
	z.object({
		result: z.object({ exportId: z.string(), messages: z.number(), files: z.number(), bytes: z.number() }),
	}),
	z.object({ problem: z.object({ code: z.string() }) }),
]);
type Line = z.infer<typeof Line>;
const Refusal = z.object({ code: z.string() });

export type ExportState =
	| { readonly is: "none" }
	| { readonly is: "running"; readonly done: number | undefined }
	| {
			readonly is: "ready";
			readonly href: string;
			readonly messages: number;
			readonly files: number;
			readonly bytes: number;
	  }
	| { readonly is: "failed"; readonly words: string };

/** An archive of a room, as the server makes it. It ends with whoever asked for it. */
export function useExport(roomId: string): { state: ExportState; start: () => void } {
	const [state, setState] = useState<ExportState>({ is: "none" });
	const running = useRef<AbortController>(null);
	useEffect(() => () => running.current?.abort(), []);
	const start = useCallback(() => {
		running.current?.abort();
		const ours = new AbortController();
		running.current = ours;
		setState({ is: "running", done: undefined });
		void follow(roomId, ours.signal, (line) => {
			if (!ours.signal.aborted) setState(stateAfter(line, roomId));
		}).catch(() => {
			if (!ours.signal.aborted) setState({ is: "failed", words: BROKEN_OFF }); // fetch throws for nothing else
		});
	}, [roomId]);
	return { state, start };
}

const BROKEN_OFF = "The server could not be reached to the end. Check your connection and try again.";

async function follow(roomId: string, signal: AbortSignal, told: (line: Line) => void): Promise<void> {
	const response = await fetch(`/api/rooms/${roomId}/export`, { method: "POST", signal });
	if (!response.ok || response.body === null) {
		const refusal = Refusal.safeParse(await response.json().catch(() => null));
		return told({ problem: { code: refusal.success ? refusal.data.code : "busy" } });
	}
	const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
	let begun = "";
	let last: Line | undefined;
	for (;;) {
		const { done, value = "" } = await reader.read();
		const lines = `${begun}${value}`.split("\n");
		begun = lines.pop() ?? "";
		for (const line of lines) {
			last = Line.parse(JSON.parse(line));
			told(last);
		}
		if (done) break;
	}
	if (last === undefined || "progress" in last) throw new Error("an export broke off");
}

function stateAfter(line: Line, roomId: string): ExportState {
	if ("progress" in line) {
		const { done, of } = line.progress;
		return { is: "running", done: of === 0 ? undefined : done / of };
	}
	if ("problem" in line) return { is: "failed", words: WORDS.get(line.problem.code) ?? DID_NOT_WORK };
	const { exportId, ...found } = line.result;
	return { is: "ready", href: `/api/rooms/${roomId}/export/${exportId}`, ...found };
}

const DID_NOT_WORK = "That did not work. Try again in a moment.";
const WORDS = new Map([
	["busy", "Other rooms are being exported right now. Try again in a minute."],
	["forbidden", "Only those who run this room may export it."],
	["not_found", "You are not in this room any more."],
	["unauthenticated", "You are signed out. Sign in again."],
]);
