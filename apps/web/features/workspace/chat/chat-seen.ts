"use client";
import { useSyncExternalStore } from "react";

const KEY = "bullpen.side-chat.";
const listeners = new Set<() => void>();

/** The newest message of a side chat that somebody has looked at, kept in this browser. */
function seenOf(workspaceId: string): number {
	try {
		return Number(localStorage.getItem(KEY + workspaceId)) || 0;
	} catch {
		return 0; // storage can be forbidden: then nothing was seen
	}
}

export function noteSeen(workspaceId: string, id: number): void {
	if (id <= seenOf(workspaceId)) return;
	try {
		localStorage.setItem(KEY + workspaceId, String(id));
	} catch {
		return; // then the dot comes back with the next visit
	}
	for (const listener of listeners) listener();
}

export const useSeen = (workspaceId: string): number =>
	useSyncExternalStore(
		subscribe,
		() => seenOf(workspaceId),
		() => 0,
	);

function subscribe(listener: () => void): () => void {
	listeners.add(listener);
	window.addEventListener("storage", listener);
	return () => {
		listeners.delete(listener);
		window.removeEventListener("storage", listener);
	};
}
