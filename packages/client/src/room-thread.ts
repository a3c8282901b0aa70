import type { Message } from "@bullpen/domain/message";
import { changeMessages, type MessageWindow, windowOf } from "@bullpen/domain/message-window";
import { Problem } from "@bullpen/domain/problem";
import type { GetHistoryInput, History } from "@bullpen/domain/room";
import type { z } from "zod";
import type { ClientLimits } from "./limits.ts";
import { type Move, WindowReader } from "./window-reader.ts";

interface Options {
	readonly rootId: number;
	readonly read: (page: z.infer<typeof GetHistoryInput>) => Promise<History>;
	readonly changed: () => void;
	readonly limits: Pick<ClientLimits, "historyPage" | "windowMax">;
}

/** The replies of one thread as a screen shows them. */
export interface ThreadShown {
	readonly rootId: number;
	readonly isLoaded: boolean;
	/** Why its replies cannot be read, null when they can. */
	readonly problem: Problem | null;
	/** Oldest first, without a hole, tombstones included. */
	readonly messages: readonly Message[];
	readonly hasOlder: boolean;
	readonly hasNewer: boolean;
	readonly moving: Move | null;
}

/** The open thread of a room: a window of its replies, kept true by the room's feed. */
export class RoomThread {
	readonly rootId: number;
	readonly reader: WindowReader<MessageWindow>;
	readonly #changed: () => void;
	#window: MessageWindow = windowOf(null);
	#isLoaded = false;
	#problem: Problem | null = null;

	constructor({ rootId, read, changed, limits }: Options) {
		this.rootId = rootId;
		this.#changed = changed;
		this.reader = new WindowReader({
			get: () => this.#window,
			set: (window) => {
				this.#window = window;
			},
			read: (page) => read({ ...page, threadOf: rootId }),
			changed,
			pageSize: limits.historyPage,
			messagesMax: limits.windowMax,
		});
	}

	get shown(): ThreadShown {
		const { messages, hasOlder, windowTo } = this.#window;
		return {
			rootId: this.rootId,
			isLoaded: this.#isLoaded,
			problem: this.#problem,
			messages,
			hasOlder,
			hasNewer: windowTo !== null,
			moving: this.reader.moving,
		};
	}

	/** With a connection. What cannot be read now is read with the next one. */
	async opened(): Promise<void> {
		if (this.#isLoaded) return;
		try {
			await this.reader.restart();
			this.#isLoaded = true;
			this.#problem = null;
		} catch (error) {
			this.#problem = error instanceof Problem ? error : null;
		}
		this.#changed();
	}

	/** A fresh snapshot of the room: its replies are read again. */
	restart(): void {
		this.#isLoaded = false;
		this.#window = windowOf(null);
		void this.opened();
	}

	changed(rows: readonly Message[], floorSeq: number): void {
		const replies = rows.filter(({ threadOf }) => threadOf === this.rootId);
		this.#window = changeMessages(this.#window, replies, floorSeq);
	}
}
