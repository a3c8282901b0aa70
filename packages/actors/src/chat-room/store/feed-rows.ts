import type { Message } from "@bullpen/domain/message";
import { MemberRow, type RoomFeedRow, RoomRow } from "@bullpen/domain/room";

/**
 * A feed row as a JSON array, the one form in which rows enter and leave the tables: whole batches go in through
 * `json_each`, and rows of several tables come out of one statement. The order of values is that of the columns below.
 */
export const MESSAGE_JSON =
	"json_array(seq, version, sender, text, timestamp, nonce, reply_to, thread_of, edited_at, deleted_at, json(reactions))";
export const MEMBER_JSON = "json_array(user_id, version, role, status, changed_at)";
export const ROOM_JSON = "json_array(id, version, name, topic, visibility, created_by, created_at)";

export const messageValues = (message: Message): unknown[] => [
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
	message.reactions,
];
export const memberValues = (row: MemberRow): unknown[] => [row.id, row.version, row.role, row.status, row.changedAt];
export const roomValues = (row: RoomRow): unknown[] => [
	row.id,
	row.version,
	row.name,
	row.topic,
	row.visibility,
	row.createdBy,
	row.createdAt,
];

type Values = [number, number, string, string, number, ...unknown[]];

export function readMessage(body: string): Message {
	const [id, version, sender, text, timestamp, nonce, replyTo, threadOf, editedAt, deletedAt, reactions] = JSON.parse(
		body,
	) as Values; // made by MESSAGE_JSON from columns of these types
	const optional = { nonce, replyTo, threadOf, editedAt, deletedAt };
	const given = Object.entries(optional).filter(([, value]) => value !== null);
	const required = { kind: "message", id, version, sender, text, timestamp, reactions };
	return { ...required, ...Object.fromEntries(given) } as Message; // a row that was valid when it was written
}

export function readFeedRow(kind: string, body: string): RoomFeedRow {
	if (kind === "message") return readMessage(body);
	const values: unknown[] = JSON.parse(body);
	if (kind === "member") {
		const [id, version, role, status, changedAt] = values;
		return MemberRow.parse({ kind, id, version, role, status, changedAt });
	}
	const [id, version, name, topic, visibility, createdBy, createdAt] = values;
	return RoomRow.parse({ kind, id, version, name, topic, visibility, createdBy, createdAt });
}
