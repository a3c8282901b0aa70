"use client";
import { Problem } from "@bullpen/domain/problem";
import { useCallback, useEffect, useRef, useState } from "react";
import { z } from "zod";
import { followWork, type WorkProgress } from "../../../live/long-work.ts";

const Exported = z.object({ exportId: z.string(), messages: z.number(), files: z.number(), bytes: z.number() });

export type ExportState =
	| { readonly is: "none" }
	| { readonly is: "running"; readonly step: WorkProgress["step"]; readonly done: number | undefined }
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
		const { signal } = ours;
		const tell = (next: ExportState): void => {
			if (!signal.aborted) setState(next);
		};
		tell({ is: "running", step: "messages", done: undefined });
		const path = `/api/rooms/${roomId}/export`;
		followWork(path, { result: Exported, signal, onProgress: (progress) => tell({ is: "running", ...progress }) })
			.then(({ exportId, ...found }) => tell({ is: "ready", href: `${path}/${exportId}`, ...found }))
			.catch((error: unknown) => tell({ is: "failed", words: exportWords(error) }));
	}, [roomId]);
	return { state, start };
}

const exportWords = (error: unknown): string =>
	error instanceof Problem ? (WORDS.get(error.code) ?? DID_NOT_WORK) : BROKEN_OFF;

const BROKEN_OFF = "The server could not be reached to the end. Check your connection and try again.";
const DID_NOT_WORK = "That did not work. Try again in a moment.";
const WORDS = new Map<string, string>([
	["busy", "Other rooms are being exported right now. Try again in a minute."],
	["forbidden", "Only those who run this room may export it."],
	["queue_full", "This server has no room left for exports right now. Try again in an hour."],
	["not_found", "You are not in this room any more."],
	["unauthenticated", "You are signed out. Sign in again."],
]);
