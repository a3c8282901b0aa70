import type { ReactNode } from "react";
import { cx } from "./cx.ts";

const TONES = {
	info: "bg-info-soft text-info-text",
	attention: "bg-attention-soft text-attention-text",
	danger: "bg-danger-soft text-danger-text",
} as const;

interface BannerProps {
	tone: keyof typeof TONES;
	icon?: ReactNode;
	children: ReactNode;
	action?: ReactNode;
	/** `status` for what passes by itself, `alert` for what needs the reader. */
	role?: "status" | "alert" | "note";
}

export function Banner({ tone, icon, children, action, role = "status" }: BannerProps) {
	return (
		<div
			role={role}
			className={cx(
				"flex items-start gap-2.5 px-4 py-2 text-sm animate-appear [&_svg]:mt-0.5 [&_svg]:size-4 [&_svg]:shrink-0",
				TONES[tone],
			)}
		>
			{icon}
			<div className="min-w-0 flex-1">{children}</div>
			{action}
		</div>
	);
}
