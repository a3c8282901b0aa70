import { notOpenToYou } from "@bullpen/domain/authorization";
import type { FeedBatch } from "@bullpen/domain/feed";
import type {
	InboxFeedRow,
	InboxRoomRow,
	InboxView,
	InboxWorkspaceRow,
	NoteRoomInput,
	NoteWorkspaceInput,
	Notified,
} from "@bullpen/domain/inbox";
import { isQuiet, noticeOf } from "@bullpen/domain/inbox-notices";
import { withNote, withWorkspaceNote, workspaceNoticeOf } from "@bullpen/domain/inbox-rules";
import type { Limits } from "@bullpen/domain/limits";
import type { KeptPushDevice, PutPushDeviceInput } from "@bullpen/domain/push";
import { Audience } from "../audience.ts";
import { FeedTable } from "../feed-table.ts";
import { FeedWriter, type Mutation } from "../feed-writer.ts";
import type { Connection, Frame } from "../frame.ts";
import type { Person } from "../identity.ts";
import type { Peers } from "../peers.ts";
import type { PushService } from "../push/push-service.ts";
import { Relay } from "../relay/relay.ts";
import { Drafts } from "./drafts.ts";
import { InboxRooms } from "./inbox-rooms.ts";
import { type InboxExtra, InboxStore, positionOf, type SettingsEntry, type WorkspaceEntry } from "./inbox-store.ts";
import { InboxThreads } from "./inbox-threads.ts";
import type { Names } from "./names.ts";
import { type Asked, Pull } from "./pull.ts";
import { PushDesk } from "./push-desk.ts";

interface Options {
	readonly limits: Limits;
	readonly now: () => number;
	readonly peers: Peers;
	/** Since when this process runs, unix ms. */
	readonly startedAt: number;
	readonly names: Names;
	readonly service: () => PushService;
}

/** One person's sidebar while its actor is awake. */
export class Inbox {
	readonly userId: string;
	readonly limits: Limits;
	readonly audience: Audience<"userInbox">;
	readonly relay: Relay<"userInbox">;
	readonly now: () => number;
	readonly #store: InboxStore;
	readonly #writer: FeedWriter<InboxFeedRow, InboxExtra>;
	readonly #table = new FeedTable<InboxFeedRow>();
	readonly rooms: InboxRooms;
	readonly drafts: Drafts;
	readonly threads: InboxThreads;
	readonly push: PushDesk;
	readonly #workspaces = new Map<string, WorkspaceEntry>();
	#settings: SettingsEntry["row"] | undefined;
	readonly #pull: Pull;
	readonly #startedAt: number;
	#version = 0;

	constructor(frame: Frame<unknown>, { limits, now, peers, startedAt, names, service }: Options) {
		this.userId = frame.key[0] ?? "";
		this.limits = limits;
		this.now = now;
		this.#startedAt = startedAt;
		this.#pull = new Pull(this.userId, peers, limits);
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
			() => {
				this.rooms.forgetFacts();
				this.threads.forget();
			},
		);
		this.rooms = new InboxRooms(this.#store, now);
		this.drafts = new Drafts(limits, now);
		this.threads = new InboxThreads(() => frame.db, limits);
		this.push = new PushDesk(frame, {
			...{ userId: this.userId, limits, now, peers, names, service },
			rowOf: (notified) => this.#rowOf(notified),
			quietHours: () => this.#quietHours,
			isConnected: (connectionId) => this.audience.isConnected(connectionId),
		});
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
		const store = this.#store;
		const stored = await Promise.all([
			store.rooms(),
			store.workspaces(),
			store.settings(),
			store.drafts(),
			this.threads.stored(),
		]);
		const entries = stored.flat();
		for (const entry of entries) this.#keep(entry);
		this.#table.apply(entries.map(({ row }) => row).sort((one, other) => one.version - other.version));
		await this.push.devices.load();
		this.audience.restore(connections);
		await this.relay.restore(connections);
	}

	/** @throws Problem `not_found` for anybody but its own person, and before it was initialised */
	receive(person: Person): void {
		if (person.userId !== this.userId || !this.#store.isInitialised) throw notOpenToYou();
		this.audience.refuseBarred(person);
	}

	/** A device of theirs, by the browser's push service. @throws Problem `not_found` `bad_input` */
	putPushDevice(input: PutPushDeviceInput): Promise<KeptPushDevice> {
		if (!this.#store.isInitialised) throw notOpenToYou();
		return this.push.put(input);
	}

	/** Somebody has it open on a device. */
	get isWatched(): boolean {
		return this.audience.isOnline(this.userId);
	}

	/** Everything that its person is in. */
	places(): { roomIds: string[]; workspaceIds: string[] } {
		const idsOf = (entries: Iterable<{ row: { id: string; leftAt?: number | undefined } }>): string[] =>
			[...entries].flatMap(({ row }) => (row.leftAt === undefined ? [row.id] : []));
		return { roomIds: idsOf(this.rooms.all), workspaceIds: idsOf(this.#workspaces.values()) };
	}

	/** What rooms have not told yet, for whoever comes: right before the first screen, within `inboxPullMs`. */
	catchUp(): Promise<void> {
		const isAfterStart = this.now() - this.#startedAt < this.limits.inboxPullAllMs;
		return this.#pull.catchUp([...this.rooms.all].map(positionOf), isAfterStart, (note) => this.noteRoom(note));
	}

	/** How a room stands for this person. @throws Problem */
	ask(roomId: string, from: Asked): Promise<NoteRoomInput> {
		return this.#pull.ask(roomId, from);
	}

	/** @throws Problem of the mutation, `busy` */
	write<Result>(mutation: Mutation<InboxFeedRow, InboxExtra, Result>): Promise<Result> {
		return this.#writer.write(mutation);
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
	async noteRoom(note: NoteRoomInput): Promise<void> {
		const notice = await this.#writer.write(async (draft) => {
			if (!this.#store.isInitialised) throw notOpenToYou();
			const before = this.rooms.positionOf(note.roomId, draft);
			const after = withNote(before, note);
			await this.rooms.put(draft, before, after, note.facts);
			await this.threads.take(draft, before, after, note);
			const toldSeq = before?.headSeq ?? note.joinedAtSeq ?? note.headSeq;
			const { limits } = this;
			return noticeOf(after, note, { toldSeq, quietHours: this.#quietHours, now: this.now(), limits });
		});
		this.#notify(notice);
	}

	/** @throws Problem `not_found` `busy` */
	async noteWorkspace(note: NoteWorkspaceInput): Promise<void> {
		const notice = await this.#writer.write((draft) => {
			if (!this.#store.isInitialised) throw notOpenToYou();
			const key = `workspace ${note.workspaceId}`;
			const noted = draft.noted(key) ?? this.#workspaces.get(note.workspaceId);
			const before = noted?.kind === "workspace" ? noted : undefined;
			const row = withWorkspaceNote(before, note);
			if (row === undefined) return null;
			const leftAt = note.isMember ? undefined : (before?.row.leftAt ?? this.now());
			const put = draft.put<InboxWorkspaceRow>({ ...row, ...(leftAt === undefined ? {} : { leftAt }) });
			draft.note(key, { kind: "workspace", row: put, noteVersion: note.version });
			const isDisturbing = this.#quietHours !== null && isQuiet(this.#quietHours, this.now());
			return note.isMember && !isDisturbing ? workspaceNoticeOf(before?.row, put, this.now()) : null;
		});
		this.#notify(notice);
	}

	get #quietHours() {
		return this.#settings?.quietHours ?? null;
	}

	#notify(notice: Notified | null): void {
		if (notice === null) return;
		this.audience.broadcast("notified", notice);
		this.push.tell(notice);
	}

	#rowOf(notified: Notified): InboxRoomRow | InboxWorkspaceRow | undefined {
		const row =
			notified.about === "room"
				? this.#table.get("inboxRoom", notified.roomId)
				: this.#table.get("inboxWorkspace", notified.workspaceId);
		return row?.kind === "inboxRoom" || row?.kind === "inboxWorkspace" ? row : undefined;
	}

	#keep(entry: Exclude<InboxExtra, { kind: "initialised" }>): void {
		if (entry.kind === "room") this.rooms.keep(entry);
		else if (entry.kind === "draft") this.drafts.keep(entry);
		else if (entry.kind === "threads") this.threads.keep(entry);
		else if (entry.kind === "workspace") this.#workspaces.set(entry.row.id, entry);
		else this.#settings = entry.row;
	}

	#publish(batch: FeedBatch<InboxFeedRow>, extras: readonly InboxExtra[]): void {
		this.#version = batch.to;
		for (const extra of extras) if (extra.kind !== "initialised") this.#keep(extra);
		this.#table.apply(batch.rows);
		if (batch.rows.length > 0) this.audience.broadcast("inboxChanged", batch);
	}
}
