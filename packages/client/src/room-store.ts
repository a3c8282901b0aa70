import type { FeedBatch } from "@bullpen/domain/feed";
import { type Message, SendMessageInput } from "@bullpen/domain/message";
import { Problem } from "@bullpen/domain/problem";
import type { MemberRow, RoomFeedRow, RoomRole, RoomRow } from "@bullpen/domain/room";
import {
	abandonOlder,
	beginOlder,
	changeRoom,
	memberIn,
	prependOlder,
	type RoomSnapshot,
	type RoomState,
	roomFrom,
	trimRoom,
} from "@bullpen/domain/room-view";
import type { Connection } from "./connection.ts";
import { FeedRunner, type ReadSnapshot } from "./feed-runner.ts";
import type { ClientLimits } from "./limits.ts";
import { Line } from "./line.ts";
import { Notifier } from "./notifier.ts";
import { Outbox, type Outgoing } from "./outbox.ts";
import { ConnectionLost } from "./refusal.ts";
import { type SenderOptions, withDefaults } from "./store-options.ts";
import { OthersTyping, OwnTyping } from "./typing.ts";

export interface RoomStoreOptions extends SenderOptions {
	readonly roomId: string;
}

/** A room as a screen shows it. Unchanged parts keep their identity. */
export interface RoomShown {
	readonly isLoaded: boolean;
	/** Why the room cannot be read, null when it can. */
	readonly problem: Problem | null;
	readonly room: RoomRow | null;
	readonly members: ReadonlyMap<string, MemberRow>;
	/** Our own membership; null for a visitor, whom a public room offers to join. */
	readonly me: MemberRow | null;
	/** Oldest first, without a hole, tombstones included. */
	readonly messages: readonly Message[];
	readonly hasOlder: boolean;
	readonly isLoadingOlder: boolean;
	/** Own messages that are not among `messages` yet, in the order of sending. */
	readonly outgoing: readonly Outgoing<SendMessageInput>[];
	/** Others, in the order in which they began. */
	readonly typingUserIds: readonly string[];
	readonly onlineUserIds: ReadonlySet<string>;
}

/** One room, over as many connections as it takes. */
export class RoomStore {
	readonly #userId: string;
	readonly #limits: ClientLimits;
	readonly #line: Line<"chatRoom">;
	readonly #feed: FeedRunner<RoomFeedRow, RoomSnapshot>;
	readonly #outbox: Outbox<SendMessageInput>;
	readonly #typing: OwnTyping;
	readonly #others: OthersTyping;
	readonly #notifier: Notifier;
	#state: RoomState | null = null;
	#problem: Problem | null = null;
	#onlineUserIds: ReadonlySet<string> = new Set();
	#older: Promise<void> | null = null;
	#shown: RoomShown;

	constructor(options: RoomStoreOptions) {
		const { limits, clock } = withDefaults(options);
		this.#userId = options.userId;
		this.#limits = limits;
		this.#notifier = new Notifier(() => this.#refresh(), limits.notifyMs, clock);
		this.#line = new Line({
			listen: (connection) => this.#listen(connection),
			opened: () => this.#opened(),
			closed: () => this.#closed(),
		});
		this.#feed = new FeedRunner(
			{
				readSnapshot: () => this.#readSnapshot(),
				readChanges: (input) => this.#line.call("changesSince", input),
			},
			{
				replaced: (snapshot) => this.#replaced(snapshot),
				changed: (rows, floorSeq) => this.#changed(rows, floorSeq),
				refused: (problem) => this.#refused(problem),
			},
			limits,
			clock,
		);
		this.#outbox = new Outbox({
			deliver: (input) => this.#deliver(input),
			changed: () => this.#notifier.tell(),
			limits,
			clock,
			makeNonce: options.makeNonce,
			kept: options.storage && {
				storage: options.storage,
				key: `bullpen.outbox.${options.userId}.room.${options.roomId}`,
				schema: SendMessageInput,
			},
		});
		this.#typing = new OwnTyping((isTyping) => this.#sayTyping(isTyping), limits, clock);
		this.#others = new OthersTyping(() => this.#notifier.changed(), limits, clock);
		this.#shown = this.#show();
	}

	readonly subscribe = (listener: () => void): (() => void) => this.#notifier.subscribe(listener);
	readonly getSnapshot = (): RoomShown => this.#shown;

	attach(connection: Connection<"chatRoom">): () => void {
		return this.#line.attach(connection);
	}

	/**
	 * Shows it at once and sends it until the server took or refused it. The answer is its nonce.
	 * @throws Problem `queue_full`
	 */
	send(input: Omit<SendMessageInput, "nonce">): string {
		this.#typing.forget();
		return this.#outbox.add(input);
	}

	retry(nonce: string): void {
		this.#outbox.retry(nonce);
	}

	discard(nonce: string): void {
		this.#outbox.discard(nonce);
	}

	async edit(id: number, text: string): Promise<void> {
		this.#feed.noteVersion((await this.#line.call("editMessage", { id, text })).version);
	}

	/** Deletes a message: a tombstone stays. */
	async remove(id: number): Promise<void> {
		this.#feed.noteVersion((await this.#line.call("deleteMessage", { id })).version);
	}

	async toggleReaction(id: number, emoji: string): Promise<void> {
		this.#feed.noteVersion((await this.#line.call("toggleReaction", { id, emoji })).version);
	}

	/** For every keystroke, and `false` when the field is left or emptied. */
	setTyping(isTyping: boolean): void {
		if (this.#line.isOpen) this.#typing.set(isTyping);
	}

	/** Puts one older page in front of `messages`. */
	loadOlder(): Promise<void> {
		if (this.#older !== null) return this.#older;
		const older = this.#loadOlder().finally(() => {
			this.#older = null;
			this.#notifier.tell();
		});
		this.#older = older;
		this.#notifier.tell();
		return older;
	}

	async join(): Promise<void> {
		await this.#line.call("join");
		this.#feed.restart();
	}

	async leave(): Promise<void> {
		await this.#line.call("leave");
		this.#feed.restart();
	}

	async invite(userId: string, role?: RoomRole): Promise<void> {
		await this.#line.call("invite", role === undefined ? { userId } : { userId, role });
	}

	async setRole(userId: string, role: RoomRole): Promise<void> {
		await this.#line.call("setRole", { userId, role });
	}

	async kick(userId: string): Promise<void> {
		await this.#line.call("kick", { userId });
	}

	async ban(userId: string): Promise<void> {
		await this.#line.call("ban", { userId });
	}

	async updateTopic(topic: string): Promise<void> {
		await this.#line.call("updateRoom", { topic });
	}

	/** For a page that is looked at again: asks whether anything was missed. */
	check(): void {
		if (this.#line.isOpen) this.#feed.check();
	}

	/** Lets go of the connection. What was not acknowledged stays in storage; a later `attach` goes on. */
	dispose(): void {
		this.#line.dispose();
		this.#feed.dispose();
		this.#outbox.dispose();
		this.#notifier.dispose();
	}

	#listen(connection: Connection<"chatRoom">): (() => void)[] {
		return [
			connection.on("roomChanged", (batch) => this.#heard(batch)),
			connection.on("typing", ({ userId, isTyping }) => {
				if (userId !== this.#userId) this.#others.note(userId, isTyping);
			}),
			connection.on("presence", ({ userId, isOnline }) => {
				const online = new Set(this.#onlineUserIds);
				if (isOnline) online.add(userId);
				else online.delete(userId);
				this.#onlineUserIds = online;
				this.#notifier.changed();
			}),
		];
	}

	#heard(batch: FeedBatch<RoomFeedRow>): void {
		for (const row of batch.rows) if (row.kind === "message") this.#others.note(row.sender, false);
		this.#feed.batch(batch);
	}

	#opened(): void {
		this.#typing.forget();
		this.#feed.connected();
		this.#outbox.opened();
		if (this.#state !== null) this.#readPresence();
	}

	#closed(): void {
		this.#feed.disconnected();
		this.#outbox.closed();
		this.#others.clear();
		this.#notifier.changed();
	}

	async #readSnapshot(): Promise<ReadSnapshot<RoomSnapshot>> {
		const [view, history] = await Promise.all([
			this.#line.call("getRoom"),
			this.#line.call("getHistory", { limit: this.#limits.historyPage }).catch(nullForVisitors),
		]);
		const heads = [view.head, ...(history ? [history.head] : [])];
		const versions = heads.map(({ version }) => version);
		const { epoch } = view.head;
		if (heads.some((head) => head.epoch !== epoch)) throw new ConnectionLost("The room was restored meanwhile.");
		return { version: Math.min(...versions), seen: Math.max(...versions), epoch, snapshot: { view, history } };
	}

	#replaced(snapshot: RoomSnapshot): void {
		this.#state = roomFrom(snapshot);
		this.#onlineUserIds = new Set(snapshot.view.onlineUserIds);
		this.#confirm(this.#state.messages);
		this.#notifier.changed();
	}

	#changed(rows: readonly RoomFeedRow[], floorSeq: number): void {
		if (this.#state === null) return;
		this.#state = trimRoom(changeRoom(this.#state, rows, floorSeq), this.#limits.windowMax);
		this.#confirm(rows);
		this.#notifier.changed();
	}

	/** Takes what is in the feed out of the outbox. */
	#confirm(rows: readonly RoomFeedRow[]): void {
		const nonces: string[] = [];
		for (const row of rows) {
			if (row.kind === "message" && row.sender === this.#userId && row.nonce !== undefined) nonces.push(row.nonce);
		}
		this.#outbox.seen(nonces);
		this.#outbox.reached(this.#feed.version);
	}

	#refused(problem: Problem | null): void {
		if (problem === this.#problem) return;
		this.#problem = problem;
		this.#notifier.changed();
	}

	async #deliver(input: SendMessageInput): Promise<number> {
		const { version } = await this.#line.call("sendMessage", input);
		this.#feed.noteVersion(version);
		return version;
	}

	/** Who is here now: presence is told only as it changes, and we were away. */
	#readPresence(): void {
		this.#line.call("getRoom").then(
			(view) => {
				this.#onlineUserIds = new Set(view.onlineUserIds);
				this.#notifier.changed();
			},
			() => {}, // the feed reads on the same connection and says what is wrong
		);
	}

	#sayTyping(isTyping: boolean): void {
		this.#line.call("setTyping", { isTyping }).catch(() => {}); // nobody waits for it, and it expires by itself
	}

	async #loadOlder(): Promise<void> {
		if (this.#state === null || !this.#state.hasOlder) return;
		const before = this.#state.windowFrom;
		this.#state = beginOlder(this.#state);
		try {
			const history = await this.#line.call("getHistory", { before, limit: this.#limits.historyPage });
			this.#state = prependOlder(this.#state, before, history);
		} catch (error) {
			this.#state = abandonOlder(this.#state);
			throw error;
		}
	}

	#refresh(): void {
		this.#shown = this.#show();
	}

	#show(): RoomShown {
		const me = this.#state ? memberIn(this.#state, this.#userId) : undefined;
		return {
			isLoaded: this.#state !== null,
			problem: this.#problem,
			room: this.#state?.room ?? null,
			members: this.#state?.members ?? NOBODY,
			me: me?.status === "joined" ? me : null,
			messages: this.#state?.messages ?? NOTHING,
			hasOlder: this.#state?.hasOlder ?? false,
			isLoadingOlder: this.#older !== null,
			outgoing: this.#outbox.entries,
			typingUserIds: this.#others.userIds,
			onlineUserIds: this.#onlineUserIds,
		};
	}
}

const NOBODY: ReadonlyMap<string, MemberRow> = new Map();
const NOTHING: readonly Message[] = [];

/** A visitor of a public room sees the room, not its history. */
const nullForVisitors = (error: unknown): null => {
	if (error instanceof Problem && (error.code === "not_member" || error.code === "forbidden")) return null;
	throw error;
};
