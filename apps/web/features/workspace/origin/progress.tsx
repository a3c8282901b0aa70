import type { ReactNode } from "react";

/** How far something is that takes a while: a bar, or a moving one while that is not known. */
export function Progress({ label, done, children }: { label: string; done: number | undefined; children?: ReactNode }) {
	const percent = done === undefined ? undefined : Math.round(done * 100);
	return (
		<div className="px-5 pt-4 pb-5">
			<p role="status" className="text-sm">
				{label}
			</p>
			<div
				role="progressbar"
				aria-label={label}
				aria-valuemin={0}
				aria-valuemax={100}
				{...(percent === undefined ? {} : { "aria-valuenow": percent })}
				className="mt-3 h-1.5 overflow-hidden rounded-full bg-selected"
			>
				<div
					className={`h-full rounded-full bg-accent transition-[width] duration-300 ${percent === undefined ? "w-1/3 animate-shimmer" : ""}`}
					style={percent === undefined ? undefined : { width: `${percent}%` }}
				/>
			</div>
			{children && <div className="mt-5 flex justify-end gap-2">{children}</div>}
		</div>
	);
}
