"use client";
import { type FocusEvent, type MouseEvent, useState } from "react";

/** Whether somebody points at an element or has the focus in it; what the element has to tell for that. */
export function useNear() {
	const [isNear, setNear] = useState(false);
	return {
		isNear,
		come: () => setNear(true),
		handlers: {
			onMouseEnter: () => setNear(true),
			onMouseLeave: ({ currentTarget }: MouseEvent) => setNear(currentTarget.contains(document.activeElement)),
			onFocus: () => setNear(true),
			onBlur: ({ currentTarget, relatedTarget }: FocusEvent) => {
				if (!currentTarget.contains(relatedTarget)) setNear(currentTarget.matches(":hover"));
			},
		},
	};
}
