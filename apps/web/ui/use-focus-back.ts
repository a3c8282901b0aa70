"use client";
import { useState } from "react";

/**
 * For what is open for as long as it is mounted: the focus goes back to where it was. Radix gives it to a trigger, and takes
 * it from everything else where there is none.
 */
export function useFocusBack(): (event: Event) => void {
	const [before] = useState(() => (typeof document === "undefined" ? null : document.activeElement));
	return (event) => {
		event.preventDefault();
		if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
	};
}
