"use client";
import { useState } from "react";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Field } from "../../../ui/field.tsx";

const FORM = "delete-workspace";

interface DeleteWorkspaceDialogProps {
	name: string;
	/** Why it was refused, in words, or null when it is done. */
	onDelete: (typed: string) => Promise<string | null>;
	onClose: () => void;
}

export default function DeleteWorkspaceDialog({ name, onDelete, onClose }: DeleteWorkspaceDialogProps) {
	const [typed, setTyped] = useState("");
	const [isBusy, setBusy] = useState(false);
	const [error, setError] = useState<string | undefined>();
	const submit = async () => {
		setBusy(true);
		const refused = await onDelete(typed);
		setBusy(false);
		if (refused !== null) setError(refused);
	};
	return (
		<Dialog
			role="alertdialog"
			title="Delete this workspace?"
			description="Its transcript, its talk and its files go for everybody, and cannot be brought back."
			onClose={onClose}
			footer={
				<>
					<Button onClick={onClose}>Cancel</Button>
					<Button type="submit" form={FORM} variant="danger" isBusy={isBusy} disabled={typed.trim() !== name}>
						Delete for ever
					</Button>
				</>
			}
		>
			<form
				id={FORM}
				className="px-5 pt-4 pb-1"
				onSubmit={(event) => {
					event.preventDefault();
					void submit();
				}}
			>
				<Field
					label={`Type “${name}” to confirm`}
					value={typed}
					autoComplete="off"
					error={error}
					onChange={(event) => setTyped(event.target.value)}
				/>
			</form>
		</Dialog>
	);
}
