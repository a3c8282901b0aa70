import type { CommandCalled } from "@bullpen/domain/command";
import type { FeedBatch } from "@bullpen/domain/feed";
import type { Message } from "@bullpen/domain/message";
import { trimWindow } from "@bullpen/domain/message-window";
import type { Problem } from "@bullpen/domain/problem";
import type { MemberRow, RoomFeedRow, RoomRow } from "@bullpen/domain/room";
import { changeRoom, memberIn, type RoomSnapshot, type RoomState, roomFrom } from "@bullpen/domain/room-view";
import type { ActionInput, ActionOutput } from "@bullpen/domain/wire";
import { Company } from "./company.ts";
import type { Connection } from "./connection.ts";
import { FeedRunner } from "./feed-runner.ts";
import type { ClientLimits } from "./limits.ts";
import { Line } from "./line.ts";
import { MessageShelf } from "./message-shelf.ts";
import { Notifier } from "./notifier.ts";
import { Outbox, type Outgoing } from "./outbox.ts";
import { asSendInput, OutgoingMessage } from "./outgoing-message.ts";
import { RoomGovernance } from "./room-governance.ts";
import { RoomHooks } from "./room-hooks.ts";
import { readRoom } from "./room-snapshot.ts";
import { RoomThread, type ThreadShown } from "./room-thread.ts";
import { type SenderOptions, withDefaults } from "./store-options.ts";
import { type Move, WindowReader } from "./window-reader.ts";

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
	/** Who is here as what, the links that let people in, and what becomes of the room. */
	readonly governance: RoomGovernance;
	readonly hooks: RoomHooks;
	readonly #userId: string;
	readonly #limits: ClientLimits;
	readonly #line: Line<"chatRoom">;
	readonly #feed: FeedRunner<RoomFeedRow, RoomSnapshot>;
	readonly #outbox: Outbox<OutgoingMessage>;
	readonly #company: Company;
	readonly #notifier: Notifier;
	readonly #pages: WindowReader<RoomState>;
	readonly #shelf: MessageShelf;
	readonly #commands = new Set<(called: CommandCalled) => void>();
	#state: RoomState | null = null;
	#problem: Problem | null = null;
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
		this.governance = new RoomGovernance(this.#line);
		this.hooks = new RoomHooks(this.#line);
		this.#feed = new FeedRunner(
			{
				readSnapshot: () => readRoom(this.#line, limits.historyPage),
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
		this.#company = new Company({
			userId: options.userId,
			limits,
			clock,
			say: (isTyping) => this.#line.call("setTyping", { isTyping }),
			read: () => this.#line.call("getRoom"),
			changed: () => this.#notifier.changed(),
		});
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
		this.#company.forgetTyping();
		return this.#outbox.add(input, nonce);
	}

	retry(nonce: string): void {
		this.#outbox.retry(nonce);
	}

	discard(nonce: string): void {
		this.#outbox.discard(nonce);
	}

	edit(id: number, text: string): Promise<void> {
		return this.#did(this.#line.call("editMessage", { id, text }));
	}

	/** Deletes a message: a tombstone stays. */
	remove(id: number): Promise<void> {
		return this.#did(this.#line.call("deleteMessage", { id }));
	}

	toggleReaction(id: number, emoji: string): Promise<void> {
		return this.#did(this.#line.call("toggleReaction", { id, emoji }));
	}

	/** For every keystroke, and `false` when the field is left or emptied. */
	setTyping(isTyping: boolean): void {
		if (this.#line.isOpen) this.#company.setTyping(isTyping);
	}

	setPinned(id: number, pinned: boolean): Promise<void> {
		return this.#did(this.#line.call("setPinned", { id, pinned }));
	}

	/** Whether new replies to this message concern us. */
	followThread(id: number, isFollowing: boolean): Promise<void> {
		return this.#did(this.#line.call("followThread", { id, isFollowing }));
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

	/** Calls upon a bot of this room; resolves when it was told. */
	async runCommand(input: ActionInput<"chatRoom", "runCommand">): Promise<void> {
		await this.#line.call("runCommand", input);
	}

	/** For a bot: hears whoever calls upon it. */
	onCommand(tell: (called: CommandCalled) => void): () => void {
		this.#commands.add(tell);
		return () => void this.#commands.delete(tell);
	}

	/** Of all messages that the room has; `room-proof.ts` compares. */
	getHash(): Promise<ActionOutput<"chatRoom", "getHash">> {
		return this.#line.call("getHash");
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
			connection.on("typing", (typing) => this.#company.heardTyping(typing)),
			connection.on("presence", (presence) => this.#company.heardPresence(presence)),
		];
	}

	#heard(batch: FeedBatch<RoomFeedRow>): void {
		for (const row of batch.rows) if (row.kind === "message") this.#company.wrote(row.sender);
		this.#feed.batch(batch);
	}

	#opened(): void {
		this.#company.forgetTyping();
		this.#feed.connected();
		this.#outbox.opened();
		if (this.#state === null) return;
		this.#shelf.opened();
		void this.#thread?.opened();
		this.#company.readOnline();
	}

	#closed(): void {
		this.#feed.disconnected();
		this.#outbox.closed();
		this.#company.closed();
		this.#notifier.changed();
	}

	#replaced(snapshot: RoomSnapshot): void {
		this.#state = roomFrom(snapshot);
		this.#shelf.restart();
		this.#thread?.restart();
		this.#company.show(snapshot.view.onlineUserIds);
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

	/** What came of it is told by the feed, which looks for it if need be. */
	async #did(act: Promise<Message>): Promise<void> {
		this.#feed.noteVersion((await act).version);
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
			typingUserIds: this.#company.typingUserIds,
			onlineUserIds: this.#company.onlineUserIds,
		};
	}
}

const NOBODY: ReadonlyMap<string, MemberRow> = new Map();
const NO_PINS: ReadonlySet<number> = new Set();
const NOTHING: readonly Message[] = [];
