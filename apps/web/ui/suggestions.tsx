"use client";
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useId, useRef, useState } from "react";
import { cx } from "./cx.ts";
import { replaceIn } from "./edit-field.ts";

export interface Suggestion {
	key: string;
	label: string;
	detail?: string | undefined;
	icon?: ReactNode;
	/** What stands in the text instead of what was begun. */
	insert: string;
	onPick?: () => void;
}
/** What could be meant by the text from `from` up to the cursor. */
export interface Suggested {
	label: string;
	from: number;
	options: readonly Suggestion[];
}
/** Null where nothing was begun that could be gone on with. */
export type Suggest = (text: string, cursor: number) => Suggested | null;

interface Suggesting {
	/** The choices, while there are any. */
	list: ReactNode;
	/** For the field. */
	props: Record<string, string | boolean | undefined>;
	/** Whether the key was for the choices. */
	takesKey: (event: KeyboardEvent) => boolean;
	/** The cursor moved, or the text changed. */
	look: () => void;
	close: () => void;
}

type Side = "above" | "below";

/** Choices for what is being typed in a field, which keeps the focus. */
export function useSuggestions(
	field: RefObject<HTMLTextAreaElement | HTMLInputElement | null>,
	suggest: Suggest | undefined,
	value: string,
	side: Side = "above",
): Suggesting {
	const id = useId();
	const [cursor, setCursor] = useState<number | null>(null);
	const [active, setActive] = useState(0);
	const [closedAt, setClosedAt] = useState<number | null>(null);
	const found = suggest && cursor !== null && cursor <= value.length ? suggest(value, cursor) : null;
	const isOpen = found !== null && found.options.length > 0 && found.from !== closedAt;
	const options = isOpen ? found.options : [];
	const at = Math.min(active, options.length - 1);

	const look = () => {
		const element = field.current;
		const next = element && element.selectionStart === element.selectionEnd ? element.selectionStart : null;
		if (next !== cursor) setActive(0);
		setCursor(next);
		if (found?.from !== closedAt) setClosedAt(null);
	};
	const close = () => setClosedAt(found?.from ?? null);
	const pick = (option: Suggestion | undefined) => {
		if (!field.current || !option || !found || cursor === null) return;
		option.onPick?.();
		replaceIn(field.current, found.from, cursor, option.insert);
		look();
	};
	const takesKey = (event: KeyboardEvent): boolean => {
		if (!isOpen || event.nativeEvent.isComposing) return false;
		const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
		if (step !== undefined) setActive((at + step + options.length) % options.length);
		else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) pick(options[at]);
		else if (event.key === "Escape") close();
		else return false;
		event.preventDefault();
		event.stopPropagation();
		return true;
	};

	const optionId = (index: number) => `${id}-${index}`;
	return {
		takesKey,
		look,
		close,
		props: isOpen
			? {
					role: "combobox",
					"aria-expanded": true,
					"aria-autocomplete": "list",
					"aria-controls": id,
					"aria-activedescendant": optionId(at),
				}
			: {},
		list: isOpen && (
			<Choices
				id={id}
				label={found.label}
				options={options}
				active={at}
				side={side}
				optionId={optionId}
				onPick={pick}
			/>
		),
	};
}

interface ChoicesProps {
	id: string;
	label: string;
	options: readonly Suggestion[];
	active: number;
	side: Side;
	optionId: (index: number) => string;
	onPick: (option: Suggestion) => void;
}

function Choices({ id, label, options, active, side, optionId, onPick }: ChoicesProps) {
	const list = useRef<HTMLDivElement>(null);
	useEffect(() => {
		list.current?.children[active]?.scrollIntoView({ block: "nearest" });
	}, [active]);
	return (
		<div
			ref={list}
			id={id}
			role="listbox"
			aria-label={label}
			className={cx(
				"absolute start-0 z-30 max-h-64 w-96 max-w-full overflow-y-auto rounded-lg bg-raised p-1 shadow-high animate-rise",
				side === "above" ? "bottom-full mb-2" : "top-full mt-2",
			)}
		>
			{options.map((option, index) => (
				<button
					key={option.key}
					id={optionId(index)}
					type="button"
					role="option"
					tabIndex={-1}
					aria-selected={index === active}
					className={cx(
						"flex h-9 w-full cursor-default items-center gap-2.5 rounded-sm px-2.5 text-sm pointer-coarse:h-11",
						index === active && "bg-selected",
					)}
					// The field keeps the focus.
					onPointerDown={(event) => event.preventDefault()}
					onClick={() => onPick(option)}
				>
					{option.icon}
					<span className="max-w-4/5 shrink-0 truncate">{option.label}</span>
					{option.detail && <span className="min-w-0 truncate text-text-muted text-xs">{option.detail}</span>}
				</button>
			))}
		</div>
	);
}
