"use client";
import { useSyncExternalStore } from "react";

export type DiffLayout = "unified" | "split";

const KEY = "bullpen.diff-layout";
const listeners = new Set<() => void>();
let chosen: DiffLayout | null = null;

function read(): DiffLayout {
	if (chosen !== null) return chosen;
	try {
		chosen = localStorage.getItem(KEY) === "split" ? "split" : "unified";
	} catch {
		chosen = "unified"; // storage can be forbidden; then it lasts as long as the page
	}
	return chosen;
}

function write(layout: DiffLayout): void {
	chosen = layout;
	try {
		localStorage.setItem(KEY, layout);
	} catch {
		// as above
	}
	for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
	listeners.add(listener);
	return () => void listeners.delete(listener);
};

/** How every diff is drawn: one choice for all of them, kept in this browser. */
export function useDiffLayout(): [DiffLayout, (layout: DiffLayout) => void] {
	return [useSyncExternalStore(subscribe, read, () => "unified"), write];
}
