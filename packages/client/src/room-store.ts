import type { RoomAuditPage } from "@bullpen/domain/audit";
import type { CommandCalled } from "@bullpen/domain/command";
import type { FeedBatch } from "@bullpen/domain/feed";
import type { Message } from "@bullpen/domain/message";
import { trimWindow } from "@bullpen/domain/message-window";
import { Problem } from "@bullpen/domain/problem";
import type { MemberRow, RoomFeedRow, RoomRole, RoomRow } from "@bullpen/domain/room";
import type { RoomLink } from "@bullpen/domain/room-link";
import { changeRoom, memberIn, type RoomSnapshot, type RoomState, roomFrom } from "@bullpen/domain/room-view";
import type { CreateHookInput, Deliveries, HookList } from "@bullpen/domain/webhook";
import type { ActionInput, ActionOutput } from "@bullpen/domain/wire";
import type { Connection } from "./connection.ts";
import { FeedRunner, type ReadSnapshot } from "./feed-runner.ts";
import type { ClientLimits } from "./limits.ts";
import { Line } from "./line.ts";
import { MessageShelf } from "./message-shelf.ts";
import { Notifier } from "./notifier.ts";
import { Outbox, type Outgoing } from "./outbox.ts";
import { asSendInput, OutgoingMessage } from "./outgoing-message.ts";
import { ConnectionLost } from "./refusal.ts";
import { RoomThread, type ThreadShown } from "./room-thread.ts";
import { type SenderOptions, withDefaults } from "./store-options.ts";
import { OthersTyping, OwnTyping } from "./typing.ts";
import { type Move, WindowReader } from "./window-reader.ts";

export interface RoomStoreOptions extends SenderOptions {
	readonly roomId: string;
}

type CreatedLink = ActionOutput<"chatRoom", "createLink">;

/** A room as a screen shows it. Unchanged parts keep their identity. */
export interface RoomShown {
	readonly isLoaded: boolean;
	/** Why the room cannot be read, null when it can. */
	readonly problem: Problem | null;
	readonly room: RoomRow | null;
	readonly members: ReadonlyMap<string, MemberRow>;
	/** Our own membership; null for a visitor, whom a public room offers to join. */
	readonly me: MemberRow | null;
	/** Oldest first, without a hole, tombstones and replies in threads included. */
	readonly messages: readonly Message[];
	readonly hasOlder: boolean;
	/** `messages` are from further up, and do not reach to the newest. */
	readonly hasNewer: boolean;
	readonly moving: Move | null;
	/** Messages that were asked for by `want`, wherever they stand; null for those the room has no more. */
	readonly wanted: ReadonlyMap<number, Message | null>;
	readonly pinnedIds: ReadonlySet<number>;
	readonly thread: ThreadShown | null;
	/** Own messages that are not among `messages` yet, in the order of sending. */
	readonly outgoing: readonly Outgoing<OutgoingMessage>[];
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
	readonly #outbox: Outbox<OutgoingMessage>;
	readonly #typing: OwnTyping;
	readonly #others: OthersTyping;
	readonly #notifier: Notifier;
	readonly #pages: WindowReader<RoomState>;
	readonly #shelf: MessageShelf;
	readonly #commands = new Set<(called: CommandCalled) => void>();
	#state: RoomState | null = null;
	#problem: Problem | null = null;
	#onlineUserIds: ReadonlySet<string> = new Set();
	#thread: RoomThread | null = null;
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
				schema: OutgoingMessage,
			},
		});
		this.#pages = new WindowReader<RoomState>({
			get: () => this.#state,
			set: (state) => {
				this.#state = state;
			},
			read: (page) => this.#line.call("getHistory", page),
			changed: () => this.#notifier.tell(),
			pageSize: limits.historyPage,
			messagesMax: limits.windowMax,
		});
		this.#shelf = new MessageShelf({
			read: (ids) => this.#line.call("getMessages", { ids }),
			isReady: () => this.#isReady,
			changed: () => this.#notifier.changed(),
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
	send(input: OutgoingMessage, nonce?: string): string {
		this.#typing.forget();
		return this.#outbox.add(input, nonce);
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

	async setPinned(id: number, pinned: boolean): Promise<void> {
		this.#feed.noteVersion((await this.#line.call("setPinned", { id, pinned })).version);
	}

	/** Whether new replies to this message concern us. */
	async followThread(id: number, isFollowing: boolean): Promise<void> {
		this.#feed.noteVersion((await this.#line.call("followThread", { id, isFollowing })).version);
	}

	/** Puts one older page in front of `messages`. */
	loadOlder(): Promise<void> {
		return this.#pages.loadOlder();
	}

	/** Adds one page behind `messages`, where they do not reach to the newest. */
	loadNewer(): Promise<void> {
		return this.#pages.loadNewer();
	}

	/** Makes sure that this message is among `messages`. False when the room has it no more. */
	show(id: number): Promise<boolean> {
		return this.#pages.show(id);
	}

	showNewest(): Promise<void> {
		return this.#pages.showNewest();
	}

	/** Brings these messages into `wanted`, and keeps them true there. */
	want(ids: Iterable<number>): void {
		this.#shelf.want(ids);
	}

	/** Shows the replies to this message, or none any more. */
	openThread(rootId: number | null): void {
		if (rootId === (this.#thread?.rootId ?? null)) return;
		this.#thread =
			rootId === null
				? null
				: new RoomThread({
						rootId,
						read: (page) => this.#line.call("getHistory", page),
						changed: () => this.#notifier.tell(),
						limits: this.#limits,
					});
		if (rootId !== null) this.#shelf.want([rootId]);
		if (this.#isReady) void this.#thread?.opened();
		this.#notifier.tell();
	}

	/** Moves the replies of the open thread as `loadOlder` and the others move the room's messages. */
	get threadPages(): Pick<WindowReader<RoomState>, "loadOlder" | "loadNewer" | "show" | "showNewest"> | null {
		return this.#thread?.reader ?? null;
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

	async unban(userId: string): Promise<void> {
		await this.#line.call("unban", { userId });
	}

	/** Makes somebody else the owner. We are an admin afterwards. */
	async transferOwnership(userId: string): Promise<void> {
		await this.#line.call("transferOwnership", { userId });
	}

	async updateRoom(wish: ActionInput<"chatRoom", "updateRoom">): Promise<void> {
		await this.#line.call("updateRoom", wish);
	}

	/** Makes a link that lets people in. Its secret is told this once. */
	createLink(input: NonNullable<ActionInput<"chatRoom", "createLink">> = {}): Promise<CreatedLink> {
		return this.#line.call("createLink", input);
	}

	/** The links that work now, the newest first. */
	async getLinks(): Promise<readonly RoomLink[]> {
		return (await this.#line.call("getLinks")).links;
	}

	async revokeLink(id: string): Promise<void> {
		await this.#line.call("revokeLink", { id });
	}

	/** Calls upon a bot of this room; resolves when it was told. */
	async runCommand(input: ActionInput<"chatRoom", "runCommand">): Promise<void> {
		await this.#line.call("runCommand", input);
	}

	/** For a bot: hears whoever calls upon it. */
	onCommand(tell: (called: CommandCalled) => void): () => void {
		this.#commands.add(tell);
		return () => void this.#commands.delete(tell);
	}

	/** The webhooks of this room, the oldest first; for those who run it, like everything about them. */
	async getHooks(): Promise<HookList["hooks"]> {
		return (await this.#line.call("getHooks")).hooks;
	}

	/** Its secret is told this once. */
	createHook(input: CreateHookInput): Promise<ActionOutput<"chatRoom", "createHook">> {
		return this.#line.call("createHook", input);
	}

	async setHookActive(id: string, isActive: boolean): Promise<void> {
		await this.#line.call("setHookActive", { id, isActive });
	}

	async removeHook(id: string): Promise<void> {
		await this.#line.call("removeHook", { id });
	}

	/** What became of what was to be told, the newest try first. */
	getDeliveries(input: ActionInput<"chatRoom", "getDeliveries">): Promise<Deliveries> {
		return this.#line.call("getDeliveries", input);
	}

	/** What those who run the room did, the newest first. */
	getAudit(page: NonNullable<ActionInput<"chatRoom", "getAudit">> = {}): Promise<RoomAuditPage> {
		return this.#line.call("getAudit", page);
	}

	/** For a page that is looked at again: asks whether anything was missed. */
	/** Of all messages that the room has; `room-proof.ts` compares. */
	getHash(): Promise<ActionOutput<"chatRoom", "getHash">> {
		return this.#line.call("getHash");
	}

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

	/** Single messages and threads are kept true by the feed, so nothing of them is read before its first snapshot. */
	get #isReady(): boolean {
		return this.#line.isOpen && this.#state !== null;
	}

	#listen(connection: Connection<"chatRoom">): (() => void)[] {
		return [
			connection.on("roomChanged", (batch) => this.#heard(batch)),
			connection.on("commandCalled", (called) => {
				for (const tell of [...this.#commands]) tell(called);
			}),
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
		if (this.#state === null) return;
		this.#shelf.opened();
		void this.#thread?.opened();
		this.#readPresence();
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
		this.#shelf.restart();
		this.#thread?.restart();
		this.#onlineUserIds = new Set(snapshot.view.onlineUserIds);
		this.#confirm(this.#state.messages);
		this.#notifier.changed();
	}

	#changed(rows: readonly RoomFeedRow[], floorSeq: number): void {
		if (this.#state === null) return;
		this.#state = trimWindow(changeRoom(this.#state, rows, floorSeq), this.#limits.windowMax, "older");
		const messages = rows.filter((row) => row.kind === "message");
		this.#shelf.changed(messages, floorSeq);
		this.#thread?.changed(messages, floorSeq);
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

	async #deliver(input: OutgoingMessage & { nonce: string }): Promise<number> {
		const { version } = await this.#line.call("sendMessage", asSendInput(input));
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
			hasNewer: (this.#state?.windowTo ?? null) !== null,
			moving: this.#pages.moving,
			wanted: this.#shelf.messages,
			pinnedIds: this.#state?.pinnedIds ?? NO_PINS,
			thread: this.#thread?.shown ?? null,
			outgoing: this.#outbox.entries,
			typingUserIds: this.#others.userIds,
			onlineUserIds: this.#onlineUserIds,
		};
	}
}

const NOBODY: ReadonlyMap<string, MemberRow> = new Map();
const NO_PINS: ReadonlySet<number> = new Set();
const NOTHING: readonly Message[] = [];

/** A visitor of a public room sees the room, not its history. */
const nullForVisitors = (error: unknown): null => {
	if (error instanceof Problem && (error.code === "not_member" || error.code === "forbidden")) return null;
	throw error;
};
