"use client";
import { LIMITS } from "@bullpen/domain/limits";
import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { TextEditor } from "../../ui/text-editor.tsx";

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
	const isChanged = base !== current && !isSaving;
	const save = async (text: string) => {
		setSaving(true);
		const refused = await onSave(text);
		setSaving(false);
		return refused;
	};
	return (
		<div className="mt-1.5">
			<TextEditor
				label="Edit the prompt"
				look="small"
				value={draft}
				unchanged={current}
				charsMax={LIMITS.promptCharsMax}
				rows={{ min: 3, max: 10 }}
				saveWords={isChanged ? "Use mine" : "Save"}
				onChange={onChange}
				onSaving={() => setBase(current)}
				onSave={save}
				onEnd={onEnd}
			>
				{isChanged && (
					<p role="alert" className="text-attention-text text-xs [overflow-wrap:anywhere]">
						{changedBy} changed it meanwhile to “{current.slice(0, 200)}”.{" "}
						<button type="button" className="font-medium underline" onClick={() => onChange(current)}>
							Take that
						</button>
					</p>
				)}
			</TextEditor>
		</div>
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
