import type { ReactNode } from "react";
import { cx } from "./cx.ts";

/** Content that scrolls on its own, reachable by keyboard. */
export function ScrollRegion({
	label,
	className,
	children,
}: {
	label: string;
	className: string;
	children: ReactNode;
}) {
	return (
		// biome-ignore lint/a11y/useSemanticElements: neither a landmark, of which a room would have hundreds, nor a set of fields.
		<div
			role="group"
			aria-label={label}
			// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be scrollable without a mouse (WCAG 2.1.1).
			tabIndex={0}
			className={cx("overflow-auto focus-visible:-outline-offset-2", className)}
		>
			{children}
		</div>
	);
}
