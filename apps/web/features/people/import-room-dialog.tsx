"use client";
import { LIMITS } from "@bullpen/domain/limits";
import { useState } from "react";
import { ButtonLink } from "../../ui/button.tsx";
import { countOf } from "../../ui/count-of.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { FileField } from "../../ui/file-field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { useRoomImport } from "./use-room-import.ts";

/** A room of the file that an export gave, here or on another server. */
export default function ImportRoomDialog({ onClose }: { onClose: () => void }) {
	const { state, start } = useRoomImport();
	const [file, setFile] = useState<File | null>(null);
	const [name, setName] = useState("");
	if (state.is === "done") {
		const { roomId, messages, files, missingFiles, people } = state.room;
		return (
			<Dialog
				title={`#${state.room.name} is here`}
				onClose={onClose}
				footer={
					<ButtonLink href={`/r/${roomId}`} variant="primary">
						Open room
					</ButtonLink>
				}
			>
				<p role="status" className="px-5 pt-3 pb-1 text-text-muted">
					{countOf(messages, "message")} and {countOf(files, "file")} were imported.
					{missingFiles > 0 && ` Without ${countOf(missingFiles, "file")}: the archive does not have them.`}
					{people > 0 && ` With ${countOf(people, "profile")} for people whom nobody here knew.`}
				</p>
			</Dialog>
		);
	}
	const running = state.is === "chosen" ? null : state;
	const isTooLarge = file !== null && file.size > LIMITS.roomArchiveBytesMax;
	return (
		<FormDialog
			title="Import a room"
			description="All messages of a room, its files and its people, as an export of this or another server has them."
			act="Import"
			canAct={file !== null && !isTooLarge}
			isBusy={running !== null}
			refusal={state.is === "chosen" ? state.refusal : null}
			onAct={() => file && start(file, name.trim())}
			onClose={onClose}
		>
			<fieldset disabled={running !== null} className="min-w-0 space-y-5 disabled:opacity-60">
				<legend className="sr-only">What is imported</legend>
				<FileField
					label="Archive"
					accept=".tar,application/x-tar"
					error={isTooLarge ? "This archive is too large for this server." : undefined}
					onFile={setFile}
				/>
				<Field
					label="Name"
					value={name}
					maxLength={64}
					autoComplete="off"
					placeholder="The one that it had"
					onChange={(event) => setName(event.target.value)}
				/>
			</fieldset>
			{running !== null && (
				<div className="space-y-2">
					<p role="status" className="text-sm">
						{STEPS[running.is]}
					</p>
					<ProgressBar label={STEPS[running.is]} done={running.done} />
				</div>
			)}
		</FormDialog>
	);
}

const STEPS = {
	uploading: "Uploading the archive…",
	messages: "Reading the archive…",
	files: "Bringing in its files…",
} as const;
