"use client";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "./button.tsx";
import { cx } from "./cx.ts";
import { takesMark } from "./edit-field.ts";
import { type Suggest, useSuggestions } from "./suggestions.tsx";

interface TextEditorProps {
	label: string;
	value: string;
	/** What it was before: saving that again is only leaving. */
	unchanged: string;
	/** In code points. */
	charsMax: number;
	rows: { min: number; max: number };
	look?: "message" | "small";
	saveWords?: string;
	suggest?: Suggest;
	hasMarkup?: boolean;
	mayBeEmpty?: boolean;
	/** Between the field and its buttons. */
	children?: ReactNode;
	onChange: (text: string) => void;
	/** Begins to be saved: whatever changes from now on was not meant. */
	onSaving?: () => void;
	/** Why it was refused, in words, or null when it is done. */
	onSave: (text: string) => Promise<string | null>;
	onEnd: () => void;
}

const LOOKS = {
	message: "px-3 py-2 text-md",
	small: "field-sizing-content max-h-60 px-2.5 py-1.5 text-sm pointer-coarse:text-[1rem]",
} as const;

/** Other words for something that was said: Enter saves, Escape leaves. */
export function TextEditor(props: TextEditorProps) {
	const { value, unchanged, charsMax, rows, look = "message", mayBeEmpty = false, onEnd } = props;
	const [isSaving, setSaving] = useState(false);
	const [refusal, setRefusal] = useState<string | null>(null);
	const field = useRef<HTMLTextAreaElement>(null);
	const suggestions = useSuggestions(field, props.suggest, value);
	const isTooLong = [...value].length > charsMax;
	const canSave = (mayBeEmpty || value.trim() !== "") && !isTooLong && !isSaving;
	const note = isTooLong ? `Too long: ${charsMax.toLocaleString()} characters at most.` : refusal;

	useEffect(() => {
		const element = field.current;
		element?.focus();
		element?.setSelectionRange(element.value.length, element.value.length);
		element?.form?.scrollIntoView({ block: "nearest" });
	}, []);

	const save = async () => {
		if (!canSave) return;
		props.onSaving?.();
		if (value.trim() === unchanged) return onEnd();
		setSaving(true);
		const refused = await props.onSave(value);
		setSaving(false);
		setRefusal(refused);
		if (refused === null) onEnd();
	};
	const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
		event.stopPropagation();
		if (event.nativeEvent.isComposing || suggestions.takesKey(event)) return;
		if (props.hasMarkup && takesMark(event)) return;
		if (event.key === "Escape") onEnd();
		if (event.key === "Enter" && !event.shiftKey) {
			event.preventDefault();
			save();
		}
	};

	return (
		<form
			className="relative scroll-mt-4 scroll-mb-16 space-y-2"
			onSubmit={(event) => {
				event.preventDefault();
				save();
			}}
		>
			{suggestions.list}
			<textarea
				ref={field}
				aria-label={props.label}
				value={value}
				rows={Math.max(rows.min, Math.min(rows.max, value.split("\n").length))}
				onChange={(event) => props.onChange(event.target.value)}
				onKeyDown={onKeyDown}
				onSelect={suggestions.look}
				onBlur={suggestions.close}
				{...suggestions.props}
				className={cx(
					"block w-full resize-none rounded-md bg-raised shadow-low outline-none focus:ring-3 focus:ring-accent-soft",
					LOOKS[look],
				)}
			/>
			{props.children}
			<div className="flex flex-wrap items-center gap-2">
				<Button type="submit" size="sm" variant="primary" isBusy={isSaving} disabled={!canSave}>
					{props.saveWords ?? "Save"}
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
