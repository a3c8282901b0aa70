import {
	abandonPage,
	appendNewer,
	beginPage,
	type MessageWindow,
	messageIn,
	NEWEST,
	prependOlder,
	showPage,
	trimWindow,
} from "@bullpen/domain/message-window";
import type { GetHistoryInput, History } from "@bullpen/domain/room";
import type { z } from "zod";

type Page = z.infer<typeof GetHistoryInput>;

interface Options<W extends MessageWindow> {
	/** What is held now; null before anything is. */
	readonly get: () => W | null;
	readonly set: (window: W) => void;
	readonly read: (page: Page) => Promise<History>;
	/** A move began or ended. */
	readonly changed: () => void;
	readonly pageSize: number;
	readonly messagesMax: number;
}

export type Move = "older" | "newer" | "elsewhere";

/** Moves a window of messages over the room's history: one page at a time. */
export class WindowReader<W extends MessageWindow> {
	readonly #options: Options<W>;
	#moving: { readonly kind: Move; readonly done: Promise<void> } | null = null;

	constructor(options: Options<W>) {
		this.#options = options;
	}

	get moving(): Move | null {
		return this.#moving?.kind ?? null;
	}

	/** Puts one older page in front. */
	loadOlder(): Promise<void> {
		return this.#move("older", async ({ hasOlder, windowFrom: before }) => {
			if (!hasOlder) return null;
			const history = await this.#read({ before });
			return (window) => trimWindow(prependOlder(window, before, history), this.#options.messagesMax, "newer");
		});
	}

	/** Adds one page of what comes after. Nothing while the newest is held. */
	loadNewer(): Promise<void> {
		return this.#move("newer", async ({ windowTo }) => {
			if (windowTo === null) return null;
			const after = windowTo - 1;
			const history = await this.#read({ after });
			return (window) => trimWindow(appendNewer(window, after, history), this.#options.messagesMax, "older");
		});
	}

	/** Makes sure that this message is held, with what stands around it. False when it is not there (any more). */
	async show(seq: number): Promise<boolean> {
		const isHeld = (): boolean => {
			const window = this.#options.get();
			return window !== null && messageIn(window, seq) !== undefined;
		};
		if (isHeld()) return true;
		await this.#move("elsewhere", async () => {
			const around = seq + Math.ceil(this.#options.pageSize / 2);
			const wide = await this.#read({ before: around });
			if (has(wide, seq)) return (window) => showPage(window, around, wide);
			const narrow = await this.#read({ before: seq + 1 }); // what follows it is large, and left no room for it
			return has(narrow, seq) ? (window) => showPage(window, seq + 1, narrow) : null;
		});
		return isHeld();
	}

	/** Back to the newest. */
	showNewest(): Promise<void> {
		return this.#move("elsewhere", async ({ windowTo }) => (windowTo === null ? null : await this.#newest()));
	}

	/** Reads the newest page, whatever is held. */
	restart(): Promise<void> {
		return this.#move("elsewhere", () => this.#newest());
	}

	async #newest(): Promise<(window: W) => W> {
		const history = await this.#read({});
		return (window) => showPage(window, NEWEST, history);
	}

	#read(page: Page): Promise<History> {
		return this.#options.read({ ...page, limit: this.#options.pageSize });
	}

	/** One at a time: the same again is the one under way, another waits for it. */
	async #move(kind: Move, prepare: (window: W) => Promise<((window: W) => W) | null>): Promise<void> {
		if (this.#moving?.kind === kind && kind !== "elsewhere") return this.#moving.done;
		while (this.#moving !== null) await this.#moving.done.catch(() => {}); // whoever began it hears of it
		const done = this.#run(prepare).finally(() => {
			this.#moving = null;
			this.#options.changed();
		});
		this.#moving = { kind, done };
		this.#options.changed();
		return done;
	}

	async #run(prepare: (window: W) => Promise<((window: W) => W) | null>): Promise<void> {
		const before = this.#options.get();
		if (before === null) return;
		this.#options.set(beginPage(before));
		try {
			const change = await prepare(before);
			const window = this.#options.get();
			if (change !== null && window !== null) this.#options.set(change(window));
		} finally {
			const window = this.#options.get();
			if (window !== null && window.aside !== null) this.#options.set(abandonPage(window));
		}
	}
}

const has = ({ messages }: History, seq: number): boolean => messages.some(({ id }) => id === seq);
