import { cx } from "./cx.ts";

export function Spinner({ className }: { className?: string }) {
	return (
		<svg viewBox="0 0 16 16" className={cx("size-4 animate-spin", className)} aria-hidden="true">
			<circle cx="8" cy="8" r="6.250" fill="none" stroke="currentColor" strokeWidth="1.500" opacity=".25" />
			<path
				d="M8 1.750A6.250 6.250 0 0 1 14.250 8"
				fill="none"
				stroke="currentColor"
				strokeWidth="1.500"
				strokeLinecap="round"
			/>
		</svg>
	);
}
