import type { ReactNode } from "react";
import { cx } from "./cx.ts";

const TONES = {
	plain: "bg-selected text-text-muted",
	accent: "bg-accent-soft text-accent-text",
	attention: "bg-attention-soft text-attention-text",
	danger: "bg-danger-soft text-danger-text",
	info: "bg-info-soft text-info-text",
} as const;
export type Tone = keyof typeof TONES;

export function Badge({
	tone = "plain",
	children,
	className,
}: {
	tone?: Tone;
	children: ReactNode;
	className?: string;
}) {
	return (
		<span
			className={cx(
				"inline-flex h-5 shrink-0 items-center gap-1.5 whitespace-nowrap rounded-xs px-1.5 font-medium text-2xs",
				TONES[tone],
				className,
			)}
		>
			{children}
		</span>
	);
}

/** A number that never grows wider than three characters. */
export function CountBadge({ count, label, isQuiet = false }: { count: number; label: string; isQuiet?: boolean }) {
	return (
		<span
			className={cx(
				"flex h-4.5 min-w-4.5 shrink-0 items-center justify-center rounded-full px-1.5 font-semibold text-2xs tabular-nums",
				isQuiet ? "bg-selected text-text-muted" : "bg-accent text-text-inverse",
			)}
		>
			<span aria-hidden="true">{count > 99 ? "99+" : count}</span>
			<span className="sr-only">{label}</span>
		</span>
	);
}

const DOTS = {
	plain: "border-[1.5px] border-text-faint",
	accent: "bg-accent",
	attention: "bg-attention",
	danger: "bg-danger",
	info: "bg-info",
} as const;

/** `isLive`: it moves for a moment when it appears. */
export function Dot({ tone, isLive = false }: { tone: Tone; isLive?: boolean }) {
	return (
		<span className={cx("size-2 shrink-0 rounded-full", DOTS[tone], isLive && "animate-breathe")} aria-hidden="true" />
	);
}
