import type { EventPayload } from "@bullpen/domain/wire";
import type { ClientLimits, Clock } from "./limits.ts";
import { OthersTyping, OwnTyping } from "./typing.ts";

interface Options {
	/** Whose page this is. */
	readonly userId: string;
	readonly limits: ClientLimits;
	readonly clock: Clock;
	/** Tells the others. Nobody waits for it, and it expires by itself. */
	readonly say: (isTyping: boolean) => Promise<unknown>;
	/** Who is here now. */
	readonly read: () => Promise<{ readonly onlineUserIds: readonly string[] }>;
	readonly changed: () => void;
}

/** Who is here beside us, and who writes: told only as it changes, and kept nowhere. */
export class Company {
	readonly #options: Options;
	readonly #own: OwnTyping;
	readonly #others: OthersTyping;
	#onlineUserIds: ReadonlySet<string> = new Set();

	constructor(options: Options) {
		const { limits, clock, say, changed } = options;
		this.#options = options;
		this.#own = new OwnTyping((isTyping) => void say(isTyping).catch(() => {}), limits, clock); // as `say` promises
		this.#others = new OthersTyping(changed, limits, clock);
	}

	get onlineUserIds(): ReadonlySet<string> {
		return this.#onlineUserIds;
	}

	/** Others, in the order in which they began. The same array until that changes. */
	get typingUserIds(): readonly string[] {
		return this.#others.userIds;
	}

	setTyping(isTyping: boolean): void {
		this.#own.set(isTyping);
	}

	/** What we said of our typing is over: by what we sent, or with the connection. */
	forgetTyping(): void {
		this.#own.forget();
	}

	/** What somebody wrote is here. */
	wrote(userId: string): void {
		this.#others.note(userId, false);
	}

	heardTyping({ userId, isTyping }: EventPayload<"chatRoom", "typing">): void {
		if (userId !== this.#options.userId) this.#others.note(userId, isTyping);
	}

	heardPresence({ userId, isOnline }: EventPayload<"chatRoom", "presence">): void {
		const online = new Set(this.#onlineUserIds);
		if (isOnline) online.add(userId);
		else online.delete(userId);
		this.show(online);
	}

	show(userIds: Iterable<string>): void {
		this.#onlineUserIds = new Set(userIds);
		this.#options.changed();
	}

	/** For a connection that is new: we were away. */
	readOnline(): void {
		this.#options.read().then(
			({ onlineUserIds }) => this.show(onlineUserIds),
			() => {}, // the feed reads on the same connection and says what is wrong
		);
	}

	closed(): void {
		this.#others.clear();
	}
}
