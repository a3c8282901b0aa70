import type { Message } from "@bullpen/domain/message";
import { MemberRow, type RoomFeedRow, RoomRow } from "@bullpen/domain/room";

/**
 * A feed row as a JSON array, the one form in which rows enter and leave the tables: whole batches go in through
 * `json_each`, and rows of several tables come out of one statement. The order of values is that of the columns below.
 */
export const MESSAGE_JSON =
	"json_array(seq, version, sender, text, timestamp, nonce, reply_to, thread_of, edited_at, deleted_at, json(reactions), " +
	"also_in_room, json(thread), pinned_by, pinned_at, json(attachments))";
export const MEMBER_JSON = "json_array(user_id, version, role, status, changed_at)";
export const ROOM_JSON =
	"json_array(id, version, name, topic, visibility, created_by, created_at, archived_at, retention_messages)";

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
	message.alsoInRoom === true ? 1 : null,
	message.thread ?? null,
	message.pinned?.by ?? null,
	message.pinned?.at ?? null,
	message.attachments ?? null,
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
	row.archivedAt ?? null,
	row.retentionMessages ?? null,
];

type Values = [number, number, string, string, number, ...unknown[]];

export function readMessage(body: string): Message {
	const values = JSON.parse(body) as Values; // made by MESSAGE_JSON from columns of these types
	const [id, version, sender, text, timestamp, nonce, replyTo, threadOf, editedAt, deletedAt, reactions] = values;
	const [alsoInRoom, thread, by, at, attachments] = values.slice(11);
	const pinned = at === null ? null : { by, at };
	const shown = { alsoInRoom: alsoInRoom && true, thread, pinned, attachments };
	const optional = { nonce, replyTo, threadOf, editedAt, deletedAt, ...shown };
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
	const [id, version, name, topic, visibility, createdBy, createdAt, archivedAt, retentionMessages] = values;
	const archived = archivedAt === null ? {} : { archivedAt };
	const room = { kind, id, version, name, topic, visibility, createdBy, createdAt, retentionMessages };
	return RoomRow.parse({ ...room, ...archived });
}
