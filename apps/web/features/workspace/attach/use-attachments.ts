"use client";
import type { Attachment } from "@bullpen/domain/attachment";
import { LIMITS } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import { useEffect, useState, useSyncExternalStore } from "react";
import { FileDrafts } from "../../../live/file-drafts.ts";
import { keptOf } from "../../../live/kept-files.ts";
import { wordsFor } from "../../../live/words.ts";
import { notify } from "../../../ui/toast.tsx";
import type { PromptFiles } from "../workspace-data.ts";
import { contentOf, UnreadableFile } from "./readable-file.ts";

/** The files of the prompt that is being written: each is kept by the server as soon as it is there. */
export function useAttachments(files: PromptFiles) {
	const [desk] = useState(() => deskOf(files));
	const drafts = useSyncExternalStore(desk.subscribe, desk.getSnapshot, desk.getSnapshot);
	useEffect(() => () => desk.dispose(), [desk]);
	return {
		drafts,
		add: (chosen: readonly File[]) => {
			const isTooMany = desk.add(chosen) > 0;
			if (isTooMany) notify(`At most ${LIMITS.attachmentsMax} files can go with a prompt.`, "error");
		},
		remove: desk.remove,
		retry: desk.retry,
		/** What goes with the prompt, or null while something is on its way or failed. */
		kept: keptOf(drafts),
		/** They went with their prompt. */
		clear: () => desk.dispose(),
	};
}

const deskOf = (files: PromptFiles) =>
	new FileDrafts<Attachment>({
		send: async (file, { key }) => files.put(key, file.name, await contentOf(file)),
		// One that is not taken back is forgotten after a day.
		forget: ({ id }) => void files.remove(id).catch(() => undefined),
		refusal: (error) => ({ reason: reasonOf(error), isFinal: error instanceof UnreadableFile }),
		max: LIMITS.attachmentsMax,
		atOnce: 1, // together they would take the connection from everything else
	});

function reasonOf(error: unknown): string {
	if (error instanceof UnreadableFile) return error.message;
	if (!(error instanceof Problem)) return wordsFor(error);
	if (error.code === "queue_full") return "Too many files wait here. Try again when the queue is shorter.";
	if (error.code === "bad_input") return "This is no picture that can be shown.";
	return wordsFor(error);
}
