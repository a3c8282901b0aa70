"use client";
import { useSyncExternalStore } from "react";

/**
 * What stands behind the `#` of this page's address: never sent to a server, so in no log. `null` while the server
 * renders, empty when the link is incomplete.
 */
export function useLinkSecret(): string | null {
	return useSyncExternalStore(
		subscribe,
		() => location.hash.slice(1),
		() => null,
	);
}

const subscribe = (listener: () => void) => {
	window.addEventListener("hashchange", listener);
	return () => window.removeEventListener("hashchange", listener);
};
