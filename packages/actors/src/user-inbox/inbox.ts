import { notOpenToYou } from "@bullpen/domain/authorization";
import type { FeedBatch } from "@bullpen/domain/feed";
import type {
	InboxFeedRow,
	InboxRoomRow,
	InboxView,
	InboxWorkspaceRow,
	NoteRoomInput,
	NoteWorkspaceInput,
} from "@bullpen/domain/inbox";
import {
	countsToKeep,
	type RoomPosition,
	readUpTo,
	settledSeq,
	unreadCount,
	withNote,
	withWorkspaceNote,
} from "@bullpen/domain/inbox-rules";
import type { Limits } from "@bullpen/domain/limits";
import { Audience } from "../audience.ts";
import { FeedTable } from "../feed-table.ts";
import { type Draft, FeedWriter } from "../feed-writer.ts";
import type { Connection, Frame } from "../frame.ts";
import type { Person } from "../identity.ts";
import { Relay } from "../relay/relay.ts";
import { type InboxExtra, InboxStore, positionOf, type RoomEntry, type WorkspaceEntry } from "./inbox-store.ts";

type InboxDraft = Draft<InboxFeedRow, InboxExtra>;

/** One person's sidebar while its actor is awake. */
export class Inbox {
	readonly userId: string;
	readonly limits: Limits;
	readonly audience: Audience<"userInbox">;
	readonly relay: Relay<"userInbox">;
	readonly #now: () => number;
	readonly #store: InboxStore;
	readonly #writer: FeedWriter<InboxFeedRow, InboxExtra>;
	readonly #table = new FeedTable<InboxFeedRow>();
	readonly #entries = new Map<string, RoomEntry | WorkspaceEntry>();
	/** Per room, the seqs above what is settled that do not count: as in the tables and the batch being written. */
	readonly #notCounted = new Map<string, Set<number>>();
	#version = 0;

	constructor(frame: Frame<unknown>, limits: Limits, now: () => number) {
		this.userId = frame.key[0] ?? "";
		this.limits = limits;
		this.#now = now;
		this.audience = new Audience(frame, { limits, now, onPresence: () => undefined });
		this.relay = new Relay(frame, {
			limits,
			now,
			audience: this.audience,
			receive: (person) => this.receive(person),
			arrived: (connection) => this.audience.arrived(connection),
			head: () => ({ name: "inboxChanged", batch: { from: this.#version, to: this.#version, rows: [], floorSeq: 1 } }),
		});
		this.#store = new InboxStore(
			() => frame.db,
			() => this.#notCounted.clear(),
		);
		this.#writer = new FeedWriter({
			store: this.#store,
			limits,
			publish: (batch, extras) => this.#publish(batch, extras),
			pace: () => this.audience.pace(),
			keepAwake: (work) => frame.keepAwake(work),
		});
	}

	async wake(connections: readonly Connection[]): Promise<void> {
		this.#version = (await this.#writer.counters()).version;
		const entries = [...(await this.#store.rooms()), ...(await this.#store.workspaces())];
		for (const entry of entries) this.#entries.set(entryKey(entry.kind, entry.row.id), entry);
		this.#table.apply(entries.map(({ row }) => row).sort((one, other) => one.version - other.version));
		this.audience.restore(connections);
		await this.relay.restore(connections);
	}

	/** @throws Problem `not_found` for anybody but its own person, and before it was initialised */
	receive(person: Person): void {
		if (person.userId !== this.userId || !this.#store.isInitialised) throw notOpenToYou();
	}

	view(): InboxView {
		const { rows, version } = this.#table.snapshot(this.#version, this.limits.snapshotBytesMax);
		return { rows, head: { seq: 0, version, epoch: this.#store.epoch } };
	}

	changes(since: { version: number; epoch?: string | undefined; limit?: number | undefined }) {
		const { changesPageDefault, changesPageMax, changesPageBytesMax } = this.limits;
		const limit = Math.min(since.limit ?? changesPageDefault, changesPageMax);
		const head = { version: this.#version, epoch: this.#store.epoch };
		return this.#table.changes(since, head, { limit, bytesMax: changesPageBytesMax });
	}

	initialise(): Promise<void> {
		return this.#writer.write((draft) => {
			if (!this.#store.isInitialised) draft.note("initialised", { kind: "initialised" });
		});
	}

	/** @throws Problem `not_found` `busy` */
	noteRoom(note: NoteRoomInput): Promise<void> {
		return this.#writer.write(async (draft) => {
			if (!this.#store.isInitialised) throw notOpenToYou();
			const entry = this.#roomEntry(note.roomId, draft);
			const before = entry && positionOf(entry);
			const after = withNote(before, note);
			const known = await this.#notCountedOf(note.roomId, before);
			const fresh = countsToKeep(after, note.notCounted).filter((seq) => !known.has(seq));
			if (after === before && fresh.length === 0) return;
			for (const seq of fresh) known.add(seq);
			this.#putRoom(draft, entry, after, known, fresh);
		});
	}

	/** @throws Problem `not_found` `bad_input` `busy` */
	markRead(roomId: string, seq: number): Promise<void> {
		return this.#writer.write(async (draft) => {
			const entry = this.#roomEntry(roomId, draft);
			const before = entry && positionOf(entry);
			const after = readUpTo(before, seq, this.limits);
			if (after !== before) this.#putRoom(draft, entry, after, await this.#notCountedOf(roomId, before), []);
		});
	}

	/** @throws Problem `not_found` `busy` */
	noteWorkspace(note: NoteWorkspaceInput): Promise<void> {
		return this.#writer.write((draft) => {
			if (!this.#store.isInitialised) throw notOpenToYou();
			const key = entryKey("workspace", note.workspaceId);
			const noted = draft.noted(key) ?? this.#entries.get(key);
			const before = noted?.kind === "workspace" ? noted : undefined;
			const row = withWorkspaceNote(before, note);
			if (row === undefined) return;
			const leftAt = note.isMember ? undefined : (before?.row.leftAt ?? this.#now());
			const put = draft.put<InboxWorkspaceRow>({ ...row, ...(leftAt === undefined ? {} : { leftAt }) });
			draft.note(key, { kind: "workspace", row: put, noteVersion: note.version });
		});
	}

	#roomEntry(roomId: string, draft: InboxDraft): RoomEntry | undefined {
		const key = entryKey("room", roomId);
		const entry = draft.noted(key) ?? this.#entries.get(key);
		return entry?.kind === "room" ? entry : undefined;
	}

	async #notCountedOf(roomId: string, position: RoomPosition | undefined): Promise<Set<number>> {
		const known = this.#notCounted.get(roomId);
		if (known !== undefined) return known;
		const settled = position === undefined ? 0 : settledSeq(position);
		const read = new Set(await this.#store.notCounted(roomId, settled));
		this.#notCounted.set(roomId, read);
		return read;
	}

	/** A change that nobody sees (a newer note that says the same) is kept without a new version. */
	#putRoom(
		draft: InboxDraft,
		entry: RoomEntry | undefined,
		position: RoomPosition,
		notCounted: Set<number>,
		fresh: readonly number[],
	): void {
		const settled = settledSeq(position);
		for (const seq of notCounted) if (seq <= settled) notCounted.delete(seq);
		const above = [...notCounted].filter((seq) => seq <= position.headSeq).length;
		const leftAt = position.isMember ? undefined : (entry?.row.leftAt ?? this.#now());
		const row = {
			kind: "inboxRoom" as const,
			id: position.roomId,
			name: position.name,
			visibility: position.visibility,
			headSeq: position.headSeq,
			readSeq: position.readSeq,
			unread: unreadCount(position, above),
			lastAt: position.lastAt,
			...(leftAt === undefined ? {} : { leftAt }),
		};
		draft.note(entryKey("room", position.roomId), {
			kind: "room",
			row: entry !== undefined && looksSame(entry.row, row) ? entry.row : draft.put<InboxRoomRow>(row),
			floorSeq: position.floorSeq,
			noteVersion: position.noteVersion,
			notCounted: [...(entry?.notCounted ?? []), ...fresh],
		});
	}

	#publish(batch: FeedBatch<InboxFeedRow>, extras: readonly InboxExtra[]): void {
		this.#version = batch.to;
		for (const extra of extras) {
			if (extra.kind === "initialised") continue;
			const kept = extra.kind === "room" ? { ...extra, notCounted: [] } : extra;
			this.#entries.set(entryKey(extra.kind, extra.row.id), kept);
		}
		this.#table.apply(batch.rows);
		if (batch.rows.length > 0) this.audience.broadcast("inboxChanged", batch);
	}
}

const entryKey = (kind: "room" | "workspace", id: string): string => `${kind} ${id}`;
const SHOWN = ["name", "visibility", "headSeq", "readSeq", "unread", "lastAt", "leftAt"] as const;
const looksSame = (one: Omit<InboxRoomRow, "version">, other: Omit<InboxRoomRow, "version">): boolean =>
	SHOWN.every((field) => one[field] === other[field]);
