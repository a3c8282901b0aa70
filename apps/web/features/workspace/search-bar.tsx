"use client";
import { ChevronDown, ChevronUp, Search, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { IconButton } from "../../ui/button.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import type { TranscriptSearch } from "./use-transcript-search.ts";

export function SearchBar({ search, onClose }: { search: TranscriptSearch; onClose: () => void }) {
	const field = useRef<HTMLInputElement>(null);
	useEffect(() => field.current?.focus(), []);
	const { results } = search;
	const onKeyDown = (event: KeyboardEvent) => {
		if (event.key === "Escape") onClose();
		else if (event.key === "Enter" && event.shiftKey) search.newer();
		else if (event.key === "Enter") search.older();
		else return;
		event.preventDefault();
	};
	return (
		<search className="border-line border-b">
			<div className="mx-auto flex h-11 w-full max-w-200 items-center gap-1.5 px-4 md:px-6">
				<Search className="size-4 shrink-0 text-text-faint" aria-hidden="true" />
				<input
					ref={field}
					type="search"
					aria-label="Search this transcript"
					placeholder="Search this transcript"
					value={search.query}
					maxLength={200}
					onChange={(event) => search.setQuery(event.target.value)}
					onKeyDown={onKeyDown}
					className="min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-text-faint pointer-coarse:text-[1rem] [&::-webkit-search-cancel-button]:hidden"
				/>
				<span role="status" className="flex shrink-0 items-center gap-2 text-text-faint text-xs tabular-nums">
					{search.isSearching && <Spinner className="size-3.5" />}
					{wordsOf(search)}
				</span>
				<IconButton
					label="Older"
					tip="bottom-end"
					disabled={!results || (results.index + 1 >= results.hits.length && results.next === null)}
					onClick={search.older}
				>
					<ChevronUp />
				</IconButton>
				<IconButton label="Newer" tip="bottom-end" disabled={!results || results.index <= 0} onClick={search.newer}>
					<ChevronDown />
				</IconButton>
				<IconButton label="Close search" tip="bottom-end" onClick={onClose}>
					<X />
				</IconButton>
			</div>
		</search>
	);
}

function wordsOf({ results, problem, isSearching, query }: TranscriptSearch): string {
	if (problem !== null) return problem;
	if (!results || query.trim() === "") return isSearching ? "Searching…" : "";
	if (results.hits.length === 0) return results.next === null ? "Nothing found" : "Nothing yet: look further back";
	return `${results.index + 1} of ${results.hits.length}${results.next === null ? "" : "+"}`;
}
