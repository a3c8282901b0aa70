"use client";
import { LIMITS } from "@bullpen/domain/limits";
import { useState } from "react";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Field } from "../../../ui/field.tsx";

const FORM = "rename-workspace";

interface RenameDialogProps {
	name: string;
	/** Why it was refused, in words, or null when it is done. */
	onRename: (name: string) => Promise<string | null>;
	onClose: () => void;
}

export default function RenameDialog({ name, onRename, onClose }: RenameDialogProps) {
	const [text, setText] = useState(name);
	const [isBusy, setBusy] = useState(false);
	const [error, setError] = useState<string | undefined>();
	const submit = async () => {
		setBusy(true);
		const refused = await onRename(text);
		setBusy(false);
		if (refused === null) onClose();
		else setError(refused);
	};
	return (
		<Dialog
			title="Rename workspace"
			onClose={onClose}
			footer={
				<>
					<Button onClick={onClose}>Cancel</Button>
					<Button type="submit" form={FORM} variant="primary" isBusy={isBusy} disabled={text.trim() === ""}>
						Rename
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
					label="Name"
					value={text}
					maxLength={LIMITS.roomNameCharsMax}
					autoComplete="off"
					error={error}
					onChange={(event) => setText(event.target.value)}
				/>
			</form>
		</Dialog>
	);
}
