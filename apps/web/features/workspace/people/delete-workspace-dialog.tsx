"use client";
import { useState } from "react";
import { Field } from "../../../ui/field.tsx";
import { FormDialog } from "../../../ui/form-dialog.tsx";
import { useAttempt } from "../../../ui/use-attempt.ts";

interface DeleteWorkspaceDialogProps {
	name: string;
	/** Why it was refused, in words, or null when it is done. */
	onDelete: (typed: string) => Promise<string | null>;
	onClose: () => void;
}

export default function DeleteWorkspaceDialog({ name, onDelete, onClose }: DeleteWorkspaceDialogProps) {
	const [typed, setTyped] = useState("");
	const { isBusy, refusal, run } = useAttempt(onClose);
	return (
		<FormDialog
			title="Delete this workspace?"
			description="Its transcript, its talk and its files go for everybody, and cannot be brought back."
			act="Delete for ever"
			isDangerous
			canAct={typed.trim() === name}
			isBusy={isBusy}
			refusal={refusal}
			onAct={() => run(() => onDelete(typed))}
			onClose={onClose}
		>
			<Field
				label={`Type “${name}” to confirm`}
				value={typed}
				autoComplete="off"
				onChange={(event) => setTyped(event.target.value)}
			/>
		</FormDialog>
	);
}
