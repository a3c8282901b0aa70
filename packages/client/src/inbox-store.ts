import type {
	InboxFeedRow,
	InboxLevel,
	InboxRoomRow,
	InboxWorkspaceRow,
	MarkReadInput,
	MarkThreadReadInput,
	Notified,
	QuietHours,
	UnreadExplained,
} from "@bullpen/domain/inbox";
import { type ThreadWaiting, waitingThreads } from "@bullpen/domain/inbox-threads";
import { inboxRooms, inboxSettings, inboxWorkspaces, totalsOf } from "@bullpen/domain/inbox-view";
import type { Problem } from "@bullpen/domain/problem";
import type { PushOutcome } from "@bullpen/domain/push";
import { rowKey, rowsOf } from "@bullpen/domain/row-map";
import type { Connection } from "./connection.ts";
import { DeviceUse } from "./device-use.ts";
import { type DraftStorage, Drafts } from "./drafts.ts";
import type { Clock } from "./limits.ts";
import { ReadMarks } from "./read-marks.ts";
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
	/** Followed threads with unread replies, of rooms that are heard. */
	readonly threads: readonly ThreadWaiting[];
}

export interface InboxStoreOptions extends StoreOptions {
	/** `localStorage` in a page: what is being written survives it. */
	readonly drafts?: { readonly storage: DraftStorage; readonly key: string } | undefined;
}

/** One person's inbox, over as many connections as it takes. */
export class InboxStore {
	/** What its person has begun to write. */
	readonly drafts: Drafts;
	/** Whether its person looks at this page. */
	readonly use: DeviceUse;
	readonly #feed: RowsFeed<"userInbox", InboxFeedRow>;
	readonly #clock: Clock;
	readonly #read: ReadMarks<MarkReadInput>;
	readonly #readThreads: ReadMarks<MarkThreadReadInput>;
	/** Of the thread that was read last: its rows tell of the unread alone. */
	#lastThreadRead: ReadonlyMap<string, number> = new Map();
	readonly #told = new Set<(notice: Notified) => void>();
	#shown: InboxShown;

	constructor(options: InboxStoreOptions = {}) {
		const { limits, clock } = withDefaults(options);
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
				this.#read.flush();
				this.#readThreads.flush();
				this.drafts.opened();
				this.use.opened();
			},
			refresh: () => {
				this.drafts.heard(rowsOf(this.#feed.rows, "inboxDraft"));
				this.#shown = this.#show();
			},
			limits,
			clock,
		});
		const isOpen = (): boolean => this.#feed.line.isOpen;
		const tellRead = (mark: MarkReadInput) => this.#feed.line.call("markRead", mark);
		const tellThreadRead = (mark: MarkThreadReadInput) => this.#feed.line.call("markThreadRead", mark);
		this.#read = new ReadMarks({ tell: tellRead, isOpen, limits, clock });
		this.#readThreads = new ReadMarks({ tell: tellThreadRead, isOpen, limits, clock });
		this.drafts = new Drafts({
			save: async (input) => (await this.#feed.line.call("saveDraft", input)).draft,
			isOpen,
			placesChanged: () => this.#feed.notifier.changed(),
			limits,
			clock,
			kept: options.drafts,
		});
		this.use = new DeviceUse({ tell: (use) => this.#feed.line.call("noteUse", use), limits, clock });
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
		this.#read.put(roomId, { roomId, seq, ...(readEpoch === undefined ? {} : { readEpoch }) });
	}

	/** Everything up to this reply was on the screen, of a thread that we follow. Cheap to call on every scroll, too. */
	markThreadRead(roomId: string, rootId: number, seq: number): void {
		const key = `${roomId}/${rootId}`;
		if (seq <= (this.#readThreads.get(key)?.seq ?? this.#lastThreadRead.get(key) ?? 0)) return;
		this.#lastThreadRead = new Map([[key, seq]]);
		this.#readThreads.put(key, { roomId, rootId, seq });
	}

	/** Everything that is shown as unread now. */
	async markAllRead(): Promise<void> {
		const unread = this.#shown.rooms.filter((room) => room.unread > 0).slice(0, MARKED_AT_ONCE);
		const rooms = unread.map(({ id: roomId, headSeq: seq, readEpoch }) => ({ roomId, seq, readEpoch }));
		const threads = rowsOf(this.#feed.rows, "inboxThreads").flatMap((row) =>
			row.threads.map(({ rootId, lastSeq: seq }) => ({ roomId: row.id, rootId, seq })),
		);
		await this.#feed.line.call("markAllRead", { rooms, threads: threads.slice(0, MARKED_AT_ONCE) });
	}

	/** This message and all after it. What was read and not acknowledged yet is not told any more. */
	async markUnread(roomId: string, seq: number): Promise<void> {
		this.#read.drop(roomId);
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

	/** Sends one message to this device of its person's, and answers with what became of it. */
	async testPush(deviceId: string): Promise<PushOutcome> {
		return (await this.#feed.line.call("testPush", { deviceId })).outcome;
	}

	check(): void {
		this.#feed.check();
	}

	dispose(): void {
		this.#told.clear();
		this.#read.dispose();
		this.#readThreads.dispose();
		this.drafts.dispose();
		this.use.dispose();
		this.#feed.dispose();
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
			threads: waitingThreads(rooms, rowsOf(rows, "inboxThreads"), this.#clock.now()),
		};
	}
}

/** `MarkAllReadInput` holds as many. */
const MARKED_AT_ONCE = 1_000;
