"use client";
import type { KeyboardEvent, PointerEvent } from "react";

const LEAST = 288;
const STEP = 24;

interface SplitterProps {
	label: string;
	/** Of the pane behind it, in CSS pixels. */
	width: number;
	onWidth: (width: number) => void;
}

/** The movable edge at the start of a pane that lies at the end of its row, by pointer and by arrow keys. */
export function Splitter({ label, width, onWidth }: SplitterProps) {
	const drag = (event: PointerEvent<HTMLElement>) => {
		if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
		const pane = event.currentTarget.parentElement?.getBoundingClientRect();
		if (pane) onWidth(bounded(isRightToLeft() ? event.clientX - pane.left : pane.right - event.clientX));
	};
	const press = (event: KeyboardEvent) => {
		const towardsStart = isRightToLeft() ? "ArrowRight" : "ArrowLeft";
		const towardsEnd = isRightToLeft() ? "ArrowLeft" : "ArrowRight";
		if (event.key !== towardsStart && event.key !== towardsEnd) return;
		event.preventDefault();
		onWidth(bounded(width + (event.key === towardsStart ? STEP : -STEP)));
	};
	return (
		// biome-ignore lint/a11y/useSemanticElements: a movable separator has a value and takes the focus (WAI-ARIA window splitter).
		<div
			role="separator"
			aria-label={label}
			aria-orientation="vertical"
			aria-valuenow={Math.round(width)}
			aria-valuemin={LEAST}
			aria-valuemax={most()}
			tabIndex={0}
			className="absolute inset-y-0 -start-1 z-10 w-2 cursor-col-resize touch-none outline-none after:absolute after:inset-y-0 after:start-[3px] after:w-0.5 after:bg-accent after:opacity-0 after:transition-opacity hover:after:opacity-60 focus-visible:after:opacity-100"
			onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
			onPointerMove={drag}
			onKeyDown={press}
		/>
	);
}

const isRightToLeft = (): boolean => document.dir === "rtl";
/** What is beside it keeps room for itself. */
const most = (): number => Math.max(LEAST, Math.round(window.innerWidth * 0.6));
const bounded = (width: number): number => Math.min(most(), Math.max(LEAST, width));
