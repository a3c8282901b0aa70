"use client";
import type { SearchShown } from "@bullpen/client/search-store";
import { useEffect, useRef } from "react";
import { wordsFor } from "../../live/words.ts";
import { Button } from "../../ui/button.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { dayLabelOf } from "../../ui/time.ts";

interface TailProps {
	shown: SearchShown;
	onMore: () => void;
	onRetry: () => void;
}

/** Under the last message: the next page comes as somebody gets near, or is asked for where nothing was found lately. */
export function Tail({ shown, onMore, onRetry }: TailProps) {
	const { state, more, hits, scannedBackTo } = shown;
	const end = useRef<HTMLDivElement>(null);
	const isNear = state === "ready" && more === "near";
	const count = hits.length;
	// biome-ignore lint/correctness/useExhaustiveDependencies: a page that ends in sight wants the next one, too.
	useEffect(() => {
		if (!isNear || end.current === null) return;
		const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && onMore(), { rootMargin: "600px" });
		watch.observe(end.current);
		return () => watch.disconnect();
	}, [isNear, count, onMore]);
	const back = scannedBackTo === null ? "" : `Searched back to ${dayLabelOf(scannedBackTo, Date.now())}.`;
	return (
		<div
			ref={end}
			className="flex min-h-14 flex-wrap items-center justify-center gap-x-3 gap-y-2 px-3 pt-4 text-center text-sm text-text-faint"
		>
			{state === "asking" && <Spinner className="size-3.5" />}
			{state === "waiting" && "Waiting for the connection…"}
			{state === "failed" ? wordsFor(shown.failure) : back}
			{state === "failed" && (
				<Button size="sm" onClick={onRetry}>
					Try again
				</Button>
			)}
			{state === "ready" && more === "far" && (
				<Button size="sm" onClick={onMore}>
					Search further back
				</Button>
			)}
			{state === "ready" && more === "full" && "More words or a filter find what is older."}
			{state === "ready" && more === "none" && "That is everything."}
		</div>
	);
}
