"use client";
import type { Attachment } from "@bullpen/domain/attachment";
import { LIMITS } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import { useEffect, useRef, useState } from "react";
import { wordsFor } from "../../../live/words.ts";
import { notify } from "../../../ui/toast.tsx";
import type { PromptFiles } from "../workspace-data.ts";
import { contentOf, UnreadableFile } from "./readable-file.ts";

/** A file on its way into a prompt. */
export interface Draft {
	/** Its nonce. */
	key: string;
	file: File;
	/** Of a picture, while this page is open. */
	preview: string | null;
	/** Kept by the server, on its way there, or in words why not. */
	state: Attachment | "sending" | { problem: string; isFinal: boolean };
}

/** The files of the prompt that is being written: each is kept by the server as soon as it is there. */
export function useAttachments(files: PromptFiles) {
	const [drafts, setDrafts] = useState<readonly Draft[]>([]);
	/** One is sent after the other: together they would take the connection from everything else. */
	const last = useRef<Promise<void>>(Promise.resolve());
	const shown = useRef(drafts);
	shown.current = drafts;
	useEffect(() => () => shown.current.forEach(forget), []);

	const change = (key: string, state: Draft["state"]) =>
		setDrafts((all) => all.map((one) => (one.key === key ? { ...one, state } : one)));
	const send = ({ key, file }: Draft) => {
		change(key, "sending");
		last.current = last.current.then(async () => {
			if (!shown.current.some((one) => one.key === key)) return;
			try {
				change(key, await files.put(key, file.name, await contentOf(file)));
			} catch (error) {
				change(key, { problem: problemOf(error), isFinal: error instanceof UnreadableFile });
			}
		});
	};
	const add = (chosen: readonly File[]) => {
		const room = LIMITS.attachmentsMax - drafts.length;
		if (chosen.length > room) notify(`At most ${LIMITS.attachmentsMax} files can go with a prompt.`, "error");
		const added = chosen.slice(0, Math.max(0, room)).map(draftOf);
		setDrafts([...drafts, ...added]);
		shown.current = [...drafts, ...added];
		for (const draft of added) send(draft);
	};
	const remove = (key: string) => {
		const draft = drafts.find((one) => one.key === key);
		if (draft === undefined) return;
		forget(draft);
		// One that is not taken back is forgotten after a day.
		if (typeof draft.state === "object" && "id" in draft.state) files.remove(draft.state.id).catch(() => undefined);
		setDrafts(drafts.filter((one) => one !== draft));
	};
	const kept = drafts.flatMap(({ state }) => (typeof state === "object" && "id" in state ? [state] : []));
	return {
		drafts,
		add,
		remove,
		retry: send,
		/** What goes with the prompt, or null while something is on its way or failed. */
		kept: kept.length === drafts.length ? kept : null,
		/** They went with their prompt. */
		clear: () => {
			drafts.forEach(forget);
			setDrafts([]);
		},
	};
}

const draftOf = (file: File): Draft => {
	const isPicture = /^image\/(?:png|jpeg|gif|webp)$/.test(file.type);
	const key = crypto.getRandomValues(new Uint32Array(4)).join("-");
	return { key, file, preview: isPicture ? URL.createObjectURL(file) : null, state: "sending" };
};

const forget = ({ preview }: Draft) => preview !== null && URL.revokeObjectURL(preview);

function problemOf(error: unknown): string {
	if (error instanceof UnreadableFile) return error.message;
	if (!(error instanceof Problem)) return wordsFor(error);
	if (error.code === "queue_full") return "Too many files wait here. Try again when the queue is shorter.";
	if (error.code === "bad_input") return "This is no picture that can be shown.";
	return wordsFor(error);
}
