import type { Message } from "./message.ts";
import type { MessageAttachment } from "./message-attachment.ts";

const MOD = 2n ** 64n;

/** SHA-256 of a text's UTF-8 bytes. Passed in: Node has it at once, a browser only as a promise. */
export type Sha256 = (text: string) => Uint8Array | Promise<Uint8Array>;

/**
 * The one text that stands for a message's current form: the same on every machine. Fields that rooms did not always have
 * come behind the others, by name, only where there are any: the hash of what was written before them stays.
 */
export function canonicalMessage(message: Message): string {
	const later = laterFields(message);
	return JSON.stringify([
		message.id,
		message.version,
		message.sender,
		message.text,
		message.timestamp,
		message.nonce ?? null,
		message.replyTo ?? null,
		message.threadOf ?? null,
		message.editedAt ?? null,
		message.deletedAt ?? null,
		message.reactions.map(({ emoji, userIds }) => [emoji, userIds]),
		...(later.length === 0 ? [] : [later]),
	]);
}

/** New ones are added at the end. */
const laterFields = ({ alsoInRoom, thread, pinned, attachments }: Message): unknown[] => [
	...(alsoInRoom === undefined ? [] : [["alsoInRoom"]]),
	...(thread === undefined
		? []
		: [["thread", thread.count, thread.lastId, thread.lastAt, thread.userIds, thread.followerIds]]),
	...(pinned === undefined ? [] : [["pinned", pinned.by, pinned.at]]),
	...(attachments === undefined ? [] : [["attachments", attachments.map(canonicalAttachment)]]),
];

const canonicalAttachment = ({ id, name, mimeType, bytes, width, height }: MessageAttachment): unknown[] => [
	id,
	name,
	mimeType,
	bytes,
	width ?? null,
	height ?? null,
];

/** The first eight bytes of a digest, most significant first. */
export function digestPrefix(digest: Uint8Array): bigint {
	let value = 0n;
	for (const byte of digest.subarray(0, 8)) value = (value << 8n) | BigInt(byte);
	return value;
}

/** A sum keeps no order, so rows are added, replaced and pruned one by one. */
export const addToHash = (sum: bigint, prefix: bigint): bigint => (sum + prefix) % MOD;
export const removeFromHash = (sum: bigint, prefix: bigint): bigint => (sum - prefix + MOD) % MOD;

/** Sixteen hex digits, as `getHash` answers. */
export const hashText = (sum: bigint): string => sum.toString(16).padStart(16, "0");
export const parseHash = (hash: string): bigint => BigInt(`0x${hash}`);

/** Hash of a set of messages in any order: a client compares it with `getHash` at the same head and floor. */
export async function roomHash(messages: Iterable<Message>, sha256: Sha256): Promise<string> {
	let sum = 0n;
	for (const message of messages) sum = addToHash(sum, digestPrefix(await sha256(canonicalMessage(message))));
	return hashText(sum);
}
