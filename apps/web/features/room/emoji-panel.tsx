"use client";
import { Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { EMOJI_GROUPS, type Emoji, findEmoji } from "./emoji.ts";

const COLUMNS = 8;
const FOUND_MAX = 64;

interface EmojiPanelProps {
	/** Shown first, where nothing is searched for. */
	usual: readonly Emoji[];
	onPick: (emoji: string) => void;
}

/** All emoji, by kind or by what they are about. */
export default function EmojiPanel({ usual, onPick }: EmojiPanelProps) {
	const [query, setQuery] = useState("");
	const [group, setGroup] = useState(0);
	const search = useRef<HTMLInputElement>(null);
	const groups = [{ name: "Often used", emoji: usual }, ...EMOJI_GROUPS];
	const shown = query.trim() === "" ? (groups[group]?.emoji ?? []) : findEmoji(query, FOUND_MAX);
	useEffect(() => search.current?.focus(), []);
	return (
		<div className="flex w-76 flex-col">
			<label className="m-1 flex h-8.5 items-center gap-2 rounded-md bg-sunken px-2.5 text-text-faint focus-within:ring-3 focus-within:ring-accent-soft pointer-coarse:h-11">
				<Search className="size-4 shrink-0" aria-hidden="true" />
				<input
					ref={search}
					type="search"
					aria-label="Search emoji"
					placeholder="Search emoji"
					value={query}
					onChange={(event) => setQuery(event.target.value)}
					onKeyDown={(event) => {
						const [first] = shown;
						if (event.key !== "Enter" || !first || query === "") return;
						event.preventDefault();
						onPick(first.emoji);
					}}
					className="min-w-0 flex-1 bg-transparent text-sm text-text outline-none placeholder:text-text-faint [&::-webkit-search-cancel-button]:hidden pointer-coarse:text-[1rem]"
				/>
			</label>
			<div role="toolbar" aria-label="Kinds of emoji" className="flex justify-between px-1 pb-1">
				{groups.map(({ name, emoji }, index) => (
					<button
						key={name}
						type="button"
						aria-label={name}
						title={name}
						aria-pressed={query === "" && index === group}
						onClick={() => {
							setQuery("");
							setGroup(index);
						}}
						className="size-7 rounded-sm font-emoji text-base leading-none opacity-60 grayscale hover:bg-hover hover:opacity-100 aria-pressed:bg-selected aria-pressed:opacity-100 aria-pressed:grayscale-0"
					>
						{index === 0 ? "🕘" : emoji[0]?.emoji}
					</button>
				))}
			</div>
			<Grid emoji={shown} onPick={onPick} />
		</div>
	);
}

function Grid({ emoji, onPick }: { emoji: readonly Emoji[]; onPick: (emoji: string) => void }) {
	const grid = useRef<HTMLDivElement>(null);
	const onKeyDown = (event: KeyboardEvent) => {
		const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
		const buttons = [...(grid.current?.querySelectorAll("button") ?? [])];
		const at = buttons.findIndex((button) => button.matches(":focus"));
		if (step === undefined || at < 0) return;
		event.preventDefault();
		buttons[at + step]?.focus();
	};
	if (emoji.length === 0)
		return <p className="flex h-56 items-center justify-center text-sm text-text-faint">None found</p>;
	return (
		// biome-ignore lint/a11y/noStaticElementInteractions: moves the focus between the buttons inside.
		<div ref={grid} onKeyDown={onKeyDown} className="grid h-56 grid-cols-8 content-start overflow-y-auto px-1 pb-1">
			{emoji.map(({ emoji: one, name, shortcodes }, index) => (
				<button
					key={one}
					type="button"
					aria-label={name}
					title={shortcodes[0] === undefined ? name : `${name} :${shortcodes[0]}:`}
					tabIndex={index === 0 ? 0 : -1}
					onClick={() => onPick(one)}
					className="h-9 rounded-sm font-emoji text-[1.25rem] leading-none hover:bg-selected focus-visible:bg-selected active:scale-90"
				>
					{one}
				</button>
			))}
		</div>
	);
}
