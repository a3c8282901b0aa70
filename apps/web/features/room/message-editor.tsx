"use client";
import { LIMITS } from "@bullpen/domain/limits";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Button } from "../../ui/button.tsx";

interface MessageEditorProps {
	text: string;
	onSave: (text: string) => void;
	onCancel: () => void;
}

export function MessageEditor({ text, onSave, onCancel }: MessageEditorProps) {
	const [draft, setDraft] = useState(text);
	const field = useRef<HTMLTextAreaElement>(null);
	const isTooLong = [...draft].length > LIMITS.messageTextCharsMax;
	const canSave = draft.trim() !== "" && !isTooLong;
	const save = () => (draft.trim() === text ? onCancel() : onSave(draft));

	useEffect(() => {
		const element = field.current;
		element?.focus();
		element?.setSelectionRange(element.value.length, element.value.length);
	}, []);

	const onKeyDown = (event: KeyboardEvent) => {
		event.stopPropagation();
		if (event.nativeEvent.isComposing) return;
		if (event.key === "Escape") onCancel();
		if (event.key === "Enter" && !event.shiftKey) {
			event.preventDefault();
			if (canSave) save();
		}
	};

	return (
		<form
			className="my-1 space-y-2"
			onSubmit={(event) => {
				event.preventDefault();
				if (canSave) save();
			}}
		>
			<textarea
				ref={field}
				aria-label="Edit message"
				value={draft}
				rows={Math.min(12, draft.split("\n").length)}
				onChange={(event) => setDraft(event.target.value)}
				onKeyDown={onKeyDown}
				className="block w-full resize-none rounded-md bg-raised px-3 py-2 text-md shadow-low outline-none focus:ring-3 focus:ring-accent-soft"
			/>
			<div className="flex items-center gap-2">
				<Button type="submit" size="sm" variant="primary" disabled={!canSave}>
					Save
				</Button>
				<Button size="sm" variant="ghost" onClick={onCancel}>
					Cancel
				</Button>
				{isTooLong && (
					<span className="text-danger-text text-xs">
						Too long: {LIMITS.messageTextCharsMax.toLocaleString()} characters at most.
					</span>
				)}
			</div>
		</form>
	);
}
