"use client";
import { ArrowDown } from "lucide-react";
import {
	type KeyboardEvent,
	memo,
	type ReactElement,
	type ReactNode,
	useCallback,
	useEffect,
	useLayoutEffect,
	useRef,
	useState,
} from "react";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { Spinner } from "./spinner.tsx";

/** Nearer to the bottom than this is at the bottom. */
const NEAR_PX = 80;
/** What stands above the first entry keeps this height, so that loading older ones moves nothing. */
const HEAD_PX = 128;
const SHORT_HEAD_PX = 32;
/** Older entries are asked for before the reader arrives at the top. */
const LOAD_AHEAD_PX = 600;

interface BottomListProps<Entry extends { readonly key: string }> {
	label: string;
	/** Oldest first. A new array for every change; keys are stable. */
	entries: readonly Entry[];
	/** Draws one entry, again when this is another function. Inside it, the element with `data-entry` takes the focus of the arrow keys. */
	children: (entry: Entry, isTabStop: boolean) => ReactElement;
	/** The entry to bring into view; again when `foundCount` changes. */
	foundKey?: string | null;
	foundCount?: number;
	/** The last entry was just made by the reader: always shown. */
	isLastOwn: boolean;
	older: "more" | "loading" | "none";
	/** Entries after the last one shown, for a list that can be opened in its middle. */
	newer?: "more" | "loading" | "none";
	onLoadNewer?: () => void;
	/** Back to the newest entries, where those are not shown. */
	onNewest?: () => void;
	/** A few entries stand at the top instead of the bottom. */
	startsAtTop?: boolean;
	/** Said above the very first entry. */
	intro: ReactNode;
	/** What the button back to the bottom says. */
	newWords: (count: number) => string;
	onLoadOlder: () => void;
	/** The last entry is on the screen: when one arrives there, and when the reader comes back to it. */
	onEndShown?: () => void;
}

/** A long list that is read from its end: it stays there while it grows, and stays put while one reads further up. */
export function BottomList<Entry extends { readonly key: string }>(props: BottomListProps<Entry>) {
	const { entries, foundKey = null, older, newer = "none", onLoadOlder, onLoadNewer, onNewest, onEndShown } = props;
	const { startsAtTop = false } = props;
	const headPx = startsAtTop ? SHORT_HEAD_PX : HEAD_PX;
	const scroller = useRef<HTMLDivElement>(null);
	const list = useRef<VirtualizerHandle>(null);
	const isStuck = useRef(foundKey === null);
	const lastTop = useRef(0);
	const lastHeight = useRef(0);
	const [seenKey, setSeenKey] = useState<string | null>(null);
	const [tabStop, setTabStop] = useState<string | null>(null);
	const isPrepending = usePrepending(entries);
	const lastKey = entries.at(-1)?.key;

	const toBottom = useCallback(() => {
		const element = scroller.current;
		if (element) {
			element.scrollTop = element.scrollHeight;
			lastTop.current = element.scrollTop; // by the time it is told, entries may have grown: that was no reader
		}
		isStuck.current = true;
		setSeenKey(null);
	}, []);

	// biome-ignore lint/correctness/useExhaustiveDependencies: a new last entry is what this follows.
	useLayoutEffect(() => {
		if (newer !== "none") return; // the last entry here is not the end
		if (isStuck.current || props.isLastOwn) toBottom();
		if (isStuck.current) onEndShown?.();
	}, [lastKey, props.isLastOwn, newer]);

	const toNewest = () => {
		isStuck.current = true; // once they are here
		setSeenKey(null);
		onNewest?.();
	};

	// biome-ignore lint/correctness/useExhaustiveDependencies: it is shown once, not again whenever entries before it load.
	useEffect(() => {
		if (foundKey === null) return;
		isStuck.current = false;
		setSeenKey(lastKey ?? null);
		list.current?.scrollToIndex(indexOf(entries, foundKey), { align: "center" });
	}, [foundKey, props.foundCount]);

	// Something beside the list took of its height or gave it back.
	useEffect(() => {
		const element = scroller.current;
		if (!element) return;
		const observer = new ResizeObserver(() => {
			lastHeight.current = element.clientHeight;
			if (isStuck.current) toBottom();
		});
		observer.observe(element);
		return () => observer.disconnect();
	}, [toBottom]);

	const onScroll = () => {
		const element = scroller.current;
		if (!element) return;
		const leftPx = element.scrollHeight - element.scrollTop - element.clientHeight;
		if (newer === "more" && leftPx < LOAD_AHEAD_PX) onLoadNewer?.();
		const isAtBottom = newer === "none" && leftPx < NEAR_PX;
		// Entries that grow take the end away, too, but only a reader moves up; or a list that has more height than before.
		const isResized = element.clientHeight !== lastHeight.current;
		const hasLeft = !isAtBottom && !isResized && element.scrollTop < lastTop.current;
		lastTop.current = element.scrollTop;
		lastHeight.current = element.clientHeight;
		if (isAtBottom !== isStuck.current && (isAtBottom || hasLeft)) {
			isStuck.current = isAtBottom;
			setSeenKey(isAtBottom ? null : (lastKey ?? null));
			if (isAtBottom) onEndShown?.();
		}
		if (older === "more" && element.scrollTop < LOAD_AHEAD_PX) onLoadOlder();
	};

	const active = activeIndex(entries, tabStop ?? foundKey);
	const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
		if (!(event.target instanceof HTMLElement) || event.target.dataset.entry === undefined) return;
		const next = nextIndex(event.key, active, entries.length);
		const entry = next === null ? undefined : entries[next];
		if (next === null || !entry) return;
		event.preventDefault();
		setTabStop(entry.key);
		list.current?.scrollToIndex(next, { align: "nearest" });
		requestAnimationFrame(() => entryAt(scroller.current, next)?.focus({ preventScroll: true }));
	};

	const seenIndex = indexOf(entries, seenKey);
	const newCount = seenIndex < 0 ? 0 : entries.length - 1 - seenIndex;
	return (
		<div className="relative flex min-h-0 flex-1 flex-col">
			<div
				ref={scroller}
				role="log"
				aria-label={props.label}
				aria-live="off"
				aria-busy={older === "loading"}
				className="flex min-h-0 flex-1 flex-col overflow-y-auto overflow-x-hidden overscroll-contain pb-3 [overflow-anchor:none]"
				onScroll={onScroll}
				onKeyDown={onKeyDown}
			>
				{!startsAtTop && <div className="flex-1" />}
				<div className="flex shrink-0 flex-col justify-end" style={{ height: headPx }}>
					{older === "none" ? props.intro : <LoadingOlder isShown={older === "loading"} />}
				</div>
				<Virtualizer
					ref={list}
					scrollRef={scroller}
					startMargin={headPx}
					shift={isPrepending}
					keepMounted={active < 0 ? [] : [active]}
					data={entries}
					onResize={() => isStuck.current && toBottom()}
				>
					{(entry, index) => (
						<div key={entry.key} data-index={index}>
							<Row entry={entry} isTabStop={index === active} draw={props.children} />
						</div>
					)}
				</Virtualizer>
			</div>
			{newer === "none"
				? seenKey !== null && <JumpToNewest words={props.newWords(newCount)} onJump={toBottom} />
				: onNewest && <JumpToNewest words="Back to the newest" onJump={toNewest} />}
		</div>
	);
}

interface RowProps<Entry> {
	entry: Entry;
	isTabStop: boolean;
	draw: (entry: Entry, isTabStop: boolean) => ReactElement;
}

/** The virtualizer asks for its rows with every step of a scroll; what they show is the same then. */
const Row = memo(function Row<Entry>({ entry, isTabStop, draw }: RowProps<Entry>) {
	return draw(entry, isTabStop);
}) as <Entry>(props: RowProps<Entry>) => ReactElement;

/** The one entry that Tab reaches: the chosen one, else the last. */
function activeIndex(entries: ReadonlyArray<{ key: string }>, key: string | null): number {
	const index = indexOf(entries, key);
	return index < 0 ? entries.length - 1 : index;
}

const indexOf = (entries: ReadonlyArray<{ key: string }>, key: string | null) =>
	key === null ? -1 : entries.findIndex((entry) => entry.key === key);

const entryAt = (scroller: HTMLElement | null, index: number) =>
	scroller?.querySelector<HTMLElement>(`[data-index="${index}"] [data-entry]`);

function nextIndex(key: string, index: number, count: number): number | null {
	if (key === "ArrowUp") return Math.max(0, index - 1);
	if (key === "ArrowDown") return Math.min(count - 1, index + 1);
	if (key === "Home") return 0;
	return key === "End" ? count - 1 : null;
}

/**
 * Whether these entries continue the shown ones upwards: then, and only then, the list keeps its place from the end. The
 * first of those shown may have become a part of what came before it.
 */
function usePrepending(entries: ReadonlyArray<{ key: string }>): boolean {
	const [shown, setShown] = useState({ entries, isPrepending: false });
	if (shown.entries === entries) return shown.isPrepending;
	const isPrepending = startsElsewhere(entries, shown.entries) && continuesUpwards(entries, shown.entries);
	setShown({ entries, isPrepending });
	return isPrepending;
}

type Keyed = ReadonlyArray<{ key: string }>;

const startsElsewhere = (entries: Keyed, before: Keyed): boolean => entries[0]?.key !== before[0]?.key;

/** Whether the first that is shown in both comes later now. */
function continuesUpwards(entries: Keyed, before: Keyed): boolean {
	const places = new Map(entries.map(({ key }, index) => [key, index]));
	for (const [index, { key }] of before.entries()) {
		const place = places.get(key);
		if (place !== undefined) return place > index;
	}
	return false;
}

function LoadingOlder({ isShown }: { isShown: boolean }) {
	return (
		<div role="status" className="flex h-full items-center justify-center gap-2 text-sm text-text-faint">
			{isShown && (
				<>
					<Spinner /> Loading what came before
				</>
			)}
		</div>
	);
}

function JumpToNewest({ words, onJump }: { words: string; onJump: () => void }) {
	return (
		<button
			type="button"
			onClick={onJump}
			className="-translate-x-1/2 absolute bottom-3 left-1/2 flex h-8 items-center gap-1.5 rounded-full bg-accent px-3.5 font-medium text-sm text-text-inverse shadow-mid animate-appear hover:bg-accent-strong pointer-coarse:h-10"
		>
			<ArrowDown className="size-4" aria-hidden="true" />
			{words}
		</button>
	);
}
