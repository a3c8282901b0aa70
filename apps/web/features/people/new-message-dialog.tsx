"use client";
import { useState } from "react";
import { PeoplePicker } from "../../live/people-picker.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";

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
		<Dialog
			title="New message"
			description={`Only you and the people you choose can read it. Up to ${othersMax} of them.`}
			onClose={onClose}
			footer={
				<>
					<Button onClick={onClose}>Cancel</Button>
					<Button variant="primary" isBusy={isBusy} disabled={chosen.length === 0} onClick={() => onOpen(chosen)}>
						Open
					</Button>
				</>
			}
		>
			<div className="min-h-64 overflow-y-auto px-5 pt-4">
				<PeoplePicker
					label="To"
					people={people}
					chosen={chosen}
					max={othersMax}
					isFocused
					error={error ?? undefined}
					onChange={setChosen}
				/>
			</div>
		</Dialog>
	);
}
