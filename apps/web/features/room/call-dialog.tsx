"use client";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";

interface CallDialogProps {
	count: number;
	onClose: () => void;
	onConfirm: () => void;
}

export default function CallDialog({ count, onClose, onConfirm }: CallDialogProps) {
	return (
		<Dialog
			role="alertdialog"
			title={`Call on ${count.toLocaleString()} people?`}
			description="Each of them is told that this message needs them."
			onClose={onClose}
			footer={
				<>
					<Button onClick={onClose}>Go on writing</Button>
					<Button variant="primary" onClick={onConfirm}>
						Send to all
					</Button>
				</>
			}
		/>
	);
}
