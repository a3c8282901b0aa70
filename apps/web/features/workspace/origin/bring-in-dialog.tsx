"use client";
import { uploadArchive } from "@bullpen/client/upload";
import { useEffect, useRef, useState } from "react";
import { wordsFor } from "../../../live/words.ts";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { FormDialog } from "../../../ui/form-dialog.tsx";
import { useWorkspaceStore } from "../workspace-stores.ts";
import { percentOf } from "./origin-words.ts";
import { Progress } from "./progress.tsx";
import { chosenOrigin, EMPTY_DRAFT, StartFromFields } from "./start-from-fields.tsx";

/** Another try to bring files into a workspace in which nothing has happened yet. How it goes on, its page shows. */
export default function BringInDialog({ workspaceId, onClose }: { workspaceId: string; onClose: () => void }) {
	const store = useWorkspaceStore(workspaceId);
	const [draft, setDraft] = useState({ ...EMPTY_DRAFT, kind: "archive" as "archive" | "git" | "empty" });
	const [done, setDone] = useState<number | null>(null);
	const [isBusy, setBusy] = useState(false);
	const [error, setError] = useState<string | null>(null);
	const upload = useRef<AbortController | null>(null);
	useEffect(() => () => upload.current?.abort(), []);
	const origin = chosenOrigin(draft);
	const start = async () => {
		if (origin === null || origin.kind === "empty") return;
		setError(null);
		setBusy(true);
		try {
			if (origin.kind === "archive") {
				const giveUp = new AbortController();
				upload.current = giveUp;
				const options = { url: "", file: origin.file, signal: giveUp.signal, onProgress: setDone };
				const uploadId = await uploadArchive(options);
				await store.people.startFrom({ kind: "archive", uploadId, name: origin.file.name });
			} else {
				await store.people.startFrom(origin);
			}
			onClose();
		} catch (failure) {
			setError(upload.current?.signal.aborted ? null : wordsFor(failure));
		} finally {
			setDone(null);
			setBusy(false);
		}
	};
	if (done !== null) {
		return (
			<Dialog title="Bring files in" onClose={onClose}>
				<Progress label={`Uploading…${percentOf(done)}`} done={done}>
					<Button onClick={() => upload.current?.abort()}>Cancel</Button>
				</Progress>
			</Dialog>
		);
	}
	return (
		<FormDialog
			title="Bring files in"
			act="Start"
			canAct={origin !== null}
			isBusy={isBusy}
			refusal={error}
			onAct={start}
			onClose={onClose}
		>
			<StartFromFields draft={draft} hasEmpty={false} onChange={setDraft} />
		</FormDialog>
	);
}
