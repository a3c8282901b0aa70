import { useCallback, useEffect, useSyncExternalStore } from "react";
import { useLive } from "../../live/live.tsx";

/** What is being written in a place, on any of our devices, and the way to write it. */
export function useDraft(place: string): [text: string, write: (text: string) => void] {
	const { drafts } = useLive().inbox;
	const text = useSyncExternalStore(drafts.subscribe, () => drafts.text(place), nothing);
	const write = useCallback((next: string) => drafts.write(place, next), [drafts, place]);
	useEffect(() => {
		const looked = () => {
			if (document.visibilityState === "hidden") drafts.hidden();
		};
		document.addEventListener("visibilitychange", looked);
		return () => document.removeEventListener("visibilitychange", looked);
	}, [drafts]);
	return [text, write];
}

const nothing = () => "";
