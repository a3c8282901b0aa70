"use client";
import { Link2, Pencil, Trash2 } from "lucide-react";
import { IconButton } from "../../ui/button.tsx";
import { ReactionPicker } from "./reaction-picker.tsx";

interface MessageActionsProps {
	onReact: ((emoji: string) => void) | undefined;
	onEdit: (() => void) | undefined;
	onDelete: (() => void) | undefined;
	onCopyLink: () => void;
	onPickerChange: (isOpen: boolean) => void;
}

export function MessageActions({ onReact, onEdit, onDelete, onCopyLink, onPickerChange }: MessageActionsProps) {
	return (
		<div
			role="toolbar"
			aria-label="Message actions"
			className="absolute end-4 -top-3.5 z-10 flex rounded-md bg-raised p-0.5 shadow-mid animate-appear md:end-5"
		>
			{onReact && <ReactionPicker onPick={onReact} onOpenChange={onPickerChange} />}
			{onEdit && (
				<IconButton label="Edit message" onClick={onEdit}>
					<Pencil />
				</IconButton>
			)}
			<IconButton label="Copy link" onClick={onCopyLink}>
				<Link2 />
			</IconButton>
			{onDelete && (
				<IconButton label="Delete message" tip="top-end" variant="danger" onClick={onDelete}>
					<Trash2 />
				</IconButton>
			)}
		</div>
	);
}
