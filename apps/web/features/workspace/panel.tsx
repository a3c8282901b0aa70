"use client";
import { Tabs } from "radix-ui";
import { useCallback } from "react";
import { cx } from "../../ui/cx.ts";
import { SidePanel } from "../../ui/side-panel.tsx";
import { SideCount } from "./side/side-count.tsx";
import type { SideTabProps } from "./side/side-tab.ts";
import { SIDE_TABS } from "./side/side-tabs.tsx";
import type { SidePanelControl } from "./side/use-side-panel.ts";

/** What there is beside the transcript, one tab at a time. */
export function Panel({ panel, ...props }: SideTabProps & { panel: SidePanelControl }) {
	const { tab } = panel;
	const shown = useCallback(
		(list: HTMLDivElement | null) => {
			list?.querySelector(`[data-tab="${tab.id}"]`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
		},
		[tab.id],
	);
	return (
		<SidePanel
			title="About this workspace"
			isOpen={panel.isOpen}
			onClose={panel.close}
			sheet="full"
			width={panel.width}
			onWidth={panel.setWidth}
		>
			<Tabs.Root value={tab.id} onValueChange={panel.open} className="flex min-h-0 flex-1 flex-col">
				<Tabs.List
					ref={shown}
					aria-label="About this workspace"
					className="flex h-13 shrink-0 items-center gap-0.5 overflow-x-auto border-line border-b px-2.5"
				>
					{SIDE_TABS.map(({ id, label, icon, countOf }) => (
						<Tabs.Trigger
							key={id}
							value={id}
							data-tab={id}
							title={label}
							className="flex h-7.5 shrink-0 scroll-mx-2.5 items-center gap-1.5 rounded-md px-1 font-medium text-sm text-text-muted transition-colors hover:bg-hover hover:text-text focus-visible:-outline-offset-2 data-[state=active]:bg-selected data-[state=active]:px-2 data-[state=active]:text-text pointer-coarse:h-10 pointer-coarse:min-w-10 pointer-coarse:justify-center pointer-coarse:px-2 [&_svg]:size-4"
						>
							<span aria-hidden="true">{icon}</span>
							<span className={cx(id !== tab.id && "sr-only")}>{label}</span>
							<SideCount count={countOf?.(props.workspace) ?? 0} />
						</Tabs.Trigger>
					))}
				</Tabs.List>
				<Tabs.Content value={tab.id} tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
					<tab.Content {...props} />
				</Tabs.Content>
			</Tabs.Root>
		</SidePanel>
	);
}
