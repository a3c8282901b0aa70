import { type ReactNode, useId } from "react";

interface SectionProps {
	title: string;
	/** At the end of the title's line. */
	action?: ReactNode;
	children: ReactNode;
}

export function Section({ title, action, children }: SectionProps) {
	const id = useId();
	return (
		<section aria-labelledby={id}>
			<div className="flex min-h-7 items-center justify-between gap-2 pb-1.5">
				<h2 id={id} className="font-semibold text-sm">
					{title}
				</h2>
				{action}
			</div>
			{children}
		</section>
	);
}
