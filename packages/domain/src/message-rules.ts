import type { Limits } from "./limits.ts";
import type { Message, Reaction } from "./message.ts";
import { Problem } from "./problem.ts";
import type { RoomRole } from "./room.ts";
import { cleanText, measure } from "./text.ts";

type TextLimits = Pick<Limits, "messageTextCharsMax" | "messageTextBytesMax">;
type ReactionLimits = Pick<Limits, "reactionBytesMax" | "reactionsPerMessageMax" | "reactionUsersPerMessageMax">;

const EMOJI = /^\p{RGI_Emoji}$/v;
/** Asks for the coloured form: some keyboards leave it out. */
const EMOJI_STYLE = "\uFE0F";

/** Beside files there need be no words. @throws Problem `text_invalid` `text_empty` `text_too_long` */
export const cleanMessageText = (raw: string, limits: TextLimits, hasFiles = false): string =>
	hasFiles && raw.trim() === "" ? "" : cleanText(raw, limits.messageTextCharsMax, limits.messageTextBytesMax);

/** Time stands still rather than go back: `timestamp` never decreases with `id`, whatever the clock does. */
export const stampAfter = (lastTimestamp: number, now: number): number => Math.max(lastTimestamp, now);

/**
 * A message answers one that the room has had: deleted or pruned meanwhile, it is still what was answered.
 * @throws Problem `not_found`
 */
export function checkReplyTo(replyTo: number | undefined, headSeq: number): void {
	if ((replyTo ?? 0) > headSeq) throw noSuchMessage();
}

/**
 * The message with its author's new text; the same object when nothing changes.
 * @throws Problem `forbidden` `not_found` `text_empty`
 */
export function edited(message: Message, by: string, text: string, now: number): Message {
	if (message.sender !== by) throw new Problem("forbidden", "Only its author may edit a message.");
	refuseDeleted(message);
	if (text === "" && message.attachments === undefined) throw new Problem("text_empty", "Delete it to take it back.");
	return text === message.text ? message : { ...message, text, editedAt: stampAfter(message.timestamp, now) };
}

/**
 * The tombstone of a message: its place stays, nothing that was said does. Deleting twice changes nothing.
 * @throws Problem `forbidden`
 */
export function deleted(message: Message, by: string, role: RoomRole, now: number): Message {
	const mayDelete = message.sender === by || role === "owner" || role === "admin";
	if (!mayDelete) throw new Problem("forbidden", "Only its author, an admin or an owner may delete a message.");
	if (message.deletedAt !== undefined) return message;
	const { editedAt: _, pinned: _pin, attachments: _files, ...kept } = message;
	return { ...kept, text: "", reactions: [], deletedAt: stampAfter(message.timestamp, now) };
}

/**
 * Exactly one emoji, in the form everybody's keyboard shares.
 * @throws Problem `bad_input`
 */
export function cleanEmoji(raw: string, limits: Pick<Limits, "reactionBytesMax">): string {
	const isShort = raw.length <= limits.reactionBytesMax && measure(raw).bytes <= limits.reactionBytesMax;
	const emoji = [raw, raw + EMOJI_STYLE].find((form) => isShort && EMOJI.test(form));
	if (emoji === undefined) throw new Problem("bad_input", "A reaction is exactly one emoji.");
	return emoji;
}

/**
 * The message with this person's reaction added, or taken back if it was there.
 * @throws Problem `bad_input` `not_found`
 */
export function reactionToggled(message: Message, by: string, emoji: string, limits: ReactionLimits): Message {
	refuseDeleted(message);
	const current = message.reactions.find((reaction) => reaction.emoji === emoji);
	if (current?.userIds.includes(by)) {
		const userIds = current.userIds.filter((userId) => userId !== by);
		return { ...message, reactions: replaced(message.reactions, { emoji, userIds }) };
	}
	const users = message.reactions.reduce((sum, reaction) => sum + reaction.userIds.length, 0);
	const isFull = current === undefined && message.reactions.length >= limits.reactionsPerMessageMax;
	if (isFull || users >= limits.reactionUsersPerMessageMax) {
		throw new Problem("bad_input", "This message has all the reactions it can hold.", {
			emojiMax: limits.reactionsPerMessageMax,
			usersMax: limits.reactionUsersPerMessageMax,
		});
	}
	const reaction = { emoji, userIds: [...(current?.userIds ?? []), by] };
	return {
		...message,
		reactions: current ? replaced(message.reactions, reaction) : [...message.reactions, reaction],
	};
}

/**
 * The message pinned for everybody, or not any more; the same object when nothing changes.
 * @throws Problem `not_found`
 */
export function pinnedOrNot(message: Message, pinned: boolean, by: string, now: number): Message {
	refuseDeleted(message);
	if (pinned === (message.pinned !== undefined)) return message;
	const { pinned: _, ...unpinned } = message;
	return pinned ? { ...message, pinned: { by, at: now } } : unpinned;
}

export const noSuchMessage = (): Problem => new Problem("not_found", "There is no such message in this room.");

const replaced = (reactions: readonly Reaction[], changed: Reaction): Reaction[] =>
	reactions
		.map((reaction) => (reaction.emoji === changed.emoji ? changed : reaction))
		.filter((reaction) => reaction.userIds.length > 0);

function refuseDeleted(message: Message): void {
	if (message.deletedAt !== undefined) throw new Problem("not_found", "This message was deleted.");
}
