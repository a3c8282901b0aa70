"use client";
import type { Message } from "@bullpen/domain/message";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";

const PREVIEW_CHARS = 240;

interface DeleteDialogProps {
	message: Message;
	onClose: () => void;
	onDelete: () => void;
}

export default function DeleteDialog({ message, onClose, onDelete }: DeleteDialogProps) {
	return (
		<Dialog
			role="alertdialog"
			title="Delete this message?"
			description="It disappears for everyone, and cannot be brought back."
			onClose={onClose}
			footer={
				<>
					<Button onClick={onClose}>Cancel</Button>
					<Button variant="danger" onClick={onDelete}>
						Delete
					</Button>
				</>
			}
		>
			<p className="mx-5 mt-3 line-clamp-4 whitespace-pre-wrap rounded-md bg-sunken px-3 py-2 text-sm">
				{message.text.slice(0, PREVIEW_CHARS)}
			</p>
		</Dialog>
	);
}
