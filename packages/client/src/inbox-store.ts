import type {
	InboxFeedRow,
	InboxLevel,
	InboxRoomRow,
	InboxWorkspaceRow,
	Notified,
	QuietHours,
	UnreadExplained,
} from "@bullpen/domain/inbox";
import { inboxRooms, inboxSettings, inboxWorkspaces, totalsOf } from "@bullpen/domain/inbox-view";
import type { Problem } from "@bullpen/domain/problem";
import { rowKey, rowsOf } from "@bullpen/domain/row-map";
import type { Connection } from "./connection.ts";
import { type DraftStorage, Drafts } from "./drafts.ts";
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
	/** Of all rooms that are heard right now: what is unread, and what of it calls on this person. */
	readonly unread: number;
	readonly calls: number;
	readonly quietHours: QuietHours | null;
	/** Where something is being written: rooms, and threads as `<room>/<first message>`. */
	readonly draftPlaces: readonly string[];
}

export interface InboxStoreOptions extends StoreOptions {
	/** `localStorage` in a page: what is being written survives it. */
	readonly drafts?: { readonly storage: DraftStorage; readonly key: string } | undefined;
}

/** One person's inbox, over as many connections as it takes. */
export class InboxStore {
	/** What its person has begun to write. */
	readonly drafts: Drafts;
	readonly #feed: RowsFeed<"userInbox", InboxFeedRow>;
	readonly #limits: ClientLimits;
	readonly #clock: Clock;
	/** What was read and is not acknowledged yet, by room: it survives a lost connection. */
	readonly #read = new Map<string, { readonly seq: number; readonly readEpoch: number | undefined }>();
	readonly #told = new Set<(notice: Notified) => void>();
	#cancelFlush: (() => void) | null = null;
	#shown: InboxShown;

	constructor(options: InboxStoreOptions = {}) {
		const { limits, clock } = withDefaults(options);
		this.#limits = limits;
		this.#clock = clock;
		this.#feed = new RowsFeed<"userInbox", InboxFeedRow>({
			read: (line) => line.call("getInbox"),
			readChanges: (line, input) => line.call("changesSince", input),
			listen: (connection, heard) => {
				const stops = [
					connection.on("inboxChanged", heard),
					connection.on("notified", (notice) => {
						for (const tell of [...this.#told]) tell(notice);
					}),
				];
				return () => {
					for (const stop of stops) stop();
				};
			},
			opened: () => {
				this.#flush();
				this.drafts.opened();
			},
			refresh: () => {
				this.drafts.heard(rowsOf(this.#feed.rows, "inboxDraft"));
				this.#shown = this.#show();
			},
			limits,
			clock,
		});
		this.drafts = new Drafts({
			save: async (input) => (await this.#feed.line.call("saveDraft", input)).draft,
			isOpen: () => this.#feed.line.isOpen,
			placesChanged: () => this.#feed.notifier.changed(),
			limits,
			clock,
			kept: options.drafts,
		});
		this.#shown = this.#show();
	}

	readonly subscribe = (listener: () => void): (() => void) => this.#feed.notifier.subscribe(listener);
	readonly getSnapshot = (): InboxShown => this.#shown;

	attach(connection: Connection<"userInbox">): () => void {
		return this.#feed.line.attach(connection);
	}

	/** Hears what its person wants to be told of now. */
	onNotified(tell: (notice: Notified) => void): () => void {
		this.#told.add(tell);
		return () => void this.#told.delete(tell);
	}

	/** A room's row, if it was told of. */
	room(roomId: string): InboxRoomRow | undefined {
		const row = this.#feed.rows.get(rowKey({ kind: "inboxRoom", id: roomId }));
		return row?.kind === "inboxRoom" ? row : undefined;
	}

	/**
	 * Everything up to this message was on the screen. Cheap to call on every scroll: it only ever moves forward. `readEpoch`
	 * is the one that whoever reads began with, so that going back on purpose stands; the current one by default.
	 */
	markRead(roomId: string, seq: number, readEpoch: number | undefined = this.room(roomId)?.readEpoch): void {
		const row = this.room(roomId);
		const waiting = this.#read.get(roomId);
		const isKnown =
			row !== undefined && (seq <= row.readSeq || (readEpoch !== undefined && readEpoch !== row.readEpoch));
		if (isKnown || (waiting !== undefined && waiting.readEpoch === readEpoch && seq <= waiting.seq)) return;
		this.#read.set(roomId, { seq, readEpoch });
		this.#cancelFlush ??= this.#clock.after(this.#limits.markReadMs, () => this.#flush());
	}

	/** Everything that is shown as unread now. */
	async markAllRead(): Promise<void> {
		const unread = this.#shown.rooms.filter((room) => room.unread > 0).slice(0, MARKED_AT_ONCE);
		const rooms = unread.map(({ id: roomId, headSeq: seq, readEpoch }) => ({ roomId, seq, readEpoch }));
		await this.#feed.line.call("markAllRead", { rooms });
	}

	/** This message and all after it. What was read and not acknowledged yet is not told any more. */
	async markUnread(roomId: string, seq: number): Promise<void> {
		this.#read.delete(roomId);
		await this.#feed.line.call("markUnread", { roomId, seq });
	}

	explainUnread(roomId: string): Promise<UnreadExplained> {
		return this.#feed.line.call("explainUnread", { roomId });
	}

	async setLevel(roomId: string, level: InboxLevel): Promise<void> {
		await this.#feed.line.call("setLevel", { roomId, level });
	}

	/** Null: not muted any more. */
	async setMute(roomId: string, minutes: number | null): Promise<void> {
		await this.#feed.line.call("setMute", { roomId, minutes });
	}

	async setQuietHours(quietHours: QuietHours | null): Promise<void> {
		await this.#feed.line.call("setQuietHours", { quietHours });
	}

	check(): void {
		this.#feed.check();
	}

	dispose(): void {
		this.#told.clear();
		this.#cancelFlush?.();
		this.#cancelFlush = null;
		this.drafts.dispose();
		this.#feed.dispose();
	}

	#flush(): void {
		this.#cancelFlush?.();
		this.#cancelFlush = null;
		if (!this.#feed.line.isOpen) return;
		for (const [roomId, { seq, readEpoch }] of this.#read) {
			const mark = { roomId, seq, ...(readEpoch === undefined ? {} : { readEpoch }) };
			this.#feed.line.call("markRead", mark).then(
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
		if (this.#read.get(roomId)?.seq === seq) this.#read.delete(roomId);
	}

	#show(): InboxShown {
		const { rows, isLoaded, problem } = this.#feed;
		const rooms = inboxRooms(rows);
		return {
			isLoaded,
			problem,
			rooms,
			workspaces: inboxWorkspaces(rows),
			...totalsOf(rooms, this.#clock.now()),
			quietHours: inboxSettings(rows)?.quietHours ?? null,
			draftPlaces: this.drafts.places,
		};
	}
}

/** `MarkAllReadInput` holds as many. */
const MARKED_AT_ONCE = 1_000;
