import type { InboxDraftRow, SaveDraftInput } from "@bullpen/domain/draft";
import { nonceAt } from "@bullpen/domain/nonce";
import { z } from "zod";
import type { ClientLimits, Clock } from "./limits.ts";
import { isPassing, problemIn, waitMsIn } from "./refusal.ts";

/** `localStorage`, or anything like it. */
export type DraftStorage = Pick<Storage, "getItem" | "setItem">;

export interface DraftsOptions {
	/** Tells the inbox; the answer is what stands there then. */
	readonly save: (input: SaveDraftInput) => Promise<InboxDraftRow | null>;
	readonly isOpen: () => boolean;
	/** Where something is written has changed. */
	readonly placesChanged: () => void;
	readonly limits: ClientLimits;
	readonly clock: Clock;
	readonly kept?: { readonly storage: DraftStorage; readonly key: string } | undefined;
	/** Names this page among those of its person. */
	readonly device?: string | undefined;
}

interface Entry {
	readonly text: string;
	/** Unix ms, by this device's clock. */
	readonly writtenAt: number;
	/** Of this page's writings; a pending one was not acknowledged yet. */
	readonly nth: number;
	readonly isPending: boolean;
	/** The inbox may know of it, so that it has to hear when it is gone. */
	readonly isTold: boolean;
	/** Of the newest row of the inbox that was taken over here; -1 for none. */
	readonly version: number;
}

/** `[place, text]` is how they were kept when there was no inbox to tell. */
const Kept = z.array(z.tuple([z.string(), z.string(), z.number().default(0), z.boolean().default(true)]));

/**
 * What somebody has begun to write, by place. It is on this device at once, on their others a moment later, and comes from
 * there. What was written without a connection is told with the next one.
 */
export class Drafts {
	readonly #options: DraftsOptions;
	readonly #device: string;
	/** The latest written last. An empty text stays for a while, so that an older row does not bring back what was sent. */
	readonly #entries = new Map<string, Entry>();
	readonly #saving = new Set<string>();
	readonly #listeners = new Set<() => void>();
	#nth = 0;
	#places: readonly string[] = [];
	#cancelFlush: (() => void) | null = null;
	#isLeaving = false;

	constructor(options: DraftsOptions) {
		this.#options = options;
		this.#device = options.device ?? nonceAt(options.clock.now(), crypto.getRandomValues(new Uint8Array(16)));
		this.#read();
		this.#places = this.#written();
	}

	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => void this.#listeners.delete(listener);
	};

	/** Everywhere something is written; the same list until that changes. */
	get places(): readonly string[] {
		return this.#places;
	}

	text(place: string): string {
		return this.#entries.get(place)?.text ?? "";
	}

	write(place: string, text: string): void {
		if (text === this.text(place)) return;
		const { clock, limits } = this.#options;
		const { version = -1, isTold = false } = this.#entries.get(place) ?? {};
		const isPending = text !== "" || isTold;
		this.#put(place, { text, writtenAt: clock.now(), nth: ++this.#nth, isPending, isTold, version });
		this.#changed();
		if (text === "") this.#flush();
		else this.#cancelFlush ??= clock.after(limits.draftSaveMs, () => this.#flush());
	}

	/** Everything the inbox has, whenever some of it changed. What was written here and not told yet is younger. */
	heard(rows: readonly InboxDraftRow[]): void {
		let isChanged = false;
		for (const row of rows)
			if (!this.#entries.get(row.place ?? "")?.isPending) isChanged = this.#take(row) || isChanged;
		if (isChanged) this.#changed();
	}

	/** With a connection. */
	opened(): void {
		this.#flush();
	}

	/** Whoever looks away may not come back: what is written goes out now. */
	hidden(): void {
		this.#flush();
	}

	/** Before signing out: only what the inbox does not have, having had a moment to hear it, is left on this device. */
	async leave(): Promise<void> {
		const { clock, limits, isOpen } = this.#options;
		this.#flush();
		if (isOpen() && this.#isPending()) {
			await new Promise<void>((resolve) => {
				const end = (): void => {
					unsubscribe();
					cancel();
					resolve();
				};
				const unsubscribe = this.subscribe(() => this.#isPending() || end());
				const cancel = clock.after(limits.draftsLeaveMs, end);
			});
		}
		this.#isLeaving = true;
		this.#keep();
	}

	dispose(): void {
		this.#cancelFlush?.();
		this.#cancelFlush = null;
		this.#listeners.clear();
	}

	/** One writing of a place at a time: the next waits for the answer. */
	#flush(): void {
		this.#cancelFlush?.();
		this.#cancelFlush = null;
		if (!this.#options.isOpen()) return;
		for (const [place, entry] of this.#entries) {
			if (!entry.isPending || this.#saving.has(place)) continue;
			this.#saving.add(place);
			this.#entries.set(place, { ...entry, isTold: true });
			void this.#save(place, entry).finally(() => this.#saving.delete(place));
		}
	}

	async #save(place: string, { text, writtenAt, nth }: Entry): Promise<void> {
		const { save, clock, limits } = this.#options;
		const agoMs = Math.max(0, Math.round(clock.now() - writtenAt));
		try {
			const row = await save({ place, text, agoMs, device: this.#device, nth });
			this.#settled(place, nth, row);
		} catch (error) {
			const problem = problemIn(error);
			// Without a connection it is told with the next one.
			if (problem === null && !this.#options.isOpen()) return;
			if (problem === null) this.#again(limits.readRetryMaxMs);
			else if (isPassing(problem)) this.#again(waitMsIn(problem) ?? limits.readRetryMaxMs);
			else this.#settled(place, nth, null); // it stays on this device
		}
	}

	#settled(place: string, nth: number, row: InboxDraftRow | null): void {
		const entry = this.#entries.get(place);
		if (entry === undefined) return;
		if (entry.nth !== nth) {
			this.#again(entry.text === "" ? 0 : this.#options.limits.draftSaveMs);
			return;
		}
		this.#put(place, { ...entry, isPending: false, isTold: entry.text !== "" });
		if (row !== null) this.#take(row);
		this.#changed();
	}

	#again(waitMs: number): void {
		this.#cancelFlush ??= this.#options.clock.after(waitMs, () => this.#flush());
	}

	/** Whether that changed anything. */
	#take({ place, text, version, device, nth }: InboxDraftRow): boolean {
		if (place === null) return false;
		const entry = this.#entries.get(place);
		if (version <= (entry?.version ?? -1)) return false;
		const isOwn = device === this.#device;
		if (isOwn && entry !== undefined && nth < entry.nth) return false;
		const { nth: known = 0 } = entry ?? {};
		this.#put(place, { text, writtenAt: 0, nth: isOwn ? nth : known, isPending: false, isTold: text !== "", version });
		return text !== (entry?.text ?? "");
	}

	#put(place: string, entry: Entry): void {
		this.#entries.delete(place);
		this.#entries.set(place, entry);
		if (this.#entries.size <= this.#options.limits.draftsKept) return;
		const [oldest] = [...this.#entries].find(([, { text }]) => text === "") ?? [...this.#entries.keys()];
		if (oldest !== undefined) this.#entries.delete(oldest);
	}

	#changed(): void {
		this.#keep();
		for (const listener of [...this.#listeners]) listener();
		const places = this.#written();
		if (places.length === this.#places.length && places.every((place) => this.#places.includes(place))) return;
		this.#places = places;
		this.#options.placesChanged();
	}

	#isPending(): boolean {
		return [...this.#entries.values()].some(({ isPending }) => isPending);
	}

	#written(): string[] {
		return [...this.#entries].flatMap(([place, { text }]) => (text.trim() === "" ? [] : [place]));
	}

	#keep(): void {
		const { kept } = this.#options;
		if (kept === undefined) return;
		const worth = [...this.#entries].filter(
			([, { text, isPending, version }]) => isPending || (text !== "" && !(this.#isLeaving && version >= 0)),
		);
		const rows = worth.map(([place, { text, writtenAt, isPending }]) => [place, text, writtenAt, isPending]);
		try {
			kept.storage.setItem(kept.key, JSON.stringify(rows));
		} catch {
			// Full or forbidden: then they live as long as the page, and in the inbox.
		}
	}

	#read(): void {
		const { kept, limits } = this.#options;
		if (kept === undefined) return;
		try {
			const rows = Kept.parse(JSON.parse(kept.storage.getItem(kept.key) ?? "[]"));
			for (const [place, text, writtenAt, isPending] of rows.slice(-limits.draftsKept)) {
				this.#entries.set(place, {
					text,
					writtenAt,
					nth: isPending ? ++this.#nth : 0,
					isPending,
					isTold: true,
					version: -1,
				});
			}
		} catch {
			// Not ours, or storage is forbidden: there is nothing then.
		}
	}
}
