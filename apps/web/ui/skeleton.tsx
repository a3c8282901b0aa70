import { cx } from "./cx.ts";

export function Skeleton({ className }: { className?: string }) {
	return <span className={cx("block animate-shimmer rounded-sm bg-selected", className)} aria-hidden="true" />;
}

const ROWS = ["w-3/5", "w-4/5", "w-2/5", "w-2/3", "w-1/2"] as const;

/** Where lines with a face will be. */
export function SkeletonRows({ count = 5, label }: { count?: number; label: string }) {
	return (
		<div role="status" aria-label={label} className="flex flex-col gap-6 px-5 py-4">
			{ROWS.slice(0, count).map((width) => (
				<div key={width} className="flex gap-3">
					<Skeleton className="size-9 shrink-0 rounded-[32%]" />
					<div className="flex-1 space-y-2.5 pt-1">
						<Skeleton className="h-2.5 w-28" />
						<Skeleton className={cx("h-2.5 max-w-130", width)} />
					</div>
				</div>
			))}
		</div>
	);
}
