"use client";
import { Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { useTitle } from "../../live/use-title.ts";
import { Kbd } from "../../ui/kbd.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { useSuggestions } from "../../ui/suggestions.tsx";
import { Filters } from "./filters.tsx";
import { Results } from "./results.tsx";
import { suggestionsAt } from "./suggestions-at.tsx";
import { useSearch } from "./use-search.ts";

const QUERY_CHARS_MAX = 200;

/** Looks for messages in every room one is in: from the field with the arrows to a message, and with Enter to its place. */
export function SearchScreen() {
	const model = useSearch();
	const { text, setText, search } = model;
	const field = useRef<HTMLInputElement>(null);
	const list = useRef<HTMLDivElement>(null);
	const suggest = (typed: string, cursor: number) => suggestionsAt(typed, cursor, model.names);
	const suggesting = useSuggestions(field, suggest, text, "below");
	useTitle("Search");
	useEffect(() => field.current?.focus(), []);
	const change = (next: string) => {
		setText(next);
		field.current?.focus();
	};
	const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
		if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.nativeEvent.isComposing) return;
		const isInField = event.target === field.current;
		if (isInField && suggesting.takesKey(event)) return;
		const hits = [...(list.current?.querySelectorAll<HTMLElement>("[data-hit]") ?? [])];
		const at = event.target instanceof HTMLElement ? hits.indexOf(event.target) : -1;
		if (event.key === "Enter" && isInField) search();
		else if (event.key === "ArrowDown" && (isInField || at >= 0)) hits[Math.min(hits.length - 1, at + 1)]?.focus();
		else if (event.key === "ArrowUp" && at >= 0) (hits[at - 1] ?? field.current)?.focus();
		else return;
		event.preventDefault();
	};
	return (
		<>
			<PageHeader icon={<Search />} title="Search" />
			{/* biome-ignore lint/a11y/noStaticElementInteractions: it hears the keys of the field and the messages in it. */}
			<div onKeyDown={onKeyDown} className="flex min-h-0 flex-1 flex-col">
				<search className="shrink-0 border-line border-b">
					<div className="mx-auto w-full max-w-180 space-y-2.5 px-4 py-3 md:px-6">
						<label className="relative flex h-10 items-center gap-2.5 rounded-md border border-line-strong bg-raised px-3 transition-colors focus-within:border-accent focus-within:ring-3 focus-within:ring-accent-soft pointer-coarse:h-11">
							<Search className="size-4 shrink-0 text-text-faint" aria-hidden="true" />
							<input
								ref={field}
								type="search"
								aria-label="Search messages"
								autoComplete="off"
								spellCheck={false}
								maxLength={QUERY_CHARS_MAX}
								placeholder="Search messages…"
								value={text}
								onChange={(event) => {
									setText(event.target.value);
									suggesting.look();
								}}
								onSelect={suggesting.look}
								onBlur={suggesting.close}
								{...suggesting.props}
								className="min-w-0 flex-1 bg-transparent text-md outline-none placeholder:text-text-faint pointer-coarse:text-[1rem] [&::-webkit-search-cancel-button]:hidden"
							/>
							<span className="hidden items-center gap-1 pointer-fine:flex" aria-hidden="true">
								<Kbd>↑</Kbd>
								<Kbd>↓</Kbd>
								<Kbd>Enter</Kbd>
							</span>
							{suggesting.list}
						</label>
						<Filters text={text} names={model.names} onChange={change} />
					</div>
				</search>
				<div ref={list} className="flex min-h-0 flex-1 flex-col overflow-y-auto">
					<Results model={model} />
				</div>
			</div>
		</>
	);
}
