import type { ReactNode } from "react";
import { cx } from "./cx.ts";

interface BlankProps {
	icon?: ReactNode;
	title: string;
	children?: ReactNode;
	actions?: ReactNode;
	tone?: "plain" | "danger";
	/** The whole page, under its own first heading, or a pane of one that has its heading already. */
	isPage?: boolean;
}

/** A whole pane with nothing in it but a sentence and what to do next: empty, refused, failed. */
export function Blank({ icon, title, children, actions, tone = "plain", isPage = true }: BlankProps) {
	const Heading = isPage ? "h1" : "h2";
	return (
		<div className="flex flex-1 flex-col items-center justify-center px-6 py-16 text-center animate-appear">
			{icon && (
				<div
					className={cx(
						"mb-4 flex size-11 items-center justify-center rounded-lg [&_svg]:size-5.5",
						tone === "danger" ? "bg-danger-soft text-danger-text" : "bg-selected text-text-muted",
					)}
				>
					{icon}
				</div>
			)}
			<Heading className="font-semibold text-lg tracking-[-0.01em]">{title}</Heading>
			{children && <div className="mt-1.5 max-w-96 text-balance text-text-muted">{children}</div>}
			{actions && <div className="mt-6 flex flex-wrap justify-center gap-2">{actions}</div>}
		</div>
	);
}
