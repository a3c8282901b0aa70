import { isBotId } from "@bullpen/domain/bot";
import type { BotCommand, CommandCalled } from "@bullpen/domain/command";
import { mentionsIn, mentionToken } from "@bullpen/domain/mention";
import type { Message } from "@bullpen/domain/message";
import type { Problem } from "@bullpen/domain/problem";
import { type Bullpen, type BullpenOptions, connectBullpen } from "./bullpen.ts";
import type { InboxStore } from "./inbox-store.ts";
import type { Held } from "./pool.ts";
import { problemIn } from "./refusal.ts";
import type { RoomStore } from "./room-store.ts";
import { withBotToken } from "./sign-in.ts";
import { until } from "./until.ts";

export interface BotOptions extends Omit<BullpenOptions, "fetch"> {
	/** As an owner of the server was shown it, once. Keep it in the environment, never in the code. */
	readonly token: string;
	/** Runs for every new message of people in the bot's rooms, one after the other in each room. */
	readonly onMessage?: ((heard: HeardMessage, bot: Bot) => void | Promise<void>) | undefined;
	/** What people in its rooms can call it for by `/name`; it takes the scope `commands`. Left out: as it was. */
	readonly commands?: BotCommand[] | undefined;
	/** Runs for every such call. Without it there is nothing to call. */
	readonly onCommand?: ((called: HeardCommand, bot: Bot) => void | Promise<void>) | undefined;
	/** Hears of what `onMessage` throws; the bot goes on with the next message. */
	readonly onError?: ((error: unknown) => void) | undefined;
}

export interface HeardMessage {
	readonly roomId: string;
	readonly message: Message;
	/** Its text without the mention of this bot. */
	readonly text: string;
	/** Somebody mentioned this bot, or wrote to it directly. */
	readonly isForMe: boolean;
	/** Says something where the message stands, in its thread if it is in one. However often it is asked, it is said once. */
	reply(text: string): Promise<void>;
	react(emoji: string): Promise<void>;
}

export interface HeardCommand extends CommandCalled {
	readonly roomId: string;
	/** Says something where it was called, once however often it is asked. */
	reply(text: string): Promise<void>;
}

/**
 * Connects a bot. It is in the rooms that it was invited to; what was said since it last ran it hears first, for what it
 * has handled is marked as read in its own inbox.
 * @throws Problem `unauthenticated` when the token is good for nothing
 */
export const startBot = async (options: BotOptions): Promise<Bot> => {
	const bullpen = await connectBullpen({ ...options, fetch: withBotToken(options.token) });
	if (options.commands !== undefined) await setCommands(bullpen, options.commands);
	return new Bot(bullpen, options);
};

async function setCommands(bullpen: Bullpen, commands: BotCommand[]): Promise<void> {
	const directory = bullpen.directory();
	try {
		await directory.loaded();
		await directory.store.setCommands(commands);
	} finally {
		directory.release();
	}
}

/** A bot at work, until it is closed or its token is. */
export class Bot {
	readonly bullpen: Bullpen;
	/** Resolves with why the server lets it do nothing any more. */
	readonly refused: Promise<Problem>;
	readonly #options: BotOptions;
	readonly #inbox: Held<InboxStore>;
	readonly #desks = new Map<string, Desk>();
	readonly #end: () => void;

	constructor(bullpen: Bullpen, options: BotOptions) {
		this.bullpen = bullpen;
		this.#options = options;
		this.#inbox = bullpen.inbox();
		this.refused = until(this.#inbox.supervisor, ({ phase }) => phase.type === "refused" && phase.problem);
		this.#end = this.#inbox.store.subscribe(() => this.#follow());
		this.#follow();
	}

	get id(): string {
		return this.bullpen.me.id;
	}

	/** Rooms it is in, once its inbox has answered. */
	get roomIds(): string[] {
		return [...this.#desks.keys()];
	}

	/**
	 * Says something in a room of its own accord. With a `nonce` of the act (a build's number, a day) it is said once,
	 * however often it is asked.
	 * @throws Problem
	 */
	async say(roomId: string, text: string, nonce?: string, place: { threadOf?: number } = {}): Promise<void> {
		const room = this.bullpen.room(roomId);
		try {
			await room.loaded();
			await sent(room.store, room.store.send({ text, ...place }, nonce));
		} finally {
			room.release();
		}
	}

	close(): void {
		this.#end();
		for (const desk of this.#desks.values()) desk.close();
		this.#desks.clear();
		this.#inbox.release();
		this.bullpen.close();
	}

	#follow(): void {
		const { rooms, isLoaded } = this.#inbox.store.getSnapshot();
		if (!isLoaded) return;
		const here = new Set(rooms.map(({ id }) => id));
		for (const [roomId, desk] of this.#desks) {
			if (here.has(roomId)) continue;
			desk.close();
			this.#desks.delete(roomId);
		}
		for (const { id, readSeq } of rooms) {
			if (!this.#desks.has(id)) this.#desks.set(id, new Desk(this, this.#inbox.store, id, readSeq, this.#options));
		}
	}
}

/** How far back a bot reads what it missed in one room, in pages of its window. */
const MISSED_PAGES = 8;

/** What a bot does in one room: one message after the other, each once it was handled marked as read. */
class Desk {
	readonly #bot: Bot;
	readonly #inbox: InboxStore;
	readonly #roomId: string;
	readonly #options: BotOptions;
	readonly #room: Held<RoomStore>;
	readonly #end: () => void;
	#handled: number;
	#isBusy = false;
	#isClosed = false;

	constructor(bot: Bot, inbox: InboxStore, roomId: string, readSeq: number, options: BotOptions) {
		this.#bot = bot;
		this.#inbox = inbox;
		this.#roomId = roomId;
		this.#handled = readSeq;
		this.#options = options;
		this.#room = bot.bullpen.room(roomId);
		const unsubscribe = this.#room.store.subscribe(() => void this.#work());
		const ignore = this.#room.store.onCommand((called) => void this.#called(called));
		this.#end = () => {
			unsubscribe();
			ignore();
		};
		void this.#work();
	}

	close(): void {
		this.#isClosed = true;
		this.#end();
		this.#room.release();
	}

	async #work(): Promise<void> {
		if (this.#isBusy || !this.#room.store.getSnapshot().isLoaded) return;
		this.#isBusy = true;
		try {
			await this.#loadMissed();
			for (let next = this.#next(); next !== undefined && !this.#isClosed; next = this.#next()) {
				await this.#handle(next);
				this.#handled = next.id;
				this.#inbox.markRead(this.#roomId, next.id);
			}
		} catch (error) {
			this.#options.onError?.(error);
		} finally {
			this.#isBusy = false;
		}
	}

	#next(): Message | undefined {
		return this.#room.store.getSnapshot().messages.find(({ id }) => id > this.#handled);
	}

	async #loadMissed(): Promise<void> {
		for (let page = 0; page < MISSED_PAGES; page++) {
			const { messages, hasOlder } = this.#room.store.getSnapshot();
			if (!hasOlder || (messages[0]?.id ?? 0) <= this.#handled + 1) return;
			await this.#room.store.loadOlder();
		}
	}

	/** Bots do not hear each other, so that no two of them ever talk in a ring. */
	async #handle(message: Message): Promise<void> {
		const { onMessage, onError } = this.#options;
		if (onMessage === undefined || message.deletedAt !== undefined || isBotId(message.sender)) return;
		try {
			await onMessage(this.#heard(message), this.#bot);
		} catch (error) {
			onError?.(error);
		}
	}

	/** Calls do not wait for messages, nor for each other: somebody looks at the screen. */
	async #called(called: CommandCalled): Promise<void> {
		const { onCommand, onError } = this.#options;
		const { store } = this.#room;
		let replies = 0;
		const place = called.threadOf === undefined ? {} : { threadOf: called.threadOf };
		const reply = (text: string): Promise<void> =>
			sent(store, store.send({ text, ...place }, `cmd-${called.id}-${++replies}`));
		try {
			await onCommand?.({ ...called, roomId: this.#roomId, reply }, this.#bot);
		} catch (error) {
			onError?.(error);
		}
	}

	#heard(message: Message): HeardMessage {
		const { store } = this.#room;
		const own = mentionToken({ type: "person", userId: this.#bot.id });
		let replies = 0;
		const { id, threadOf } = message;
		return {
			roomId: this.#roomId,
			message,
			text: message.text.replaceAll(own, "").trim(),
			isForMe:
				store.getSnapshot().room?.visibility === "direct" || mentionsIn(message.text).userIds.includes(this.#bot.id),
			reply: async (text) => {
				const nonce = `re-${id}-${++replies}`;
				const place = threadOf === undefined ? { replyTo: id } : { threadOf };
				await sent(store, store.send({ text, ...place }, nonce)).catch((error: unknown) => {
					// It was said before this bot was stopped, in other words.
					if (problemIn(error)?.code !== "nonce_reused") throw error;
				});
			},
			react: async (emoji) => {
				const { reactions } = store.getSnapshot().messages.find((one) => one.id === id) ?? message;
				const isThere = reactions.some((one) => one.emoji === emoji && one.userIds.includes(this.#bot.id));
				if (!isThere) await store.toggleReaction(id, emoji);
			},
		};
	}
}

/** Resolves when the server has taken it. @throws Problem when it refused */
async function sent(store: RoomStore, nonce: string): Promise<void> {
	await until(store, ({ outgoing }) => {
		const entry = outgoing.find((one) => one.nonce === nonce);
		if (entry?.state.type !== "failed") return entry === undefined || entry.state.type === "sent";
		store.discard(nonce);
		throw entry.state.problem;
	});
}
