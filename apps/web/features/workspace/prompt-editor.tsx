"use client";
import { LIMITS } from "@bullpen/domain/limits";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Button } from "../../ui/button.tsx";

interface PromptEditorProps {
	draft: string;
	/** The words as they are in the queue now. */
	current: string;
	/** Who wrote those. */
	changedBy: string;
	onChange: (text: string) => void;
	/** Why it was refused, in words, or null when it is done. */
	onSave: (text: string) => Promise<string | null>;
	onEnd: () => void;
}

/** Other words for a waiting prompt, at its place. Whoever else changes it meanwhile is not overwritten unseen. */
export function PromptEditor({ draft, current, changedBy, onChange, onSave, onEnd }: PromptEditorProps) {
	const [base, setBase] = useState(current);
	const [isSaving, setSaving] = useState(false);
	const [refusal, setRefusal] = useState<string | null>(null);
	const field = useRef<HTMLTextAreaElement>(null);
	const isTooLong = [...draft].length > LIMITS.promptCharsMax;
	const isChanged = base !== current && !isSaving;
	const canSave = draft.trim() !== "" && !isTooLong && !isSaving;
	const note = isTooLong ? `Too long: ${LIMITS.promptCharsMax.toLocaleString()} characters at most.` : refusal;

	useEffect(() => {
		const element = field.current;
		element?.focus();
		element?.setSelectionRange(element.value.length, element.value.length);
	}, []);

	const save = async () => {
		if (!canSave) return;
		setBase(current);
		if (draft.trim() === current) return onEnd();
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
			className="mt-1.5 space-y-2"
			onSubmit={(event) => {
				event.preventDefault();
				save();
			}}
		>
			<textarea
				ref={field}
				aria-label="Edit the prompt"
				value={draft}
				rows={Math.max(3, Math.min(10, draft.split("\n").length))}
				onChange={(event) => onChange(event.target.value)}
				onKeyDown={onKeyDown}
				className="field-sizing-content block max-h-60 w-full resize-none rounded-md bg-raised px-2.5 py-1.5 text-sm shadow-low outline-none focus:ring-3 focus:ring-accent-soft pointer-coarse:text-[1rem]"
			/>
			{isChanged && (
				<p role="alert" className="text-attention-text text-xs [overflow-wrap:anywhere]">
					{changedBy} changed it meanwhile to “{current.slice(0, 200)}”.{" "}
					<button type="button" className="font-medium underline" onClick={() => onChange(current)}>
						Take that
					</button>
				</p>
			)}
			<div className="flex flex-wrap items-center gap-2">
				<Button type="submit" size="sm" variant="primary" isBusy={isSaving} disabled={!canSave}>
					{isChanged ? "Use mine" : "Save"}
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

interface OvertakenEditProps {
	text: string;
	onQueue: () => void;
	onDiscard: () => void;
}

/** The agent began, or somebody removed it, before the edit was saved: the words are kept until it is said what becomes of them. */
export function OvertakenEdit({ text, onQueue, onDiscard }: OvertakenEditProps) {
	return (
		<div role="alert" className="mb-3 rounded-md bg-attention-soft p-2.5 text-sm">
			<p className="text-attention-text">This prompt is not waiting any more. What you wrote was not used:</p>
			<p className="mt-1 line-clamp-4 whitespace-pre-line [overflow-wrap:anywhere]">{text}</p>
			<div className="mt-2 flex flex-wrap gap-2">
				<Button size="sm" onClick={onQueue}>
					Queue it as a new prompt
				</Button>
				<Button size="sm" variant="ghost" onClick={onDiscard}>
					Discard
				</Button>
			</div>
		</div>
	);
}
