"use client";
import { useEffect, useState } from "react";
import { useMedia } from "../../../ui/use-media.ts";
import type { SideTab } from "./side-tab.ts";
import { SIDE_TABS, sideTab } from "./side-tabs.tsx";

const KEY = "bullpen.side-panel";
const WIDTHS = { narrow: 344, wide: 520 } as const;

interface Remembered {
	readonly isOpen: boolean;
	readonly tab: string;
	readonly narrow: number;
	readonly wide: number;
}

export interface SidePanelControl {
	readonly tab: SideTab;
	readonly isOpen: boolean;
	/** Part of the page; elsewhere it lies over it. */
	readonly isBeside: boolean;
	/** In CSS pixels. */
	readonly width: number;
	readonly setWidth: (width: number) => void;
	readonly open: (tabId: string) => void;
	readonly close: () => void;
	readonly toggle: () => void;
}

/** Which tab is open beside the transcript and how wide, kept in this browser for all workspaces. */
export function useSidePanel(): SidePanelControl {
	const isBeside = useMedia("(min-width: 64rem)");
	const [kept, setKept] = useState(read);
	// What lies over the page is never there unasked.
	const [isOver, setOver] = useState(false);
	const isOpen = isBeside ? kept.isOpen : isOver;
	const tab = sideTab(kept.tab);
	const change = (patch: Partial<Remembered>) => {
		const next = { ...kept, ...patch };
		setKept(next);
		write(next);
	};
	const show = (next: boolean, tabId = kept.tab) => {
		if (!isBeside) setOver(next);
		change({ tab: tabId, ...(isBeside && { isOpen: next }) });
	};
	const width = kept[tab.width];
	useTabKeys((id) => show(!(isOpen && tab.id === id), id));
	return {
		tab,
		isOpen,
		isBeside,
		width,
		setWidth: (width) => change({ [tab.width]: Math.round(width) }),
		open: (tabId) => show(true, tabId),
		close: () => show(false),
		toggle: () => show(!isOpen),
	};
}

function read(): Remembered {
	const found = stored();
	return {
		isOpen: found.isOpen !== false,
		tab: typeof found.tab === "string" ? found.tab : "",
		narrow: typeof found.narrow === "number" ? found.narrow : WIDTHS.narrow,
		wide: typeof found.wide === "number" ? found.wide : WIDTHS.wide,
	};
}

function stored(): Partial<Record<keyof Remembered, unknown>> {
	try {
		const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
		return typeof found === "object" && found !== null ? found : {};
	} catch {
		return {}; // storage can be forbidden, and hold what another version wrote
	}
}

function write(remembered: Remembered): void {
	try {
		localStorage.setItem(KEY, JSON.stringify(remembered));
	} catch {
		// then it lasts as long as the page
	}
}

function useTabKeys(onTab: (tabId: string) => void): void {
	useEffect(() => {
		const onKeyDown = (event: KeyboardEvent) => {
			if (!event.altKey || !event.shiftKey || event.ctrlKey || event.metaKey) return;
			const tab = SIDE_TABS.find(({ code }) => code === event.code);
			if (tab === undefined) return;
			event.preventDefault();
			onTab(tab.id);
		};
		window.addEventListener("keydown", onKeyDown);
		return () => window.removeEventListener("keydown", onKeyDown);
	});
}
