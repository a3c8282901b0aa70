import type { InboxFeedRow, InboxRoomRow, InboxWorkspaceRow } from "@bullpen/domain/inbox";
import { inboxRooms, inboxWorkspaces, unreadTotal } from "@bullpen/domain/inbox-view";
import type { Problem } from "@bullpen/domain/problem";
import { rowKey } from "@bullpen/domain/row-map";
import type { Connection } from "./connection.ts";
import type { ClientLimits, Clock } from "./limits.ts";
import { isPassing, problemIn, waitMsIn } from "./refusal.ts";
import { RowsFeed } from "./rows-feed.ts";
import { type StoreOptions, withDefaults } from "./store-options.ts";

/** The sidebar of one person. */
export interface InboxShown {
	readonly isLoaded: boolean;
	readonly problem: Problem | null;
	/** The most recently active first. */
	readonly rooms: readonly InboxRoomRow[];
	/** Those that need an answer first. */
	readonly workspaces: readonly InboxWorkspaceRow[];
	readonly unread: number;
}

/** One person's inbox, over as many connections as it takes. */
export class InboxStore {
	readonly #feed: RowsFeed<"userInbox", InboxFeedRow>;
	readonly #limits: ClientLimits;
	readonly #clock: Clock;
	/** What was read and is not acknowledged yet, by room: it survives a lost connection. */
	readonly #read = new Map<string, number>();
	#cancelFlush: (() => void) | null = null;
	#shown: InboxShown;

	constructor(options: StoreOptions = {}) {
		const { limits, clock } = withDefaults(options);
		this.#limits = limits;
		this.#clock = clock;
		this.#feed = new RowsFeed<"userInbox", InboxFeedRow>({
			read: (line) => line.call("getInbox"),
			readChanges: (line, input) => line.call("changesSince", input),
			listen: (connection, heard) => connection.on("inboxChanged", heard),
			opened: () => this.#flush(),
			refresh: () => {
				this.#shown = this.#show();
			},
			limits,
			clock,
		});
		this.#shown = this.#show();
	}

	readonly subscribe = (listener: () => void): (() => void) => this.#feed.notifier.subscribe(listener);
	readonly getSnapshot = (): InboxShown => this.#shown;

	attach(connection: Connection<"userInbox">): () => void {
		return this.#feed.line.attach(connection);
	}

	/** Everything up to this message was on the screen. Cheap to call on every scroll: it only ever moves forward. */
	markRead(roomId: string, seq: number): void {
		const row = this.#feed.rows.get(rowKey({ kind: "inboxRoom", id: roomId }));
		const known = row?.kind === "inboxRoom" ? row.readSeq : 0;
		if (seq <= Math.max(known, this.#read.get(roomId) ?? 0)) return;
		this.#read.set(roomId, seq);
		this.#cancelFlush ??= this.#clock.after(this.#limits.markReadMs, () => this.#flush());
	}

	check(): void {
		this.#feed.check();
	}

	dispose(): void {
		this.#cancelFlush?.();
		this.#cancelFlush = null;
		this.#feed.dispose();
	}

	#flush(): void {
		this.#cancelFlush?.();
		this.#cancelFlush = null;
		if (!this.#feed.line.isOpen) return;
		for (const [roomId, seq] of this.#read) {
			this.#feed.line.call("markRead", { roomId, seq }).then(
				() => this.#forget(roomId, seq),
				(error: unknown) => this.#failed(roomId, seq, problemIn(error)),
			);
		}
	}

	/** Without an answer it is told again on the next connection. A final refusal (we left the room) ends it. */
	#failed(roomId: string, seq: number, problem: Problem | null): void {
		if (problem === null) return;
		if (!isPassing(problem)) {
			this.#forget(roomId, seq);
			return;
		}
		const waitMs = waitMsIn(problem) ?? this.#limits.readRetryMaxMs;
		this.#cancelFlush ??= this.#clock.after(waitMs, () => this.#flush());
	}

	#forget(roomId: string, seq: number): void {
		if (this.#read.get(roomId) === seq) this.#read.delete(roomId);
	}

	#show(): InboxShown {
		const { rows, isLoaded, problem } = this.#feed;
		return {
			isLoaded,
			problem,
			rooms: inboxRooms(rows),
			workspaces: inboxWorkspaces(rows),
			unread: unreadTotal(rows),
		};
	}
}
