"use client";
import { useState } from "react";
import { PeoplePicker } from "../../live/people-picker.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";

interface NewMessageDialogProps {
	/** Everybody there is to write to. */
	people: ReadonlyArray<{ id: string; name: string }>;
	/** Others at once, at most. */
	othersMax: number;
	isBusy: boolean;
	error: string | null;
	onOpen: (userIds: readonly string[]) => void;
	onClose: () => void;
}

/** Chooses whom to write to: one person, or several at once. */
export default function NewMessageDialog(props: NewMessageDialogProps) {
	const { people, othersMax, isBusy, error, onOpen, onClose } = props;
	const [chosen, setChosen] = useState<string[]>([]);
	return (
		<FormDialog
			title="New message"
			description={`Only you and the people you choose can read it. Up to ${othersMax} of them.`}
			act="Open"
			canAct={chosen.length > 0}
			isBusy={isBusy}
			className="min-h-64"
			onAct={() => onOpen(chosen)}
			onClose={onClose}
		>
			<PeoplePicker
				label="To"
				people={people}
				chosen={chosen}
				max={othersMax}
				isFocused
				error={error ?? undefined}
				onChange={setChosen}
			/>
		</FormDialog>
	);
}
