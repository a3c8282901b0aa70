"use client";
import { LIMITS } from "@bullpen/domain/limits";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Button } from "../../ui/button.tsx";

interface MessageEditorProps {
	text: string;
	/** Why it was refused, in words, or null when it is done. */
	onSave: (text: string) => Promise<string | null>;
	onEnd: () => void;
}

export default function MessageEditor({ text, onSave, onEnd }: MessageEditorProps) {
	const [draft, setDraft] = useState(text);
	const [isSaving, setSaving] = useState(false);
	const [refusal, setRefusal] = useState<string | null>(null);
	const field = useRef<HTMLTextAreaElement>(null);
	const isTooLong = [...draft].length > LIMITS.messageTextCharsMax;
	const canSave = draft.trim() !== "" && !isTooLong && !isSaving;
	const note = isTooLong ? `Too long: ${LIMITS.messageTextCharsMax.toLocaleString()} characters at most.` : refusal;

	useEffect(() => {
		const element = field.current;
		element?.focus();
		element?.setSelectionRange(element.value.length, element.value.length);
	}, []);

	const save = async () => {
		if (!canSave) return;
		if (draft.trim() === text) return onEnd();
		setSaving(true);
		const refused = await onSave(draft);
		setSaving(false);
		setRefusal(refused);
		if (refused === null) onEnd();
	};
	const onKeyDown = (event: KeyboardEvent) => {
		event.stopPropagation();
		if (event.nativeEvent.isComposing) return;
		if (event.key === "Escape") onEnd();
		if (event.key === "Enter" && !event.shiftKey) {
			event.preventDefault();
			save();
		}
	};

	return (
		<form
			className="my-1 max-w-200 space-y-2"
			onSubmit={(event) => {
				event.preventDefault();
				save();
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
				<Button type="submit" size="sm" variant="primary" isBusy={isSaving} disabled={!canSave}>
					Save
				</Button>
				<Button size="sm" variant="ghost" onClick={onEnd}>
					Cancel
				</Button>
				{note && (
					<span role="alert" className="text-danger-text text-xs">
						{note}
					</span>
				)}
			</div>
		</form>
	);
}
