import type { ReactNode } from "react";
import { ProgressBar } from "../../../ui/progress-bar.tsx";

/** How far something is that takes a while: a bar, or a moving one while that is not known. */
export function Progress({ label, done, children }: { label: string; done: number | undefined; children?: ReactNode }) {
	return (
		<div className="px-5 pt-4 pb-5">
			<p role="status" className="pb-3 text-sm">
				{label}
			</p>
			<ProgressBar label={label} done={done} />
			{children && <div className="mt-5 flex justify-end gap-2">{children}</div>}
		</div>
	);
}
