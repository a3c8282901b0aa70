import { isNewer } from "./feed.ts";
import type { Message } from "./message.ts";
import type { History } from "./room.ts";

/** What is held of a long list of messages (a room's, a thread's): one run of it without a hole, tombstones included. */
export interface MessageWindow {
	/** Oldest first: every message from `windowFrom` up to `windowTo`. */
	readonly messages: readonly Message[];
	readonly windowFrom: number;
	/** The first seq above the window; null while it reaches to the newest message. */
	readonly windowTo: number | null;
	readonly hasOlder: boolean;
	readonly floorSeq: number;
	/** Everything that changes while a page is being read: the page may be older than that. Else null. */
	readonly aside: ReadonlyMap<number, Message> | null;
}

/** Above every seq: asking for what lies before it is asking for the newest. */
export const NEWEST = Number.MAX_SAFE_INTEGER;

/** The window of a page that was read with `before`; of no page, one that holds nothing and never will. */
export const windowOf = (history: History | null, before = NEWEST): MessageWindow => ({
	messages: history?.messages ?? [],
	windowFrom: history === null ? NEWEST : bottomOf(history, Math.min(before, history.head.seq + 1)),
	windowTo: history === null || history.head.seq < before ? null : before,
	hasOlder: history?.hasMore ?? false,
	floorSeq: history?.floorSeq ?? 1,
	aside: null,
});

/** Merges changed messages and drops what was pruned. The same window comes back when nothing was new. */
export function changeMessages<W extends MessageWindow>(window: W, rows: readonly Message[], floorSeq: number): W {
	let { aside } = window;
	const run = new Run(window.messages);
	for (const row of rows) {
		if (aside !== null && isNewer(row, aside.get(row.id))) aside = new Map(aside).set(row.id, row);
		if (isHeld(window, row.id)) run.put(row);
	}
	const isSame = !run.isChanged && aside === window.aside && floorSeq <= window.floorSeq;
	return isSame ? window : dropBelow({ ...window, aside, messages: run.rows }, Math.max(window.floorSeq, floorSeq));
}

/** A page is about to be read: changes are kept until it is there. */
export const beginPage = <W extends MessageWindow>(window: W): W =>
	window.aside ? window : { ...window, aside: new Map() };
export const abandonPage = <W extends MessageWindow>(window: W): W => ({ ...window, aside: null });

/** Puts the page read with `before` in front. A page for another window (something else came in between) is ignored. */
export const prependOlder = <W extends MessageWindow>(window: W, before: number, history: History): W =>
	before === window.windowFrom
		? withPage(window, history, { windowFrom: bottomOf(history, before), hasOlder: history.hasMore })
		: window;

/** Adds the page read with `after` behind. A page for another window is ignored. */
export const appendNewer = <W extends MessageWindow>(window: W, after: number, history: History): W => {
	if (window.windowTo !== after + 1) return window;
	const last = history.messages.at(-1);
	return withPage(window, history, { windowTo: history.hasMore && last !== undefined ? last.id + 1 : null });
};

/** Shows the page read with `before` instead: another place of the list, or its newest part again. */
export const showPage = <W extends MessageWindow>(window: W, before: number, history: History): W => {
	const { windowFrom, windowTo, hasOlder } = windowOf(history, before);
	return withPage({ ...window, messages: [] }, history, { windowFrom, windowTo, hasOlder });
};

/** Lets go of what lies at one end of a window that has grown too large. It can be loaded again. */
export function trimWindow<W extends MessageWindow>(window: W, messagesMax: number, end: "older" | "newer"): W {
	const { messages } = window;
	if (messages.length <= messagesMax * 1.1 || window.aside !== null) return window;
	const kept = end === "older" ? messages.slice(-messagesMax) : messages.slice(0, messagesMax);
	if (end === "newer") return { ...window, messages: kept, windowTo: (kept.at(-1)?.id ?? 0) + 1 };
	return { ...window, messages: kept, windowFrom: kept[0]?.id ?? window.windowFrom, hasOlder: true };
}

export const messageIn = (window: MessageWindow, seq: number): Message | undefined => {
	const at = placeOf(window.messages, seq);
	return window.messages[at]?.id === seq ? window.messages[at] : undefined;
};

const isHeld = ({ windowFrom, windowTo }: MessageWindow, seq: number): boolean =>
	seq >= windowFrom && (windowTo === null || seq < windowTo);

function withPage<W extends MessageWindow>(
	window: W,
	history: History,
	bounds: Partial<Pick<MessageWindow, "windowFrom" | "windowTo" | "hasOlder">>,
): W {
	if (window.aside === null) return window;
	const next = { ...window, ...bounds, aside: null };
	const run = new Run(joined(window.messages, history.messages));
	for (const row of window.aside.values()) if (isHeld(next, row.id)) run.put(row);
	return dropBelow({ ...next, messages: run.rows }, Math.max(window.floorSeq, history.floorSeq));
}

/** A page lies wholly before or wholly behind what is there. */
const joined = (held: readonly Message[], page: readonly Message[]): readonly Message[] =>
	(page[0]?.id ?? 0) > (held.at(-1)?.id ?? 0) ? [...held, ...page] : [...page, ...held];

/** Where a window begins: at the oldest message of the page, or at the floor when there is nothing older. */
const bottomOf = (history: History, otherwise: number): number =>
	history.hasMore ? (history.messages[0]?.id ?? otherwise) : Math.min(history.floorSeq, otherwise);

function dropBelow<W extends MessageWindow>(window: W, floorSeq: number): W {
	const cut = placeOf(window.messages, floorSeq);
	return {
		...window,
		floorSeq,
		messages: cut === 0 ? window.messages : window.messages.slice(cut),
		windowFrom: Math.max(window.windowFrom, floorSeq),
		hasOlder: window.hasOlder && window.windowFrom > floorSeq,
	};
}

/** Index of the first message whose id is at least `seq`. */
function placeOf(messages: readonly Message[], seq: number): number {
	let low = 0;
	let high = messages.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		const message = messages[middle];
		if (message !== undefined && message.id < seq) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** Messages in order of id, copied on the first change. */
class Run {
	#rows: readonly Message[];
	#copy: Message[] | null = null;

	constructor(rows: readonly Message[]) {
		this.#rows = rows;
	}

	get rows(): readonly Message[] {
		return this.#copy ?? this.#rows;
	}

	get isChanged(): boolean {
		return this.#copy !== null;
	}

	put(message: Message): void {
		const at = placeOf(this.rows, message.id);
		const known = this.rows[at]?.id === message.id ? this.rows[at] : undefined;
		if (!isNewer(message, known)) return;
		this.#copy ??= [...this.#rows];
		this.#copy.splice(at, known ? 1 : 0, message);
	}
}
