"use client";
import { type FocusEvent, type MouseEvent, useState } from "react";

/**
 * Whether somebody points at an element or has the focus in it; what the element has to tell for that. When the mouse leaves,
 * only a keyboard's focus holds: a click leaves the focus behind, too.
 */
export function useNear() {
	const [isNear, setNear] = useState(false);
	return {
		isNear,
		come: () => setNear(true),
		handlers: {
			onMouseEnter: () => setNear(true),
			onMouseLeave: ({ currentTarget }: MouseEvent) =>
				setNear(currentTarget.matches(":focus-visible, :has(:focus-visible)")),
			onFocus: () => setNear(true),
			onBlur: ({ currentTarget, relatedTarget }: FocusEvent) => {
				if (!currentTarget.contains(relatedTarget)) setNear(currentTarget.matches(":hover"));
			},
		},
	};
}
