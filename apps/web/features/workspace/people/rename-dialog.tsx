"use client";
import { LIMITS } from "@bullpen/domain/limits";
import { useState } from "react";
import { Field } from "../../../ui/field.tsx";
import { FormDialog } from "../../../ui/form-dialog.tsx";
import { useAttempt } from "../../../ui/use-attempt.ts";

interface RenameDialogProps {
	name: string;
	/** Why it was refused, in words, or null when it is done. */
	onRename: (name: string) => Promise<string | null>;
	onClose: () => void;
}

export default function RenameDialog({ name, onRename, onClose }: RenameDialogProps) {
	const [text, setText] = useState(name);
	const { isBusy, refusal, run } = useAttempt(onClose);
	return (
		<FormDialog
			title="Rename workspace"
			act="Rename"
			canAct={text.trim() !== ""}
			isBusy={isBusy}
			onAct={() => run(() => onRename(text))}
			onClose={onClose}
		>
			<Field
				label="Name"
				value={text}
				maxLength={LIMITS.roomNameCharsMax}
				autoComplete="off"
				error={refusal ?? undefined}
				onChange={(event) => setText(event.target.value)}
			/>
		</FormDialog>
	);
}
