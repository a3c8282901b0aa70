"use client";
import { MESSAGE_ATTACHMENTS_MAX, type UploadedAttachment } from "@bullpen/domain/message-attachment";
import { useEffect, useState, useSyncExternalStore } from "react";
import { type FileDraft, forgetPreview, keptOf } from "../../../live/file-drafts.ts";
import { isPicture } from "../../../live/files-words.ts";
import { useLive } from "../../../live/live.tsx";
import { notify } from "../../../ui/toast.tsx";
import { keepPreview } from "./previews.ts";
import { roomDesks } from "./room-desks.ts";

/** The files of the message that is being written in a place: a room, or a thread of it. */
export function useMessageFiles(place: string) {
	const live = useLive();
	const [desk] = useState(() => roomDesks(live).get(place));
	const drafts = useSyncExternalStore(desk.subscribe, desk.getSnapshot, desk.getSnapshot);
	useAskBeforeLeaving(drafts.length > 0);
	return {
		drafts,
		add: (files: readonly File[]) => {
			if (desk.add(files) > 0) notify(`At most ${MESSAGE_ATTACHMENTS_MAX} files can go with a message.`, "error");
		},
		remove: desk.remove,
		retry: desk.retry,
		/** What goes with the message, or null while something is on its way or failed. */
		kept: keptOf(drafts),
		hasFailed: drafts.some(({ state }) => state.type === "failed"),
		/** They went with their message. */
		sent: () => desk.take().forEach(keepShown),
	};
}

/** A picture is shown at once where it was sent from, by what this page has of it. */
function keepShown(draft: FileDraft<UploadedAttachment>): void {
	const { state, preview } = draft;
	if (preview !== null && state.type === "kept" && isPicture(state.kept.attachment)) {
		keepPreview(state.kept.attachment.id, preview);
	} else forgetPreview(draft);
}

/** Files that were chosen cannot be had again by a page that is loaded anew. */
function useAskBeforeLeaving(isNeeded: boolean): void {
	useEffect(() => {
		if (!isNeeded) return;
		const ask = (event: BeforeUnloadEvent) => event.preventDefault();
		window.addEventListener("beforeunload", ask);
		return () => window.removeEventListener("beforeunload", ask);
	}, [isNeeded]);
}
