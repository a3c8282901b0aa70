"use client";
import { PlanView } from "../plan.tsx";
import { SideScroll } from "./side-scroll.tsx";
import type { SideTabProps } from "./side-tab.ts";

export function PlanTab({ workspace: { plan } }: SideTabProps) {
	return (
		<SideScroll>
			{plan ? (
				<PlanView entries={plan} />
			) : (
				<p className="text-sm text-text-faint">When the agent makes a plan, its steps are ticked off here.</p>
			)}
		</SideScroll>
	);
}
