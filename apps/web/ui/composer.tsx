"use client";
import { ArrowUp } from "lucide-react";
import {
	type ClipboardEvent,
	type KeyboardEvent,
	type ReactNode,
	type Ref,
	useImperativeHandle,
	useLayoutEffect,
	useRef,
} from "react";
import { IconButton } from "./button.tsx";
import { cx } from "./cx.ts";
import { pasteCode, replaceIn, takesMark } from "./edit-field.ts";
import { type Suggest, useSuggestions } from "./suggestions.tsx";
import { useMedia } from "./use-media.ts";

/** How near to the limit the count appears. */
const COUNT_FROM = 0.9;

export interface ComposerHandle {
	focus: () => void;
	/** Types something at the cursor. */
	insert: (text: string) => void;
}

interface ComposerProps {
	label: string;
	placeholder: string;
	value: string;
	/** In code points. Longer text can be written and corrected, but not sent. */
	charsMax: number;
	submitLabel?: string;
	submitIcon?: ReactNode;
	isDisabled?: boolean;
	/** Something goes along that needs no words. */
	hasMore?: boolean;
	/** Why nothing can be sent just now, or what happens when it is. */
	notice?: ReactNode;
	footer?: ReactNode;
	ref?: Ref<ComposerHandle>;
	onChange: (value: string) => void;
	onSubmit: () => void;
	/** The up arrow in an empty field. */
	onRecall?: () => void;
	/** Escape, where nothing else is there to be left. */
	onEscape?: () => void;
	/** Choices for what is being typed: people, emoji. */
	suggest?: Suggest;
	/** Keys for bold and the like, and pasted code as a block. */
	hasMarkup?: boolean;
	/** Beside the field, before the button that sends. */
	tools?: ReactNode;
}

export function Composer(props: ComposerProps) {
	const { label, placeholder, value, charsMax, submitLabel = "Send", isDisabled = false, hasMore = false, ref } = props;
	const field = useRef<HTMLTextAreaElement>(null);
	const isTouch = useMedia("(pointer: coarse)");
	const left = charsMax - [...value].length;
	const canSubmit = !isDisabled && left >= 0 && (hasMore || value.trim() !== "");

	useImperativeHandle(
		ref,
		() => ({
			focus: () => field.current?.focus(),
			insert: (text) => {
				if (field.current) replaceIn(field.current, field.current.selectionStart, field.current.selectionEnd, text);
			},
		}),
		[],
	);
	useAutoGrow(field, value);
	const suggestions = useSuggestions(field, props.suggest, value);

	const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
		if (event.nativeEvent.isComposing || suggestions.takesKey(event)) return;
		if (props.hasMarkup && takesMark(event)) return;
		if (event.key === "Escape" && props.onEscape) props.onEscape();
		if (event.key === "ArrowUp" && value === "" && props.onRecall) {
			event.preventDefault();
			props.onRecall();
		}
		if (event.key !== "Enter" || event.shiftKey || isTouch) return;
		event.preventDefault();
		if (canSubmit) props.onSubmit();
	};

	return (
		<form
			aria-label={label}
			className="px-4 pb-[max(0.5rem,env(safe-area-inset-bottom))] md:px-5"
			onSubmit={(event) => {
				event.preventDefault();
				if (canSubmit) props.onSubmit();
				field.current?.focus();
			}}
		>
			<div className="relative rounded-lg bg-raised shadow-low ring-accent-soft transition-shadow focus-within:shadow-mid focus-within:ring-3">
				{suggestions.list}
				{props.notice && <div className="border-line border-b px-3.5 py-2 text-sm">{props.notice}</div>}
				<div className="flex items-end gap-2 p-1.5 ps-3.5">
					<textarea
						ref={field}
						aria-label={label}
						aria-invalid={left < 0 || undefined}
						placeholder={placeholder}
						rows={1}
						value={value}
						enterKeyHint={isTouch ? "enter" : "send"}
						onChange={(event) => props.onChange(event.target.value)}
						onKeyDown={onKeyDown}
						onSelect={suggestions.look}
						onBlur={suggestions.close}
						onPaste={(event: ClipboardEvent<HTMLTextAreaElement>) => props.hasMarkup && pasteCode(event)}
						{...suggestions.props}
						className="max-h-[40dvh] min-h-8.5 flex-1 resize-none bg-transparent py-1.25 text-md outline-none placeholder:truncate placeholder:text-text-faint pointer-coarse:min-h-11 pointer-coarse:py-2.5 pointer-coarse:text-[1rem]"
					/>
					{left <= charsMax * (1 - COUNT_FROM) && <CharsLeft left={left} />}
					{props.tools}
					<IconButton type="submit" label={submitLabel} tip="top-end" size="md" variant="primary" disabled={!canSubmit}>
						{props.submitIcon ?? <ArrowUp strokeWidth={2.25} />}
					</IconButton>
				</div>
			</div>
			<div className="flex h-6 items-center gap-3 px-1 pt-1 text-text-faint text-xs">{props.footer}</div>
		</form>
	);
}

function CharsLeft({ left }: { left: number }) {
	return (
		<output
			className={cx(
				"mb-2 self-end text-xs tabular-nums",
				left < 0 ? "font-medium text-danger-text" : "text-text-faint",
			)}
		>
			{left < 0 ? `${(-left).toLocaleString()} too many` : `${left.toLocaleString()} left`}
		</output>
	);
}

function useAutoGrow(field: React.RefObject<HTMLTextAreaElement | null>, value: string): void {
	// biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the value.
	useLayoutEffect(() => {
		const element = field.current;
		if (!element) return;
		element.style.height = "auto";
		element.style.height = `${element.scrollHeight}px`;
	}, [value]);
}
