"use client";
import { PanelRight } from "lucide-react";
import { IconButton } from "../../../ui/button.tsx";
import type { OpenWorkspace } from "../workspace-data.ts";
import { SideCount } from "./side-count.tsx";
import { SIDE_TABS } from "./side-tabs.tsx";
import type { SidePanelControl } from "./use-side-panel.ts";

/** The header's way to the side panel: its tabs while it is closed and there is room, and the panel itself. */
export function SideButtons({ workspace, panel }: { workspace: OpenWorkspace; panel: SidePanelControl }) {
	return (
		<>
			{!panel.isOpen && (
				<span className="hidden gap-0.5 lg:flex">
					{SIDE_TABS.filter(({ isInHeader }) => isInHeader).map((tab) => (
						<IconButton key={tab.id} label={tab.label} tip="bottom-end" size="md" onClick={() => panel.open(tab.id)}>
							{tab.icon}
							<SideCount count={tab.countOf?.(workspace) ?? 0} isOnIcon />
						</IconButton>
					))}
				</span>
			)}
			<IconButton label="Side panel" tip="bottom-end" size="md" aria-pressed={panel.isOpen} onClick={panel.toggle}>
				<PanelRight />
			</IconButton>
		</>
	);
}
