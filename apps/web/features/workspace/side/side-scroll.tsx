import type { ReactNode } from "react";

/** The content of a tab that is as long as it is. */
export function SideScroll({ children }: { children: ReactNode }) {
	return <div className="min-h-0 flex-1 overflow-y-auto p-4">{children}</div>;
}
