"use client";
import { CircleDot, Link2, MessageSquareReply, Pencil, Pin, PinOff, Reply, Trash2 } from "lucide-react";
import { IconButton } from "../../ui/button.tsx";
import { ReactionPicker } from "./reaction-picker.tsx";

interface MessageActionsProps {
	isPinned: boolean;
	onReact: ((emoji: string) => void) | undefined;
	onThread: (() => void) | undefined;
	onQuote: (() => void) | undefined;
	onPin: (() => void) | undefined;
	onEdit: (() => void) | undefined;
	onDelete: (() => void) | undefined;
	onMarkUnread: (() => void) | undefined;
	onCopyLink: () => void;
	onPickerChange: (isOpen: boolean) => void;
}

export default function MessageActions(props: MessageActionsProps) {
	const { isPinned, onReact, onThread, onQuote, onPin, onEdit, onDelete, onMarkUnread, onCopyLink, onPickerChange } =
		props;
	return (
		// A message that is taller than what is shown of it keeps them in view.
		<div className="pointer-events-none absolute end-4 -top-3.5 bottom-0 z-10 md:end-5">
			<div
				role="toolbar"
				aria-label="Message actions"
				className="pointer-events-auto sticky top-1 flex rounded-md bg-raised p-0.5 shadow-mid animate-appear"
			>
				{onReact && <ReactionPicker onPick={onReact} onOpenChange={onPickerChange} />}
				{onThread && (
					<IconButton label="Reply in thread" onClick={onThread}>
						<MessageSquareReply />
					</IconButton>
				)}
				{onQuote && (
					<IconButton label="Reply with quote" onClick={onQuote}>
						<Reply />
					</IconButton>
				)}
				{onEdit && (
					<IconButton label="Edit message" onClick={onEdit}>
						<Pencil />
					</IconButton>
				)}
				{onMarkUnread && (
					<IconButton label="Mark unread from here" onClick={onMarkUnread}>
						<CircleDot />
					</IconButton>
				)}
				<IconButton label="Copy link" onClick={onCopyLink}>
					<Link2 />
				</IconButton>
				{onPin && (
					<IconButton
						label={isPinned ? "Unpin message" : "Pin message"}
						tip={onDelete ? "top" : "top-end"}
						onClick={onPin}
					>
						{isPinned ? <PinOff /> : <Pin />}
					</IconButton>
				)}
				{onDelete && (
					<IconButton label="Delete message" tip="top-end" variant="danger" onClick={onDelete}>
						<Trash2 />
					</IconButton>
				)}
			</div>
		</div>
	);
}
