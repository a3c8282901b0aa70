import { notOpenToYou } from "@bullpen/domain/authorization";
import type { ChangesPage, FeedBatch } from "@bullpen/domain/feed";
import type { Limits } from "@bullpen/domain/limits";
import { isShownOut } from "@bullpen/domain/membership";
import type { Message } from "@bullpen/domain/message";
import type { MessageAttachment } from "@bullpen/domain/message-attachment";
import type { History, MemberRow, RoomFeedRow, RoomRole, RoomRow } from "@bullpen/domain/room";
import type { SearchHit } from "@bullpen/domain/search";
import type { ActionName, ActionOutput } from "@bullpen/domain/wire";
import type { RawAccess } from "rivetkit/db";
import { Alarm } from "../alarm.ts";
import { Audience } from "../audience.ts";
import type { Counters, Draft } from "../feed-draft.ts";
import { FeedWriter } from "../feed-writer.ts";
import type { Connection, Frame } from "../frame.ts";
import type { Person } from "../identity.ts";
import type { Peers } from "../peers.ts";
import type { RateQueue } from "../rate-queue.ts";
import { Reads, Turnstile } from "../reads.ts";
import { Relay } from "../relay/relay.ts";
import type { Courier } from "../webhooks/courier.ts";
import type { Sealing } from "../webhooks/sealing.ts";
import { Card } from "./card.ts";
import { Departures } from "./departures.ts";
import { Door } from "./door.ts";
import { type FileShelf, Files } from "./files.ts";
import { Deliveries } from "./hooks/deliveries.ts";
import { HookBook } from "./hooks/hook-book.ts";
import type { HookPace } from "./hooks/receive.ts";
import { IndexFeed } from "./index-feed.ts";
import { Links } from "./links.ts";
import { Outbox } from "./outbox.ts";
import { PinnedMessages } from "./pins.ts";
import { showFound } from "./search.ts";
import { Signs } from "./signs.ts";
import { areGone } from "./store/files.ts";
import { readFollowed } from "./store/followers.ts";
import { readPinnedIds } from "./store/reads.ts";
import { type Member, type Place, placeKey, type RoomChange, type RoomExtra, RoomStore } from "./store/room-store.ts";
import type { SharedBudgets } from "./turns.ts";

export type RoomDraft = Draft<RoomFeedRow, RoomExtra>;

interface Options {
	readonly limits: Limits;
	readonly now: () => number;
	readonly peers: Peers;
	/** What the web says in a token of a file that it keeps for a message of this person here. @throws Problem `bad_input` */
	readonly readUpload: (token: string, userId: string) => MessageAttachment;
	readonly shelf: FileShelf;
	/** Of all rooms of this process. */
	readonly budgets: SharedBudgets;
	readonly indexQueue: RateQueue;
	/** Of webhooks. */
	readonly courier: Courier;
	readonly sealing: Sealing;
	readonly chance: () => number;
}

/** One room while its actor is awake: what it knows, who is here, and its one writer. */
export class Room {
	readonly id: string;
	readonly limits: Limits;
	readonly now: () => number;
	readonly peers: Peers;
	readonly audience: Audience<"chatRoom">;
	readonly relay: Relay<"chatRoom">;
	readonly signs: Signs;
	readonly store: RoomStore;
	readonly writer: FeedWriter<RoomFeedRow, RoomExtra>;
	readonly histories: Reads<History>;
	readonly changes: Reads<ChangesPage<RoomFeedRow>>;
	readonly somes: Reads<ActionOutput<"chatRoom", "getMessages">>;
	readonly hashes: Reads<ActionOutput<"chatRoom", "getHash">>;
	readonly exports: Reads<ActionOutput<"chatRoom", "exportRows">>;
	readonly pins = new PinnedMessages();
	readonly links = new Links();
	readonly hooks = new HookBook();
	readonly hookPace: HookPace = new Map();
	readonly deliveries: Deliveries;
	readonly sealing: Sealing;
	readonly chance: () => number;
	readonly door = new Door(this);
	readonly card: Card;
	readonly #departures: Departures;
	readonly outbox: Outbox;
	readonly indexFeed: IndexFeed;
	readonly files: Files;
	readonly readUpload: Options["readUpload"];
	/** Inboxes and the index are told soon after a commit; this sees to it if this process does not live to do so. */
	readonly #outboxAlarm: Alarm;
	readonly pruneAlarm: Alarm;
	readonly importAlarm: Alarm;
	readonly #frame: Frame<unknown>;
	#stored: RoomRow | undefined;
	#members = new Map<string, Member>();
	/** Of the last change of who follows which thread. */
	#followVersion = 0;
	/** As told to everybody: `#stored` and `#members` stand exactly here. */
	#told: Counters = { seq: 0, version: 0, floorSeq: 1 };

	constructor(frame: Frame<unknown>, options: Options) {
		const { limits, now } = options;
		this.#frame = frame;
		this.id = frame.key[0] ?? "";
		this.limits = limits;
		this.now = now;
		this.peers = options.peers;
		this.readUpload = options.readUpload;
		this.audience = new Audience(frame, {
			limits,
			now,
			onPresence: (userId, isOnline) => this.#tellPresence(userId, isOnline),
			mayHear: (person) => this.door.mayRead(person),
		});
		this.relay = new Relay(frame, {
			limits,
			now,
			audience: this.audience,
			receive: (person) => this.door.receive(person),
			arrived: (connection) => this.door.arrived(connection),
			head: () => this.#head(),
		});
		this.signs = new Signs(this.audience, limits, now);
		this.#outboxAlarm = new Alarm(frame, "outboxAlarm", now);
		this.pruneAlarm = new Alarm(frame, "pruneAlarm", now);
		this.importAlarm = new Alarm(frame, "importAlarm", now);
		this.store = new RoomStore(
			() => frame.db,
			limits.auditKept,
			(change) => this.#armAlarms(change),
		);
		this.writer = new FeedWriter({
			store: this.store,
			limits,
			publish: (batch, extras) => this.#publish(batch, extras),
			pace: () => this.audience.pace(),
			keepAwake: (work) => frame.keepAwake(work),
		});
		this.outbox = new Outbox(frame, this, options.peers, options.budgets);
		this.indexFeed = new IndexFeed(frame, this, options.peers, options.indexQueue);
		this.card = new Card(frame, this, options.peers);
		this.#departures = new Departures(frame, options.peers, limits);
		this.sealing = options.sealing;
		this.chance = options.chance;
		this.deliveries = new Deliveries(frame, this, options.courier);
		this.files = new Files(frame, this, options.shelf);
		const turnstile = new Turnstile(limits);
		this.histories = new Reads(turnstile);
		this.changes = new Reads(turnstile);
		this.somes = new Reads(turnstile);
		this.hashes = new Reads(turnstile);
		this.exports = new Reads(turnstile);
	}

	get db(): RawAccess {
		return this.#frame.db;
	}

	/** Call from `onWake`, before anything is answered. */
	async wake(connections: readonly Connection[]): Promise<void> {
		this.#told = await this.writer.counters();
		await this.#load();
		for (const connection of connections) this.door.readmit(connection);
		// Somebody waits for the first answer of a room that slept: what does not need each other goes together.
		const alarms = [this.#outboxAlarm, this.pruneAlarm, this.importAlarm, this.card.alarm];
		await Promise.all([this.relay.restore(connections), ...alarms.map((alarm) => alarm.restore())]);
		this.signs.restore(this.audience.onlineUserIds);
		await this.#armAlarms({ counters: this.#told, extras: [], rows: [] });
		await Promise.all([this.outbox.wake(), this.indexFeed.wake(), this.deliveries.wake(), this.files.wake()]);
	}

	async #load(): Promise<void> {
		const [room, members, pinned] = await Promise.all([
			this.store.room(),
			this.store.members(),
			readPinnedIds(this.db),
			this.links.load(this),
		]);
		this.pins.restore(pinned);
		this.#stored = room;
		this.#members = new Map(members.map((member) => [member.row.id, member]));
		for (const [userId, version] of await readFollowed(this.db, leastNotified(members))) {
			this.outbox.followed(userId, version);
		}
		this.#followVersion = this.#told.version;
	}

	async sleep(): Promise<void> {
		this.audience.dispose();
		this.signs.dispose();
		await this.outbox.dispose();
		await this.indexFeed.dispose();
		await this.deliveries.dispose();
		const leftMs = Math.min(this.outbox.leftMs, this.indexFeed.leftMs);
		if (Number.isFinite(leftMs)) await this.#outboxAlarm.ensure(Math.max(leftMs, this.limits.outboxAlarmAsleepMs));
		else await this.#outboxAlarm.disarm();
	}

	/** Resolves when whatever is to be told is certain to be. */
	expectToTell(): Promise<void> {
		return this.#outboxAlarm.ensure(this.limits.outboxAlarmMs);
	}

	/** The alarm rang: it rings again while somebody is left to be told. */
	async tellRest(): Promise<void> {
		this.#outboxAlarm.rang();
		const leftMs = Math.min(...(await Promise.all([this.outbox.ring(), this.indexFeed.ring()])));
		if (Number.isFinite(leftMs)) await this.#outboxAlarm.ensure(leftMs);
	}

	/** This room is no more, with everything it has stored. */
	end(): void {
		this.#frame.destroy();
	}

	/** @throws Problem `not_found` before the room was initialised */
	get room(): RoomRow {
		if (this.#stored === undefined) throw notOpenToYou();
		return this.#stored;
	}

	/** As it will stand after this draft. */
	roomIn(draft: RoomDraft | undefined): RoomRow {
		const pending = draft?.pending("room", this.id);
		return pending?.kind === "room" ? pending : this.room;
	}

	get isInitialised(): boolean {
		return this.#stored !== undefined;
	}

	get retentionMessages(): number {
		return this.#stored?.retentionMessages ?? this.limits.retentionMessagesMax;
	}

	get members(): IterableIterator<Member> {
		return this.#members.values();
	}

	get memberCount(): number {
		return this.#members.size;
	}

	/** Where the room stands, as told to everybody. */
	get told(): Counters {
		return this.#told;
	}

	get version(): number {
		return this.#told.version;
	}

	/** Version of the last change that any inbox must hear of. */
	get noteVersion(): number {
		return Math.min(this.store.ledger.noteVersion, this.#told.version);
	}

	get followVersion(): number {
		return this.#followVersion;
	}

	get lastAt(): number {
		return this.store.ledger.lastAt;
	}

	get headSeq(): number {
		return this.#told.seq;
	}

	get floorSeq(): number {
		return this.#told.floorSeq;
	}

	memberOf(userId: string, draft?: RoomDraft): MemberRow | undefined {
		const pending = draft?.pending("member", userId);
		return pending?.kind === "member" ? pending : this.#members.get(userId)?.row;
	}

	/** As told to everybody, with what the feed does not show. */
	memberWith(userId: string): Member | undefined {
		return this.#members.get(userId);
	}

	placeOf(userId: string, draft?: RoomDraft): Place {
		const noted = draft?.noted(placeKey(userId));
		const place = noted?.kind === "place" ? noted : this.#members.get(userId)?.place;
		return place ?? { kind: "place", userId, joinedAtSeq: -1, joinedAtVersion: 0, removedAt: 0 };
	}

	/** The door every action goes through; a mutation goes through it again with its draft. @throws Problem */
	admit(person: Person, action: ActionName<"chatRoom">, draft?: RoomDraft): RoomRole {
		return this.door.admit(person, action, draft);
	}

	#head(): { name: "roomChanged"; batch: FeedBatch<RoomFeedRow> } {
		const { version, floorSeq } = this.#told;
		return { name: "roomChanged", batch: { from: version, to: version, rows: [], floorSeq } };
	}

	/** For the index beside us: what `showFound` answers when it is called. */
	showFound(asked: Parameters<typeof showFound>[1]): Promise<SearchHit[]> {
		return showFound(this, asked);
	}

	isJoined(userId: string): boolean {
		return this.#members.get(userId)?.row.status === "joined";
	}

	#tellPresence(userId: string, isOnline: boolean): void {
		if (!isOnline) {
			this.signs.stoppedTyping(userId);
			this.outbox.left(userId);
		}
		if (this.isJoined(userId)) this.signs.presence(userId, isOnline);
	}

	/** After the commit, before anybody is answered: what is known, then what is told, in the order of versions. */
	#publish(batch: FeedBatch<RoomFeedRow>, extras: readonly RoomExtra[]): void {
		const previousHead = this.#told.seq;
		const messages = batch.rows.filter((row): row is Message => row.kind === "message" && row.id > previousHead);
		const changedMembers = batch.rows.filter((row): row is MemberRow => row.kind === "member");
		const wereJoined = new Set(changedMembers.map(({ id }) => id).filter((id) => this.isJoined(id)));
		// A batch was committed that could not be told: neither its answer nor the tables came back in time.
		if (batch.from !== this.#told.version) void this.#frame.keepAwake(this.#load());
		const seq = Math.max(previousHead, ...messages.map(({ id }) => id));
		this.#told = { seq, version: batch.to, floorSeq: batch.floorSeq };
		this.#keep(batch.rows, extras);
		this.pins.changed(batch.rows, batch.floorSeq);
		if (!this.isInitialised) return; // what an import brings is news to nobody
		for (const row of changedMembers) if (isShownOut(row.status)) this.audience.close(row.id, "removed");
		this.audience.broadcast("roomChanged", batch);
		this.audience.broadcastSeries("newMessage", messages);
		for (const { id } of changedMembers) this.#tellMoved(id, wereJoined.has(id));
		this.#departures.tell([...wereJoined].filter((id) => !this.isJoined(id)));
		for (const { sender } of messages) this.signs.stoppedTyping(sender);
		this.#followed(extras);
		this.outbox.changed(messages);
		this.indexFeed.changed();
		if (extras.some(({ kind }) => kind.startsWith("hook"))) this.deliveries.changed();
		if (extras.some(areGone)) this.files.letGo();
	}

	#keep(rows: readonly RoomFeedRow[], extras: readonly RoomExtra[]): void {
		for (const row of rows) {
			if (row.kind === "room") {
				this.#stored = row;
				this.card.changed(row);
			} else if (row.kind === "member") {
				const place = extras.find((extra) => extra.kind === "place" && extra.userId === row.id);
				const kept = place?.kind === "place" ? place : this.placeOf(row.id);
				this.#members.set(row.id, { row, place: kept, notifiedVersion: 0 });
				this.outbox.startFrom(row.id, kept.joinedAtVersion);
			}
		}
		for (const extra of extras) {
			if (extra.kind === "hook" || extra.kind === "goneHook") this.hooks.keep(extra);
			if (extra.kind === "goneHook") this.deliveries.forget(extra.id);
		}
		for (const extra of extras) if (extra.kind === "link" || extra.kind === "goneLink") this.links.keep(extra);
	}

	#followed(extras: readonly RoomExtra[]): void {
		for (const extra of extras) {
			if (extra.kind !== "follow") continue;
			this.#followVersion = Math.max(this.#followVersion, extra.version);
			this.outbox.followed(extra.userId, extra.version);
		}
	}

	#tellMoved(userId: string, wasJoined: boolean): void {
		const isJoined = this.isJoined(userId);
		if (isJoined === wasJoined || !this.audience.isOnline(userId)) return;
		this.signs.presence(userId, isJoined);
	}

	/** Whatever must follow this commit happens even if this process dies right after it. */
	async #armAlarms({ counters, extras, rows }: Pick<RoomChange, "counters" | "extras" | "rows">): Promise<void> {
		const told = this.store.ledger.noteVersion;
		const isNews =
			rows.length > 0 ||
			extras.some((extra) => extra.kind === "follow" || (extra.kind === "ledger" && extra.noteVersion > told));
		const held = counters.seq - counters.floorSeq + 1;
		const changed = rows.find((row) => row.kind === "room");
		const retention = changed?.retentionMessages ?? this.retentionMessages;
		await Promise.all([
			isNews ? this.expectToTell() : undefined,
			changed === undefined ? undefined : this.card.expect(),
			extras.some(({ kind }) => kind === "hookEvent") ? this.deliveries.expect() : undefined,
			extras.some(areGone) ? this.files.expect() : undefined,
			held > retention ? this.pruneAlarm.ensure(this.limits.retentionEveryMs) : undefined,
		]);
	}
}

/** Up to here every member's inbox was told. */
const leastNotified = (members: readonly Member[]): number =>
	Math.min(
		Number.MAX_SAFE_INTEGER,
		...members.flatMap(({ row, notifiedVersion }) => (row.status === "joined" ? [notifiedVersion] : [])),
	);
