/** What a page knows of the network and of being looked at. */
export interface Surroundings {
	isOnline(): boolean;
	/** Calls back when the network comes or goes, or the page is looked at again. The answer ends it. */
	listen(changed: () => void): () => void;
}

/** The page this runs in, or null outside of one. */
export const pageSurroundings = (): Surroundings | null => {
	if (typeof window === "undefined" || typeof document === "undefined") return null;
	return {
		isOnline: () => navigator.onLine,
		listen: (changed) => {
			const looked = (): void => {
				if (document.visibilityState === "visible") changed();
			};
			window.addEventListener("online", changed);
			window.addEventListener("offline", changed);
			document.addEventListener("visibilitychange", looked);
			return () => {
				window.removeEventListener("online", changed);
				window.removeEventListener("offline", changed);
				document.removeEventListener("visibilitychange", looked);
			};
		},
	};
};
