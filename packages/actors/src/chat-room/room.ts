import { authorise, notOpenToYou } from "@bullpen/domain/authorization";
import type { ChangesPage, FeedBatch } from "@bullpen/domain/feed";
import type { Limits } from "@bullpen/domain/limits";
import { isShownOut, type RoomStanding, standingIn } from "@bullpen/domain/membership";
import type { Message } from "@bullpen/domain/message";
import { Problem } from "@bullpen/domain/problem";
import type { History, MemberRow, RoomFeedRow, RoomRow, RoomView } from "@bullpen/domain/room";
import type { ActionName, ActionOutput } from "@bullpen/domain/wire";
import type { RawAccess } from "rivetkit/db";
import { Alarm } from "../alarm.ts";
import { Audience } from "../audience.ts";
import { type Counters, type Draft, FeedWriter } from "../feed-writer.ts";
import type { Connection, Frame } from "../frame.ts";
import type { Person } from "../identity.ts";
import type { Peers } from "../peers.ts";
import { Reads, Turnstile } from "../reads.ts";
import { Relay } from "../relay/relay.ts";
import type { NoteBudget } from "./note-budget.ts";
import { Outbox } from "./outbox.ts";
import { Signs } from "./signs.ts";
import { type Member, type Place, placeKey, type RoomExtra, RoomStore, type StoredRoom } from "./store/room-store.ts";

export type RoomDraft = Draft<RoomFeedRow, RoomExtra>;

interface Options {
	readonly limits: Limits;
	readonly now: () => number;
	readonly peers: Peers;
	/** Of all rooms of this process. */
	readonly noteBudget: NoteBudget;
}

/** One room while its actor is awake: what it knows, who is here, and its one writer. */
export class Room {
	readonly id: string;
	readonly limits: Limits;
	readonly now: () => number;
	readonly audience: Audience<"chatRoom">;
	readonly relay: Relay<"chatRoom">;
	readonly signs: Signs;
	readonly store: RoomStore;
	readonly writer: FeedWriter<RoomFeedRow, RoomExtra>;
	readonly histories: Reads<History>;
	readonly changes: Reads<ChangesPage<RoomFeedRow>>;
	readonly hashes: Reads<ActionOutput<"chatRoom", "getHash">>;
	readonly outbox: Outbox;
	readonly outboxAlarm: Alarm;
	readonly pruneAlarm: Alarm;
	readonly #frame: Frame<unknown>;
	#stored: StoredRoom | undefined;
	#members = new Map<string, Member>();
	/** As told to everybody: `#stored` and `#members` stand exactly here. */
	#told: Counters = { seq: 0, version: 0, floorSeq: 1 };

	constructor(frame: Frame<unknown>, options: Options) {
		const { limits, now } = options;
		this.#frame = frame;
		this.id = frame.key[0] ?? "";
		this.limits = limits;
		this.now = now;
		this.audience = new Audience(frame, {
			limits,
			now,
			onPresence: (userId, isOnline) => this.#tellPresence(userId, isOnline),
			mayHear: (person) => this.mayRead(person),
		});
		this.relay = new Relay(frame, {
			limits,
			now,
			audience: this.audience,
			receive: (person) => this.receive(person),
			arrived: (connection) => this.arrived(connection),
			head: () => this.#head(),
		});
		this.signs = new Signs(this.audience, limits, now);
		this.outboxAlarm = new Alarm(frame, "outboxAlarm", now);
		this.pruneAlarm = new Alarm(frame, "pruneAlarm", now);
		this.store = new RoomStore(
			() => frame.db,
			(change) => this.#armAlarms(change.counters, change.extras, change.rows),
		);
		this.writer = new FeedWriter({
			store: this.store,
			limits,
			publish: (batch, extras) => this.#publish(batch, extras),
			pace: () => this.audience.pace(),
			keepAwake: (work) => frame.keepAwake(work),
		});
		this.outbox = new Outbox(frame, this, options.peers, options.noteBudget);
		const turnstile = new Turnstile(limits);
		this.histories = new Reads(turnstile);
		this.changes = new Reads(turnstile);
		this.hashes = new Reads(turnstile);
	}

	get db(): RawAccess {
		return this.#frame.db;
	}

	/** Call from `onWake`, before anything is answered. */
	async wake(connections: readonly Connection[]): Promise<void> {
		this.#told = await this.writer.counters();
		await this.#load();
		for (const connection of connections) this.#readmit(connection);
		await this.relay.restore(connections);
		this.signs.restore(this.audience.onlineUserIds);
		await Promise.all([this.outboxAlarm.restore(), this.pruneAlarm.restore()]);
		await this.#armAlarms(this.#told, [], []);
		await this.outbox.wake();
	}

	async #load(): Promise<void> {
		const [room, members] = await Promise.all([this.store.room(), this.store.members()]);
		this.#stored = room;
		this.#members = new Map(members.map((member) => [member.row.id, member]));
	}

	/** A connection that outlived the process that served it. Its person may have been shown out by that process's last act. */
	#readmit(connection: Connection): void {
		const { state } = connection;
		if (state.kind === "person" && (!this.isInitialised || this.standingOf(state) === "outsider")) {
			this.audience.disconnect(connection, "not_member");
		} else {
			this.audience.restore([connection]);
		}
	}

	async sleep(): Promise<void> {
		this.audience.dispose();
		this.signs.dispose();
		await this.outbox.dispose();
	}

	/** @throws Problem `not_found` before the room was initialised */
	get room(): RoomRow {
		if (this.#stored === undefined) throw notOpenToYou();
		return this.#stored.row;
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

	get version(): number {
		return this.#told.version;
	}

	/** Version of the last change that any inbox must hear of. */
	get noteVersion(): number {
		return Math.min(this.store.ledger.noteVersion, this.#told.version);
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

	placeOf(userId: string, draft?: RoomDraft): Place {
		const noted = draft?.noted(placeKey(userId));
		const place = noted?.kind === "place" ? noted : this.#members.get(userId)?.place;
		return place ?? { kind: "place", userId, joinedAtSeq: -1, joinedAtVersion: 0, removedAt: 0 };
	}

	standingOf(person: Pick<Person, "userId" | "role">, draft?: RoomDraft): RoomStanding {
		return standingIn(this.room.visibility, this.memberOf(person.userId, draft), person.role);
	}

	mayRead(person: Pick<Person, "userId" | "role">): boolean {
		if (this.#stored === undefined) return false;
		const standing = this.standingOf(person);
		return standing !== "outsider" && standing !== "invited";
	}

	/** The door every action goes through; a mutation goes through it again with its draft. @throws Problem */
	admit(person: Person, action: ActionName<"chatRoom">, draft?: RoomDraft): RoomStanding {
		const standing = this.standingOf(person, draft);
		authorise("chatRoom", action, standing);
		return standing;
	}

	/** Whether this person may hold a connection at all. @throws Problem `not_found` `not_member` `unauthenticated` */
	receive(person: Person): void {
		const member = this.isInitialised ? this.memberOf(person.userId) : undefined;
		if (member !== undefined && isShownOut(member.status)) {
			throw new Problem("not_member", "You were removed from this room: an admin has to invite you again.");
		}
		if (this.standingOf(person) === "outsider") throw notOpenToYou();
		if (person.ticketAt < Math.floor(this.placeOf(person.userId).removedAt / 1000) * 1000) {
			throw new Problem("unauthenticated", "This ticket is older than your removal. Ask for a fresh one.");
		}
	}

	/** Call from `onConnect`. Somebody may have been shown out between the check of their ticket and now. */
	arrived(connection: Connection): void {
		const { state } = connection;
		if (state.kind !== "person") return;
		if (this.standingOf(state) === "outsider") {
			this.audience.disconnect(connection, "not_member");
		} else {
			this.audience.arrived(connection);
			this.outbox.prefer(state.userId);
		}
	}

	/** What `person` sees of the room, at the point told to everybody. The invited see what they were invited to, no more. */
	viewFor(person: Person): RoomView {
		const me = this.memberOf(person.userId) ?? null;
		const { seq, version, floorSeq } = this.#told;
		const mayRead = this.mayRead(person);
		const rows = [...this.#members.values()].map(({ row }) => row);
		return {
			room: this.room,
			members: mayRead ? rows : rows.filter(({ id }) => id === person.userId),
			me,
			onlineUserIds: mayRead ? this.audience.onlineUserIds.filter((userId) => this.#isJoined(userId)) : [],
			head: mayRead ? { seq, version, epoch: this.store.epoch } : { seq: 0, version: 0, epoch: this.store.epoch },
			floorSeq: mayRead ? floorSeq : 1,
		};
	}

	#head(): { name: "roomChanged"; batch: FeedBatch<RoomFeedRow> } {
		const { version, floorSeq } = this.#told;
		return { name: "roomChanged", batch: { from: version, to: version, rows: [], floorSeq } };
	}

	#isJoined(userId: string): boolean {
		return this.#members.get(userId)?.row.status === "joined";
	}

	#tellPresence(userId: string, isOnline: boolean): void {
		if (!isOnline) this.signs.stoppedTyping(userId);
		if (this.#isJoined(userId)) this.signs.presence(userId, isOnline);
	}

	/** After the commit, before anybody is answered: what is known, then what is told, in the order of versions. */
	#publish(batch: FeedBatch<RoomFeedRow>, extras: readonly RoomExtra[]): void {
		const previousHead = this.#told.seq;
		const messages = batch.rows.filter((row): row is Message => row.kind === "message" && row.id > previousHead);
		const changedMembers = batch.rows.filter((row): row is MemberRow => row.kind === "member");
		const wereJoined = new Set(changedMembers.map(({ id }) => id).filter((id) => this.#isJoined(id)));
		// A batch was committed that could not be told: neither its answer nor the tables came back in time.
		if (batch.from !== this.#told.version) void this.#frame.keepAwake(this.#load());
		const seq = Math.max(previousHead, ...messages.map(({ id }) => id));
		this.#told = { seq, version: batch.to, floorSeq: batch.floorSeq };
		this.#keep(batch.rows, extras);
		for (const row of changedMembers) if (isShownOut(row.status)) this.audience.close(row.id, "removed");
		this.audience.broadcast("roomChanged", batch);
		this.audience.broadcastSeries("newMessage", messages);
		for (const { id } of changedMembers) this.#tellMoved(id, wereJoined.has(id));
		for (const { sender } of messages) this.signs.stoppedTyping(sender);
		this.outbox.changed();
	}

	#keep(rows: readonly RoomFeedRow[], extras: readonly RoomExtra[]): void {
		for (const row of rows) {
			if (row.kind === "room") {
				const retention = extras.find((extra) => extra.kind === "retention");
				this.#stored = { row, retentionMessages: retention?.messages ?? this.retentionMessages };
			} else if (row.kind === "member") {
				const place = extras.find((extra) => extra.kind === "place" && extra.userId === row.id);
				const kept = place?.kind === "place" ? place : this.placeOf(row.id);
				this.#members.set(row.id, { row, place: kept, notifiedVersion: 0 });
				this.outbox.startFrom(row.id, kept.joinedAtVersion);
			}
		}
	}

	#tellMoved(userId: string, wasJoined: boolean): void {
		const isJoined = this.#isJoined(userId);
		if (isJoined === wasJoined || !this.audience.isOnline(userId)) return;
		this.signs.presence(userId, isJoined);
	}

	/** Whatever must follow this commit happens even if this process dies right after it. */
	async #armAlarms(counters: Counters, extras: readonly RoomExtra[], rows: readonly RoomFeedRow[]): Promise<void> {
		const told = this.store.ledger.noteVersion;
		const isNews =
			rows.some(({ kind }) => kind === "member") ||
			extras.some((extra) => extra.kind === "ledger" && extra.noteVersion > told);
		const held = counters.seq - counters.floorSeq + 1;
		const retention = extras.find((extra) => extra.kind === "retention")?.messages ?? this.retentionMessages;
		await Promise.all([
			isNews ? this.outboxAlarm.ensure(this.limits.inboxNoteRetryMs) : undefined,
			held > retention ? this.pruneAlarm.ensure(this.limits.retentionEveryMs) : undefined,
		]);
	}
}
