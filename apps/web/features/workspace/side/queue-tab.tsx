"use client";
import { Queue } from "../queue.tsx";
import { SideScroll } from "./side-scroll.tsx";
import type { SideTabProps } from "./side-tab.ts";

export function QueueTab(props: SideTabProps) {
	return (
		<SideScroll>
			<Queue {...props} />
		</SideScroll>
	);
}
