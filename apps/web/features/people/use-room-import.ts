"use client";
import { uploadRoomArchive } from "@bullpen/client/upload";
import { useEffect, useRef, useState } from "react";
import { z } from "zod";
import { followWork } from "../../live/long-work.ts";
import { importWords } from "./import-words.ts";

const Imported = z.object({
	roomId: z.string(),
	name: z.string(),
	messages: z.number(),
	files: z.number(),
	missingFiles: z.number(),
	people: z.number(),
});

type RoomImport =
	| { readonly is: "chosen"; readonly refusal: string | null }
	| { readonly is: "uploading" | "messages" | "files"; readonly done: number | undefined }
	| { readonly is: "done"; readonly room: z.infer<typeof Imported> };

/** A room of an archive on this device: sent, then made by the server. Both end with whoever asked for it. */
export function useRoomImport(): { state: RoomImport; start: (file: File, name: string) => void } {
	const [state, setState] = useState<RoomImport>({ is: "chosen", refusal: null });
	const running = useRef<AbortController>(null);
	useEffect(() => () => running.current?.abort(), []);
	const start = (file: File, name: string): void => {
		const ours = new AbortController();
		running.current = ours;
		const { signal } = ours;
		const tell = (next: RoomImport): void => {
			if (!signal.aborted) setState(next);
		};
		const bring = async (): Promise<RoomImport> => {
			tell({ is: "uploading", done: undefined });
			const onProgress = (done: number): void => tell({ is: "uploading", done });
			const uploadId = await uploadRoomArchive({ url: "", file, signal, onProgress });
			tell({ is: "messages", done: undefined });
			const room = await followWork("/api/rooms/import", {
				body: { uploadId, ...(name !== "" && { name }) },
				result: Imported,
				signal,
				onProgress: ({ step, done }) => tell({ is: step, done }),
			});
			return { is: "done", room };
		};
		bring()
			.then(tell)
			.catch((error: unknown) => tell({ is: "chosen", refusal: importWords(error) }));
	};
	return { state, start };
}
