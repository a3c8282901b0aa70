"use client";
import { type ChangeEvent, type KeyboardEvent, useId, useState } from "react";

interface Combobox<One> {
	found: readonly One[];
	setQuery: (query: string) => void;
	/** For the field, which keeps the focus. */
	field: {
		"aria-controls": string;
		"aria-activedescendant": string | undefined;
		autoComplete: "off";
		spellCheck: false;
		value: string;
		onChange: (event: ChangeEvent<HTMLInputElement>) => void;
		onKeyDown: (event: KeyboardEvent) => void;
	};
	list: { id: string };
	/** For the choice at a place of the list. */
	option: (index: number) => {
		id: string;
		onMouseMove: () => void;
		ref: ((element: HTMLElement | null) => void) | undefined;
	};
	/** Whether the arrow keys are on it. */
	isActive: (index: number) => boolean;
}

/**
 * Choices under a field in which one writes what to find.
 * @param find what is found by the words in the field
 * @param takesKey whether a key other than up and down was for the choices
 */
export function useCombobox<One>(
	find: (query: string) => readonly One[],
	takesKey: (event: KeyboardEvent, active: One | undefined, query: string) => boolean,
): Combobox<One> {
	const [query, setText] = useState("");
	const [at, setAt] = useState(0);
	const id = useId();
	const found = find(query);
	const place = Math.min(at, found.length - 1);
	const active = found[place];
	const setQuery = (next: string) => {
		setText(next);
		setAt(0);
	};
	const onKeyDown = (event: KeyboardEvent) => {
		if (event.nativeEvent.isComposing) return;
		const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
		if (step !== 0 && found.length > 0) setAt((place + step + found.length) % found.length);
		else if (!takesKey(event, active, query)) return;
		event.preventDefault();
	};
	return {
		found,
		setQuery,
		field: {
			"aria-controls": id,
			"aria-activedescendant": place < 0 ? undefined : `${id}-${place}`,
			autoComplete: "off",
			spellCheck: false,
			value: query,
			onChange: (event) => setQuery(event.target.value),
			onKeyDown,
		},
		list: { id },
		option: (index) => ({
			id: `${id}-${index}`,
			onMouseMove: () => setAt(index),
			ref: index === place ? intoView : undefined,
		}),
		isActive: (index) => index === place,
	};
}

const intoView = (element: HTMLElement | null) => element?.scrollIntoView({ block: "nearest" });
