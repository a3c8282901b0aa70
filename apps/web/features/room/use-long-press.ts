"use client";
import { type PointerEvent, useRef } from "react";

const LONG_PRESS_MS = 420;

/** Handlers that call back when a finger rests on the element. */
export function useLongPress(onLongPress: () => void) {
	const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
	const stop = () => clearTimeout(timer.current);
	return {
		onPointerDown: (event: PointerEvent) => {
			stop();
			if (event.pointerType === "touch") timer.current = setTimeout(onLongPress, LONG_PRESS_MS);
		},
		onPointerUp: stop,
		onPointerCancel: stop,
		onPointerMove: stop,
	};
}
