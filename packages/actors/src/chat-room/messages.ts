import { hash } from "node:crypto";
import { mentionsIn } from "@bullpen/domain/mention";
import type { Message, SendMessageInput } from "@bullpen/domain/message";
import {
	checkReplyTo,
	cleanEmoji,
	cleanMessageText,
	deleted,
	edited,
	noSuchMessage,
	reactionToggled,
	stampAfter,
} from "@bullpen/domain/message-rules";
import { Problem } from "@bullpen/domain/problem";
import { RoomRole } from "@bullpen/domain/room";
import {
	addToHash,
	canonicalMessage,
	digestPrefix,
	hashText,
	parseHash,
	removeFromHash,
} from "@bullpen/domain/room-hash";
import {
	checkThreadRoot,
	followed,
	followsBy,
	followsChosen,
	replied,
	replyDeleted,
} from "@bullpen/domain/thread-rules";
import type { ActionName } from "@bullpen/domain/wire";
import type { Person } from "../identity.ts";
import { letGoOf, noteFiles, takeFiles } from "./files.ts";
import { noteHookEvent } from "./hooks/hook-events.ts";
import type { Room, RoomDraft } from "./room.ts";
import { type Follow, followKey } from "./store/followers.ts";
import { type Send, sendKey } from "./store/nonces.ts";
import { readMessageAt } from "./store/reads.ts";
import { LEDGER_KEY, type Ledger, type RoomExtra } from "./store/room-store.ts";

/** Bytes of a page: what a row at a random place of an index makes the store rewrite. */
const PAGE = 4096;

/** @throws Problem `text_*` `bad_input` `not_found` `not_member` `nonce_reused` `busy` */
export function sendMessage(room: Room, person: Person, input: SendMessageInput): Promise<Message> {
	const { nonce, replyTo, threadOf, alsoInRoom = false, attachments: tokens = [] } = input;
	const text = cleanMessageText(input.text, room.limits, tokens.length > 0);
	if (alsoInRoom && threadOf === undefined) {
		throw new Problem("bad_input", "Only a reply in a thread is shown in the room, too.", { field: "alsoInRoom" });
	}
	const key = nonce === undefined ? undefined : sendKey(person.userId, nonce);
	const more = [...(alsoInRoom ? [true] : []), ...(tokens.length > 0 ? [tokens] : [])];
	const said = [text, replyTo ?? null, threadOf ?? null, ...more];
	const textHash = hash("sha256", JSON.stringify(said)).slice(0, 32);
	return room.writer.write(async (draft) => {
		room.admit(person, "sendMessage", draft);
		const known = key === undefined ? undefined : (draft.noted(key) ?? (await sentWithFiles(room, key, tokens)));
		if (known?.kind === "send") return sentBefore(room, draft, known, { ...input, text }, textHash);
		checkReplyTo(replyTo, draft.counters.seq);
		const root = threadOf === undefined ? undefined : checkThreadRoot(await findMessage(room, draft, threadOf));
		const attachments = tokens.length === 0 ? [] : await takeFiles(room, draft, person.userId, tokens);
		const timestamp = stampAfter(ledgerOf(room, draft).lastAt, room.now());
		const message = putMessage(room, draft, {
			kind: "message",
			id: draft.nextSeq(),
			version: 0,
			sender: person.userId,
			text,
			timestamp,
			...(nonce === undefined ? {} : { nonce }),
			...(replyTo === undefined ? {} : { replyTo }),
			...(threadOf === undefined ? {} : { threadOf }),
			...(alsoInRoom ? { alsoInRoom } : {}),
			reactions: [],
			...(attachments.length === 0 ? {} : { attachments }),
		});
		noteFiles(draft, message);
		noteHookEvent(room, draft, "sendMessage", message, person.userId);
		if (root !== undefined) putReplied(room, draft, root, message);
		if (key !== undefined && nonce !== undefined) {
			draft.note(key, { kind: "send", author: person.userId, nonce, seq: message.id, textHash, timestamp }, PAGE);
		}
		return message;
	}, key);
}

/** Files are taken once, so that a send with files that comes again has to be known before it asks for them. */
async function sentWithFiles(room: Room, key: string, tokens: readonly string[]): Promise<RoomExtra | undefined> {
	return tokens.length === 0 ? undefined : (await room.store.find([key])).get(key);
}

/** The answer to a send that took place already: the message as it is now, or as it was if it has been pruned. */
async function sentBefore(
	room: Room,
	draft: RoomDraft,
	send: Send,
	input: SendMessageInput,
	textHash: string,
): Promise<Message> {
	if (send.textHash !== textHash) {
		throw new Problem("nonce_reused", "This nonce was used for another message.", { id: send.seq });
	}
	const current = await findMessage(room, draft, send.seq);
	if (current !== undefined) return current;
	const { seq: id, author: sender, timestamp } = send;
	const { alsoInRoom, attachments: _gone, ...rest } = input;
	const more = alsoInRoom === true ? { alsoInRoom } : {};
	return { kind: "message", version: 0, reactions: [], ...rest, ...more, id, sender, timestamp };
}

function putReplied(room: Room, draft: RoomDraft, root: Message, reply: Message): void {
	const after = replied(root, reply, calledIn(room, reply.text), room.limits);
	for (const { userId, from } of followsBy(root, after, reply)) {
		noteFollow(draft, { kind: "follow", rootId: root.id, userId, from, version: reply.version });
	}
	putMessage(room, draft, after, root);
}

const noteFollow = (draft: RoomDraft, follow: Follow): void =>
	draft.note(followKey(follow.rootId, follow.userId), follow, 2 * PAGE);

/** Who follows the thread of a message that comes from an archive has read it. */
export function noteFollowers(draft: RoomDraft, { id, version, thread }: Message): void {
	for (const userId of thread?.followerIds ?? []) {
		const from = Math.max(id, thread?.lastId ?? 0);
		noteFollow(draft, { kind: "follow", rootId: id, userId, from, version });
	}
}

/** Whom a reply calls into its thread: people of the room. */
const calledIn = (room: Room, text: string): string[] =>
	mentionsIn(text, room.limits.mentionsPerMessageMax).userIds.filter(
		(userId) => room.memberOf(userId)?.status === "joined",
	);

/** @throws Problem `text_*` `not_found` `not_member` `forbidden` */
export function editMessage(room: Room, person: Person, input: { id: number; text: string }): Promise<Message> {
	const text = cleanMessageText(input.text, room.limits, true);
	return changeMessage(room, person, "editMessage", input.id, (message) =>
		edited(message, person.userId, text, room.now()),
	);
}

/** @throws Problem `not_found` `not_member` `forbidden` */
export function deleteMessage(room: Room, person: Person, input: { id: number }): Promise<Message> {
	return changeMessage(room, person, "deleteMessage", input.id, async (message, role, draft) => {
		const tombstone = deleted(message, person.userId, role, room.now());
		if (tombstone !== message) letGoOf(draft, [message]);
		const root =
			tombstone === message || message.threadOf === undefined
				? undefined
				: await findMessage(room, draft, message.threadOf);
		if (root !== undefined) putMessage(room, draft, replyDeleted(root), root);
		return tombstone;
	});
}

/** @throws Problem `bad_input` `not_found` `not_member` */
export function followThread(
	room: Room,
	person: Person,
	input: { id: number; isFollowing: boolean },
): Promise<Message> {
	const { userId } = person;
	return changeMessage(room, person, "followThread", input.id, (message, _, draft) => {
		const after = followed(message, userId, input.isFollowing, room.limits);
		const version = draft.counters.version + 1; // of the row that is put next
		for (const chosen of followsChosen(message, after, userId))
			noteFollow(draft, { kind: "follow", rootId: message.id, ...chosen, version });
		return after;
	});
}

/** @throws Problem `bad_input` `not_found` `not_member` */
export function toggleReaction(room: Room, person: Person, input: { id: number; emoji: string }): Promise<Message> {
	const emoji = cleanEmoji(input.emoji, room.limits);
	return changeMessage(room, person, "toggleReaction", input.id, (message) =>
		reactionToggled(message, person.userId, emoji, room.limits),
	);
}

/** A message in its next form. `rule` answers with the same object when nothing changes. */
export function changeMessage(
	room: Room,
	person: Person,
	action: ActionName<"chatRoom">,
	id: number,
	rule: (message: Message, role: RoomRole, draft: RoomDraft) => Message | Promise<Message>,
): Promise<Message> {
	return room.writer.write(async (draft) => {
		const role = RoomRole.parse(room.admit(person, action, draft));
		const before = await findMessage(room, draft, id);
		if (before === undefined) throw noSuchMessage();
		const after = await rule(before, role, draft);
		if (after === before) return before;
		const message = putMessage(room, draft, after, before);
		noteHookEvent(room, draft, action, message, person.userId);
		return message;
	});
}

async function findMessage(room: Room, draft: RoomDraft, seq: number): Promise<Message | undefined> {
	const pending = draft.pending("message", seq);
	return pending?.kind === "message" ? pending : readMessageAt(room.db, seq);
}

/** Puts a message's next form and keeps the hash true. Only what changes somebody's unread count is news for inboxes. */
function putMessage(room: Room, draft: RoomDraft, next: Message, before?: Message): Message {
	const message = draft.put<Message>(next, before === undefined ? 0 : 3 * PAGE);
	const ledger = ledgerOf(room, draft);
	const isNews = before === undefined || before.deletedAt !== message.deletedAt || before.text !== message.text;
	const kept = before === undefined ? parseHash(ledger.hash) : removeFromHash(parseHash(ledger.hash), prefixOf(before));
	draft.note(LEDGER_KEY, {
		kind: "ledger",
		hash: hashText(addToHash(kept, prefixOf(message))),
		lastAt: Math.max(ledger.lastAt, message.timestamp),
		noteVersion: isNews ? message.version : ledger.noteVersion,
	});
	return message;
}

export function ledgerOf(room: Room, draft: RoomDraft): Ledger {
	const noted = draft.noted(LEDGER_KEY);
	return noted?.kind === "ledger" ? noted : room.store.ledger;
}

export const prefixOf = (message: Message): bigint => digestPrefix(hash("sha256", canonicalMessage(message), "buffer"));
