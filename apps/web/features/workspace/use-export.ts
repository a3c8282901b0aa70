"use client";
import type { ExportFormat } from "@bullpen/domain/transcript/export";
import { useEffect, useRef, useState } from "react";
import type { PersonOf } from "../../live/person.ts";
import { complain } from "../../live/refusals.ts";
import { exportTranscript } from "./export-transcript.ts";
import type { WorkspaceVerbs } from "./workspace-data.ts";

interface Running {
	done: number;
	of: number;
}

/** One export at a time; it ends with the page. */
export function useExport(name: string, page: WorkspaceVerbs["page"], personOf: PersonOf) {
	const [running, setRunning] = useState<Running | null>(null);
	const current = useRef<AbortController | null>(null);
	useEffect(() => () => current.current?.abort(), []);
	const start = (format: ExportFormat) => {
		current.current?.abort();
		const controller = new AbortController();
		current.current = controller;
		setRunning({ done: 0, of: 0 });
		exportTranscript({
			format,
			name,
			page,
			nameOf: (userId) => personOf(userId).name,
			onProgress: (done, of) => setRunning({ done, of }),
			signal: controller.signal,
		})
			.catch((error: unknown) => {
				if (!controller.signal.aborted) complain(error);
			})
			.finally(() => {
				if (current.current === controller) setRunning(null);
			});
	};
	return { running, start, cancel: () => current.current?.abort() };
}
