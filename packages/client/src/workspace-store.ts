import { LIMITS } from "@bullpen/domain/limits";
import type { Problem } from "@bullpen/domain/problem";
import { type TranscriptView, viewOf } from "@bullpen/domain/transcript/reduce";
import type { TranscriptHits } from "@bullpen/domain/transcript/search";
import {
	PromptInput,
	type Transcript,
	type WorkspaceFeedRow,
	type WorkspaceMemberRow,
} from "@bullpen/domain/workspace";
import type { z } from "zod";
import { Company } from "./company.ts";
import type { Connection } from "./connection.ts";
import { FeedRunner, type ReadSnapshot } from "./feed-runner.ts";
import type { ClientLimits } from "./limits.ts";
import { Line } from "./line.ts";
import { Notifier } from "./notifier.ts";
import { Outbox, type Outgoing } from "./outbox.ts";
import { SideChat, type SideChatShown } from "./side-chat.ts";
import { type SenderOptions, withDefaults } from "./store-options.ts";
import { TranscriptWindow } from "./transcript-window.ts";
import { WorkspaceControl } from "./workspace-control.ts";
import { WorkspaceFiles } from "./workspace-files.ts";
import { WorkspacePeople } from "./workspace-people.ts";
import { WorkspaceTerminal } from "./workspace-terminal.ts";
import { WorkspaceTree } from "./workspace-tree.ts";

type Prompt = z.infer<typeof PromptInput>;

export interface WorkspaceStoreOptions extends SenderOptions {
	readonly workspaceId: string;
}

/** A workspace as a screen shows it. Unchanged parts keep their identity. */
export interface WorkspaceShown {
	readonly isLoaded: boolean;
	/** There is a connection: what is asked now is answered. */
	readonly isOpen: boolean;
	/** Why the workspace cannot be read, null when it can. */
	readonly problem: Problem | null;
	readonly transcript: TranscriptView;
	readonly hasOlder: boolean;
	readonly isLoadingOlder: boolean;
	/** Somebody went to read further up, and the newest items are not held. */
	readonly hasNewer: boolean;
	readonly isLoadingNewer: boolean;
	/** Our own membership. Null until somebody let us in by name: what we may do then follows from the visibility. */
	readonly me: WorkspaceMemberRow | null;
	/** Own prompts that are not in the queue yet, in the order of sending. */
	readonly outgoing: readonly Outgoing<Prompt>[];
	/** Others, in the order in which they began. */
	readonly typingUserIds: readonly string[];
	readonly onlineUserIds: ReadonlySet<string>;
	/** What people say beside the agent. */
	readonly chat: SideChatShown;
}

/** One workspace, over as many connections as it takes. */
export class WorkspaceStore {
	/** What people do to the queue, the running turn and the agent's questions. */
	readonly control: WorkspaceControl;
	/** Its files, and what changed in them. */
	readonly tree: WorkspaceTree;
	/** Files that go with prompts. */
	readonly files: WorkspaceFiles;
	/** The terminal that everybody in it shares. */
	readonly terminal: WorkspaceTerminal;
	/** Who is here as what, and what becomes of the workspace. */
	readonly people: WorkspacePeople;
	/** The talk beside the agent. */
	readonly chat: SideChat;
	readonly #userId: string;
	readonly #limits: ClientLimits;
	readonly #line: Line<"workspace">;
	readonly #feed: FeedRunner<WorkspaceFeedRow, Transcript>;
	readonly #outbox: Outbox<Prompt>;
	readonly #company: Company;
	readonly #notifier: Notifier;
	readonly #window: TranscriptWindow;
	#isLoaded = false;
	#problem: Problem | null = null;
	#shown: WorkspaceShown;

	constructor(options: WorkspaceStoreOptions) {
		const { limits, clock } = withDefaults(options);
		this.#userId = options.userId;
		this.#limits = limits;
		this.#notifier = new Notifier(() => this.#refresh(), limits.notifyMs, clock);
		this.#window = new TranscriptWindow({
			read: (page) => this.#line.call("getTranscript", page),
			changed: () => this.#notifier.tell(),
			pageItems: limits.transcriptPage,
			itemsMax: limits.windowMax,
		});
		this.#line = new Line({
			listen: (connection) => this.#listen(connection),
			opened: () => this.#opened(),
			closed: () => this.#closed(),
		});
		this.control = new WorkspaceControl(this.#line);
		this.tree = new WorkspaceTree(this.#line);
		this.people = new WorkspacePeople(this.#line);
		this.files = new WorkspaceFiles(this.#line);
		this.terminal = new WorkspaceTerminal(this.#line, limits, clock);
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
				key: `bullpen.outbox.${options.userId}.workspace.${options.workspaceId}`,
				schema: PromptInput,
			},
		});
		this.chat = new SideChat({
			userId: options.userId,
			line: this.#line,
			limits,
			clock,
			makeNonce: options.makeNonce,
			kept: options.storage && {
				storage: options.storage,
				key: `bullpen.outbox.${options.userId}.side-chat.${options.workspaceId}`,
			},
			changed: () => this.#notifier.tell(),
			expect: (isMissing) => this.#feed.expect(isMissing),
		});
		this.#company = new Company({
			userId: options.userId,
			limits,
			clock,
			say: (isTyping) => this.#line.call("setTyping", { isTyping }),
			read: () => this.#line.call("getSessionInfo"),
			changed: () => this.#notifier.changed(),
		});
		this.#shown = this.#show();
	}

	readonly subscribe = (listener: () => void): (() => void) => this.#notifier.subscribe(listener);
	readonly getSnapshot = (): WorkspaceShown => this.#shown;

	attach(connection: Connection<"workspace">): () => void {
		return this.#line.attach(connection);
	}

	/**
	 * Puts a prompt in the shared queue with files that are kept already, told until the server took or refused it. The
	 * answer is its nonce.
	 * @throws Problem `queue_full`
	 */
	prompt(text: string, attachments: readonly string[] = []): string {
		this.#company.forgetTyping();
		return this.#outbox.add({ text, ...(attachments.length > 0 && { attachments: [...attachments] }) });
	}

	retry(nonce: string): void {
		this.#outbox.retry(nonce);
	}

	discard(nonce: string): void {
		this.#outbox.discard(nonce);
	}

	/** The whole output of a tool, of which the transcript has head and tail. */
	async getOutput(itemId: number): Promise<string> {
		return (await this.#line.call("getOutput", { itemId })).text;
	}

	/** For every keystroke, and `false` when the field is left or emptied. */
	setTyping(isTyping: boolean): void {
		if (this.#line.isOpen) this.#company.setTyping(isTyping);
	}

	/** A picture as a `data:` address. */
	async getPicture(itemId: number, position: number): Promise<string> {
		const { mimeType, data } = await this.#line.call("getImage", { itemId, position });
		return `data:${mimeType};base64,${data}`;
	}

	/** One page of what was found, newest first. @throws Problem `text_empty` `text_too_long` */
	search(query: string, before?: number): Promise<TranscriptHits> {
		return this.#line.call("searchTranscript", { query, ...(before === undefined ? {} : { before }) });
	}

	/** One page of the transcript as it is kept, for an export. */
	page(before?: number): Promise<Transcript> {
		const { transcriptPageMax: limit } = LIMITS;
		return this.#line.call("getTranscript", { limit, ...(before === undefined ? {} : { before }) });
	}

	/** Puts one older page in front of the transcript. */
	loadOlder(): Promise<void> {
		return this.#window.loadOlder();
	}

	/** Adds one page of what comes after, for somebody who reads further up. */
	loadNewer(): Promise<void> {
		return this.#window.loadNewer();
	}

	/** Brings an item among those held, wherever it is. False when there is none. */
	showItem(itemId: number): Promise<boolean> {
		return this.#window.showItem(itemId);
	}

	showNewest(): Promise<void> {
		return this.#window.showNewest();
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
		this.chat.dispose();
		this.terminal.dispose();
		this.#notifier.dispose();
	}

	#listen(connection: Connection<"workspace">): (() => void)[] {
		return [
			this.terminal.attached(connection),
			connection.on("workspaceChanged", (batch) => this.#feed.batch(batch)),
			connection.on("filesChanged", (changed) => this.tree.heard(changed)),
			connection.on("tail", (tail) => {
				this.#window.heard(tail);
				this.#notifier.changed();
			}),
			connection.on("typing", (typing) => this.#company.heardTyping(typing)),
			connection.on("presence", (presence) => this.#company.heardPresence(presence)),
		];
	}

	#opened(): void {
		this.#company.forgetTyping();
		this.#feed.connected();
		this.#outbox.opened();
		this.tree.heard({ paths: [], isAll: true }); // whatever was said meanwhile was missed
		this.chat.opened();
		this.#notifier.changed();
		this.terminal.opened();
		this.#company.readOnline();
	}

	#closed(): void {
		this.#feed.disconnected();
		this.#outbox.closed();
		this.chat.closed();
		this.terminal.closed();
		this.#company.closed();
		this.#notifier.changed();
	}

	async #readSnapshot(): Promise<ReadSnapshot<Transcript>> {
		const snapshot = await this.#line.call("getTranscript", { limit: this.#limits.transcriptPage });
		const { version, epoch } = snapshot.head;
		return { version, seen: version, epoch, snapshot };
	}

	#replaced(snapshot: Transcript): void {
		this.#window.replaced(snapshot);
		this.chat.replaced(snapshot.rows);
		this.#isLoaded = true;
		this.#confirm(snapshot.rows);
		this.#notifier.changed();
	}

	#changed(rows: readonly WorkspaceFeedRow[], floorSeq: number): void {
		this.#window.committed(rows, floorSeq);
		this.chat.heard(rows);
		this.#confirm(rows);
		this.#notifier.changed();
	}

	/** Takes what is in the feed out of the outbox. */
	#confirm(rows: readonly WorkspaceFeedRow[]): void {
		const nonces: string[] = [];
		for (const row of rows) {
			if (row.kind === "prompt" && row.userId === this.#userId && row.nonce !== undefined) nonces.push(row.nonce);
		}
		this.#outbox.seen(nonces);
	}

	#refused(problem: Problem | null): void {
		if (problem === this.#problem) return;
		this.#problem = problem;
		this.#notifier.changed();
	}

	/** The answer names no version; should the prompt's row be lost on its way, the check brings it. */
	async #deliver(input: Prompt): Promise<null> {
		await this.#line.call("prompt", input);
		this.#feed.expect(() => this.#outbox.entries.some(({ state }) => state.type === "sent"));
		return null;
	}

	#refresh(): void {
		this.#shown = this.#show();
	}

	#show(): WorkspaceShown {
		const { state, hasOlder, hasNewer, moving } = this.#window;
		const me = state.members.get(this.#userId);
		return {
			isLoaded: this.#isLoaded,
			isOpen: this.#line.isOpen,
			problem: this.#problem,
			transcript: viewOf(state),
			hasOlder,
			isLoadingOlder: moving === "older",
			hasNewer,
			isLoadingNewer: moving === "newer",
			me: me?.status === "joined" ? me : null,
			outgoing: this.#outbox.entries,
			typingUserIds: this.#company.typingUserIds,
			onlineUserIds: this.#company.onlineUserIds,
			chat: this.chat.shown,
		};
	}
}
