import type { Limits } from "./limits.ts";
import { Message, type ThreadSummary } from "./message.ts";
import type { MessageAttachment } from "./message-attachment.ts";
import { checkReplyTo, cleanEmoji, cleanMessageText } from "./message-rules.ts";
import { Problem } from "./problem.ts";
import type { RoomArchive } from "./room-archive.ts";

/** Clocks of two servers may differ by this much: what is later was never said. */
const AHEAD_MS = 24 * 60 * 60_000;

/**
 * The messages of an archive, looked at line by line: what a room could not have kept is refused with its line. Remembers a
 * number or two of each message, no texts.
 */
export class ArchivedMessages {
	readonly #archive: Pick<RoomArchive, "head" | "floorSeq">;
	readonly #limits: Limits;
	readonly #latest: number;
	readonly #versions = new Set<number>();
	readonly #roots = new Set<number>();
	readonly #named = new Set<string>();
	readonly #files = new Map<string, MessageAttachment>();
	#timestamp = 0;
	#pins = 0;
	#line = 0;

	/** `now`: unix ms. */
	constructor(archive: Pick<RoomArchive, "head" | "floorSeq">, now: number, limits: Limits) {
		this.#archive = archive;
		this.#limits = limits;
		this.#latest = now + AHEAD_MS;
	}

	/** Whom messages so far name by id: who wrote, reacted, pinned, followed. */
	get people(): ReadonlySet<string> {
		return this.#named;
	}

	/** Files of the messages so far, by id. */
	get files(): ReadonlyMap<string, MessageAttachment> {
		return this.#files;
	}

	/** @throws Problem `bad_input` with `line` */
	read(json: string): Message {
		this.#line += 1;
		try {
			return this.#checked(parse(json));
		} catch (error) {
			if (!(error instanceof Problem)) throw error;
			const details = { ...error.details, file: "messages.jsonl", line: this.#line };
			throw new Problem("bad_input", `messages.jsonl, line ${this.#line}: ${error.message}`, details);
		}
	}

	/** @throws Problem `bad_input` when messages are missing at the end */
	end(): void {
		const { head, floorSeq } = this.#archive;
		const missing = head.seq - floorSeq + 1 - this.#line;
		if (missing === 0) return;
		const details = { file: "messages.jsonl", line: this.#line, missing };
		throw new Problem("bad_input", `messages.jsonl: ${missing} messages are missing at its end.`, details);
	}

	#checked(message: Message): Message {
		const { head, floorSeq } = this.#archive;
		const expected = floorSeq + this.#line - 1;
		if (message.id > head.seq) throw wrong("It comes after the last one that room.json tells of.");
		if (message.id < expected) throw wrong(`Message ${message.id} was there before, or does not belong here.`);
		if (message.id > expected) throw wrong(`Messages ${expected} to ${message.id - 1} are missing.`);
		if (message.version > head.version || message.version === 0) throw wrong("The room never had this version.");
		if (this.#versions.has(message.version)) throw wrong("Another message has this version.");
		if (message.timestamp < this.#timestamp) throw wrong("It is older than the message before it.");
		if (timesOf(message).some((time) => time > this.#latest)) throw wrong("It is of a time that is still to come.");
		checkReplyTo(message.replyTo, message.id - 1);
		this.#checkThread(message);
		if (message.deletedAt === undefined) this.#checkSaid(message);
		else if (message.text !== "" || message.reactions.length > 0 || message.pinned || message.attachments) {
			throw wrong("It is deleted, and says something.");
		}
		this.#remember(message);
		return message;
	}

	#checkThread({ threadOf, alsoInRoom, thread, id }: Message): void {
		if (alsoInRoom && threadOf === undefined) throw wrong("Only a reply in a thread is shown in the room, too.");
		if (thread !== undefined && threadOf !== undefined) throw wrong("A reply in a thread begins no thread.");
		if (thread !== undefined) this.#checkSummary(thread);
		if (threadOf === undefined) return;
		const isKnown = threadOf < this.#archive.floorSeq || this.#roots.has(threadOf);
		if (threadOf >= id || !isKnown) throw wrong(`Message ${threadOf} begins no thread.`);
	}

	#checkSummary({ userIds, followerIds, lastId, count }: ThreadSummary): void {
		const { threadPeopleShown, threadFollowersMax } = this.#limits;
		const isTooLong = userIds.length > threadPeopleShown || followerIds.length > threadFollowersMax;
		if (isTooLong || lastId > this.#archive.head.seq || count > this.#archive.head.seq) {
			throw wrong("No thread comes to this.");
		}
	}

	#checkSaid({ text, reactions, attachments, pinned }: Message): void {
		const limits = this.#limits;
		if (cleanMessageText(text, limits, attachments !== undefined) !== text) {
			throw wrong("A room does not keep this text as it is.");
		}
		const emoji = reactions.map((reaction) => cleanEmoji(reaction.emoji, limits));
		const isWhole = reactions.every(
			(one, at) => one.emoji === emoji[at] && one.userIds.length > 0 && isDistinct(one.userIds),
		);
		const users = reactions.reduce((sum, { userIds }) => sum + userIds.length, 0);
		const isBounded = emoji.length <= limits.reactionsPerMessageMax && users <= limits.reactionUsersPerMessageMax;
		if (!isWhole || !isBounded || !isDistinct(emoji)) throw wrong("A message does not hold these reactions.");
		if (pinned !== undefined && ++this.#pins > limits.pinsPerRoomMax)
			throw wrong("More is pinned than a room may pin.");
	}

	#remember(message: Message): void {
		this.#timestamp = message.timestamp;
		this.#versions.add(message.version);
		if (message.thread !== undefined) this.#roots.add(message.id);
		for (const userId of peopleOf(message)) this.#named.add(userId);
		if (this.#named.size > this.#limits.archivePeopleMax) throw wrong("Too many people are named up to here.");
		for (const file of message.attachments ?? []) {
			if (this.#files.has(file.id)) throw wrong("Another message has one of its files.");
			this.#files.set(file.id, file);
		}
	}
}

/** Everybody whom a message names by id; the mentions in its text are text. */
export const peopleOf = ({ sender, reactions, thread, pinned }: Message): string[] => [
	sender,
	...reactions.flatMap(({ userIds }) => userIds),
	...(thread?.userIds ?? []),
	...(thread?.followerIds ?? []),
	...(pinned === undefined ? [] : [pinned.by]),
];

const timesOf = ({ timestamp, editedAt = 0, deletedAt = 0, pinned, thread }: Message): number[] => [
	timestamp,
	editedAt,
	deletedAt,
	pinned?.at ?? 0,
	thread?.lastAt ?? 0,
];

const isDistinct = (values: readonly string[]): boolean => new Set(values).size === values.length;

function parse(json: string): Message {
	let value: unknown;
	try {
		value = JSON.parse(json);
	} catch {
		throw wrong("This is not JSON.");
	}
	const parsed = Message.safeParse(value);
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0];
	const field = issue?.path.join(".") ?? "";
	throw new Problem("bad_input", `${field === "" ? "" : `${field}: `}${issue?.message ?? "wrong"}`, { field });
}

const wrong = (sentence: string): Problem => new Problem("bad_input", sentence);
