import { notOpenToYou } from "@bullpen/domain/authorization";
import type { Message } from "@bullpen/domain/message";
import { checkDistinct, type MessageAttachment } from "@bullpen/domain/message-attachment";
import { Problem } from "@bullpen/domain/problem";
import type { VisitorInput } from "@bullpen/domain/room";
import { InsistentAlarm } from "../alarm.ts";
import type { Frame } from "../frame.ts";
import type { Person } from "../identity.ts";
import type { Room, RoomDraft } from "./room.ts";
import { fileKey, findAttachment, findTaken, readKept, readToRemove, setRemoved } from "./store/files.ts";

/** What a room has to do with bytes: nothing but to let them go. */
export interface FileShelf {
	/** A file of one of this room's messages, with all that was made of it. Twice is once. */
	remove(attachmentId: string): Promise<void>;
}

/** Of a random place of an index, which the store rewrites. */
const PAGE_BYTES = 4096;

/** Bytes of so many files are let go before it is noted. */
const REMOVED_AT_ONCE = 50;

/**
 * Lets go of the bytes of messages that are no more: what is to go is kept in the same commit as the message's end, and an
 * alarm that was set before it sees to it even if this process dies.
 */
export class Files {
	readonly alarm: InsistentAlarm;
	readonly #frame: Frame<unknown>;
	readonly #room: Room;
	readonly #shelf: FileShelf;
	#removing: Promise<void> | undefined;

	constructor(frame: Frame<unknown>, room: Room, shelf: FileShelf) {
		this.#frame = frame;
		this.#room = room;
		this.#shelf = shelf;
		this.alarm = new InsistentAlarm(frame, "filesAlarm", room.now, room.limits);
	}

	/** Takes up what an earlier life left. */
	async wake(): Promise<void> {
		await this.alarm.restore();
		if ((await readToRemove(this.#room.db, 1)).length > 0) this.letGo();
	}

	/** Call before a commit that ends messages with files. */
	expect(): Promise<void> {
		return this.alarm.expect();
	}

	/** Call after one: nobody waits for it. */
	letGo(): void {
		void this.#frame.keepAwake(this.#removeAll()).catch(() => undefined); // the alarm is set: it is tried again
	}

	ring(): Promise<void> {
		return this.alarm.insist("files were not removed", () => this.#removeAll());
	}

	/** All that there are: the room is about to be no more. */
	clear(): Promise<void> {
		return this.#removeEach(readKept);
	}

	#removeAll(): Promise<void> {
		this.#removing = (this.#removing ?? Promise.resolve())
			.catch(() => undefined) // whoever asked for that heard of it
			.then(() => this.#removeEach(readToRemove));
		return this.#removing;
	}

	async #removeEach(read: typeof readToRemove): Promise<void> {
		while (true) {
			const ids = await read(this.#room.db, REMOVED_AT_ONCE);
			if (ids.length === 0) return;
			for (const id of ids) await this.#shelf.remove(id);
			await setRemoved(this.#room.db, ids);
		}
	}
}

/** Somebody of whom the web says who they are, as if they had come here themselves. */
const visitorOf = (room: Room, { userId, role, ticketAgeMs }: VisitorInput): Person => {
	const now = room.now();
	return { kind: "person", userId, name: "", role, ticketAt: now - ticketAgeMs, leaseEndsAt: now };
};

/** @throws Problem `not_found` `not_member` `archived` `unauthenticated` */
export function admitAttachment(room: Room, visitor: VisitorInput): void {
	const person = visitorOf(room, visitor);
	room.door.receive(person);
	room.admit(person, "sendMessage");
}

/**
 * A file of a message, for somebody who may read it now. That there is none, and that it is not for them, is the same.
 * @throws Problem `not_found` `not_member` `unauthenticated`
 */
export async function getAttachment(
	room: Room,
	visitor: VisitorInput & { readonly attachmentId: string },
): Promise<MessageAttachment> {
	const person = visitorOf(room, visitor);
	room.door.receive(person);
	const attachment = await findAttachment(room.db, visitor.attachmentId);
	if (attachment === undefined || !room.door.mayRead(person)) throw notOpenToYou();
	return attachment;
}

/**
 * What the web kept for this person and this room, and no message has taken yet.
 * @throws Problem `bad_input`
 */
export async function takeFiles(
	room: Room,
	draft: RoomDraft,
	userId: string,
	tokens: readonly string[],
): Promise<MessageAttachment[]> {
	const attachments = tokens.map((token) => room.readUpload(token, userId));
	checkDistinct(attachments);
	const ids = attachments.map(({ id }) => id);
	const isTaken =
		ids.some((id) => draft.noted(fileKey(id)) !== undefined) || (await findTaken(room.db, ids)).length > 0;
	if (isTaken) throw new Problem("bad_input", "A file of this went with another message.", { field: "attachments" });
	return attachments;
}

/** Notes that this message has them from now on. */
export function noteFiles(draft: RoomDraft, { id: seq, attachments = [] }: Message): void {
	for (const { id } of attachments) draft.note(fileKey(id), { kind: "file", id, seq }, 2 * PAGE_BYTES);
}

/** Notes that these messages are no more, with what they had. */
export function letGoOf(draft: RoomDraft, messages: readonly Message[]): void {
	const ids = messages.flatMap(({ attachments = [] }) => attachments.map(({ id }) => id));
	if (ids.length > 0) draft.note(`goneFiles ${draft.counters.version}`, { kind: "goneFiles", ids });
}
