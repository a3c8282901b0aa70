"use client";
import { useCallback, useEffect, useState } from "react";
import { notify } from "../../ui/toast.tsx";

/** A line that somebody followed a link or a search to. `count` tells the same place from going there again. */
export interface Found {
	readonly itemId: number;
	readonly words?: string | undefined;
	readonly count: number;
}

/** Goes to lines, wherever in the transcript they are; first to the one that the page's address names. */
export function useFound(
	linkedId: number | null,
	showItem: (itemId: number) => Promise<boolean>,
): { found: Found | null; goTo: (itemId: number, words?: string) => void; forget: () => void } {
	const [found, setFound] = useState<Found | null>(null);
	const goTo = useCallback(
		(itemId: number, words?: string) => {
			showItem(itemId).then(
				(isThere) => {
					if (isThere) setFound((before) => ({ itemId, words, count: (before?.count ?? 0) + 1 }));
					else notify("This line is not in the transcript any more.");
				},
				() => notify("This line could not be loaded. Try again.", "error"),
			);
		},
		[showItem],
	);
	useEffect(() => {
		if (linkedId !== null) goTo(linkedId);
	}, [linkedId, goTo]);
	const forget = useCallback(() => setFound(null), []);
	return { found, goTo, forget };
}
