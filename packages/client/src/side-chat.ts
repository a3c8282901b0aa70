import { type ChatPage, type ChatRow, SendChatInput } from "@bullpen/domain/side-chat";
import type { WorkspaceFeedRow } from "@bullpen/domain/workspace";
import type { ClientLimits, Clock } from "./limits.ts";
import type { Line } from "./line.ts";
import { Outbox, type OutboxStorage, type Outgoing } from "./outbox.ts";

/** The talk beside the agent as a screen shows it. */
export interface SideChatShown {
	/** Oldest first, deleted ones included: one run without a hole that ends with the newest. Empty before `load`. */
	readonly messages: readonly ChatRow[];
	readonly isLoaded: boolean;
	readonly hasOlder: boolean;
	/** Own messages that are not in the talk yet. */
	readonly outgoing: readonly Outgoing<SendChatInput>[];
	/** The newest message there is, read or not: known before `load`. */
	readonly newest: ChatRow | null;
}

interface Options {
	readonly userId: string;
	readonly line: Line<"workspace">;
	readonly limits: ClientLimits;
	readonly clock: Clock;
	readonly makeNonce?: (() => string) | undefined;
	readonly kept?: { readonly storage: OutboxStorage; readonly key: string } | undefined;
	/** Something of what is shown has changed. */
	readonly changed: () => void;
	/** A message was taken: its row is on its way, or was lost on it for as long as `isMissing`. */
	readonly expect: (isMissing: () => boolean) => void;
}

/** What people say to each other in a workspace. Rows come with its feed; older ones are read page by page. */
export class SideChat {
	readonly #options: Options;
	readonly #outbox: Outbox<SendChatInput>;
	#rows = new Map<number, ChatRow>();
	#newest: ChatRow | null = null;
	/** The lowest one held; null before the first page was read. */
	#from: number | null = null;
	#hasOlder = false;
	#reading: Promise<void> | null = null;
	/** Rows that came while a page was being read, which may be older than they are. */
	#aside: ChatRow[] = [];
	/** Counts what replaced everything: a page that was asked for before is of another talk. */
	#epoch = 0;
	#shown: SideChatShown;

	constructor(options: Options) {
		this.#options = options;
		const { limits, clock, makeNonce, kept } = options;
		this.#outbox = new Outbox<SendChatInput>({
			deliver: (input) => this.#deliver(input),
			changed: () => this.#changed(),
			limits,
			clock,
			makeNonce,
			kept: kept && { ...kept, schema: SendChatInput },
		});
		this.#shown = this.#show();
	}

	get shown(): SideChatShown {
		return this.#shown;
	}

	/** Told until the server took or refused it. The answer is its nonce. @throws Problem `queue_full` */
	send(text: string): string {
		return this.#outbox.add({ text });
	}

	retry(nonce: string): void {
		this.#outbox.retry(nonce);
	}

	discard(nonce: string): void {
		this.#outbox.discard(nonce);
	}

	/** @throws Problem `text_*` `not_found` `forbidden` */
	async edit(id: number, text: string): Promise<void> {
		await this.#options.line.call("editChat", { id, text });
	}

	/** @throws Problem `not_found` `forbidden` */
	async remove(id: number): Promise<void> {
		await this.#options.line.call("deleteChat", { id });
	}

	/** Reads the newest page, for somebody who begins to look. */
	load(): Promise<void> {
		return this.#from === null ? this.#read(undefined) : Promise.resolve();
	}

	/** Puts one older page in front. */
	loadOlder(): Promise<void> {
		return this.#from !== null && this.#hasOlder ? this.#read(this.#from) : Promise.resolve();
	}

	/** Rows of one commit or of what was missed. */
	heard(rows: readonly WorkspaceFeedRow[]): void {
		const said = rows.filter((row) => row.kind === "chat");
		if (said.length === 0) return;
		if (this.#reading !== null) this.#aside.push(...said);
		this.#merge(said);
		this.#trim();
		this.#changed();
	}

	/** A fresh snapshot: of the talk it has the newest message alone, so what was read before is read again. */
	replaced(rows: readonly WorkspaceFeedRow[]): void {
		const wasRead = this.#from !== null || this.#reading !== null;
		this.#epoch++;
		this.#rows = new Map();
		this.#newest = null;
		this.#from = null;
		this.#hasOlder = false;
		this.#reading = null;
		this.#aside = [];
		this.heard(rows);
		if (wasRead) this.load().catch(ignoreLost);
		this.#changed();
	}

	opened(): void {
		this.#outbox.opened();
	}

	closed(): void {
		this.#outbox.closed();
	}

	dispose(): void {
		this.#outbox.dispose();
	}

	/** One page at a time. */
	#read(before: number | undefined): Promise<void> {
		this.#reading ??= this.#readPage(before, this.#epoch).finally(() => {
			this.#reading = null;
			this.#aside = [];
		});
		return this.#reading;
	}

	async #readPage(before: number | undefined, epoch: number): Promise<void> {
		const page: ChatPage = await this.#options.line.call("getChat", before === undefined ? {} : { before });
		if (epoch !== this.#epoch) return;
		const first = page.messages[0]?.id;
		this.#from = first ?? before ?? 1;
		this.#hasOlder = page.hasMore;
		this.#merge([...page.messages, ...this.#aside]);
		this.#changed();
	}

	#merge(rows: readonly ChatRow[]): void {
		const nonces: string[] = [];
		for (const row of rows) {
			if (row.userId === this.#options.userId && row.nonce !== undefined) nonces.push(row.nonce);
			if (this.#newest === null || row.id > this.#newest.id || isNewer(row, this.#newest)) this.#newest = row;
			const known = this.#rows.get(row.id);
			const isInside = this.#from !== null && row.id >= this.#from;
			if (isInside && (known === undefined || row.version > known.version)) this.#rows.set(row.id, row);
		}
		this.#outbox.seen(nonces);
	}

	/** Lets go of the oldest; they can be read again. */
	#trim(): void {
		const { windowMax } = this.#options.limits;
		if (this.#rows.size <= windowMax || this.#reading !== null) return;
		const ids = [...this.#rows.keys()].sort((a, b) => a - b);
		for (const id of ids.slice(0, ids.length - windowMax)) this.#rows.delete(id);
		this.#from = ids[ids.length - windowMax] ?? this.#from;
		this.#hasOlder = true;
	}

	async #deliver(input: SendChatInput & { readonly nonce: string }): Promise<null> {
		await this.#options.line.call("sendChat", input);
		this.#options.expect(() => this.#outbox.entries.some(({ state }) => state.type === "sent"));
		return null;
	}

	#changed(): void {
		this.#shown = this.#show();
		this.#options.changed();
	}

	#show(): SideChatShown {
		return {
			messages: [...this.#rows.values()].sort((a, b) => a.id - b.id),
			isLoaded: this.#from !== null,
			hasOlder: this.#hasOlder,
			outgoing: this.#outbox.entries,
			newest: this.#newest,
		};
	}
}

const isNewer = (row: ChatRow, known: ChatRow): boolean => row.id === known.id && row.version > known.version;

/** It is read again when somebody looks, and the page says that the connection was lost. */
const ignoreLost = (): void => undefined;
