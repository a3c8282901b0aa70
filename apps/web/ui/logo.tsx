import { cx } from "./cx.ts";

/** The mark: a home plate that is also a speech bubble, with a ball over it. */
export function Mark({ className }: { className?: string }) {
	return (
		<svg viewBox="0 0 32 32" className={cx("text-accent", className)} aria-hidden="true">
			<path
				d="M5.5 3.5h21A2.5 2.5 0 0 1 29 6v10.7a2.5 2.500 0 0 1-.73 1.770L17.770 28.970a2.500 2.500 0 0 1-3.540 0L3.730 18.470A2.500 2.500 0 0 1 3 16.700V6a2.500 2.500 0 0 1 2.500-2.500Z"
				fill="currentColor"
			/>
			<circle cx="16" cy="13.5" r="6.25" fill="var(--color-surface)" />
			<g fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round">
				<path d="M12.900 9.900c1.700 2.200 1.700 5 0 7.200" />
				<path d="M19.100 9.900c-1.700 2.200-1.700 5 0 7.200" />
			</g>
		</svg>
	);
}

export function Wordmark({ className }: { className?: string }) {
	return (
		<span className={cx("inline-flex items-center gap-2 font-semibold tracking-[-0.02em]", className)}>
			<Mark className="size-[1.375em]" />
			Bullpen
		</span>
	);
}
