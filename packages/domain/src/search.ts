import { z } from "zod";
import { RoomId, Seq, UnixMs, UserId, Version } from "./id.ts";
import type { Limits } from "./limits.ts";
import { cleanText } from "./text.ts";

/**
 * Where a page of hits ended. Only what an answer called `next` means anything. A text, because RivetKit 2.3.19 brings
 * integers of this size as `bigint`.
 */
export const SearchPlace = z.string().regex(/^\d{1,16}$/);

/** `query` as `parseSearch` reads it; people and rooms in it by their ids. */
export const SearchInput = z.strictObject({
	query: z.string(),
	/** The `next` of the page before. */
	before: SearchPlace.optional(),
	limit: z.int().min(1).max(50).optional(),
});

/** A part of a text, in UTF-16 units. */
export const TextRange = z.strictObject({ start: z.int().min(0), length: z.int().min(1) });
export type TextRange = z.infer<typeof TextRange>;

/** A message that says what was looked for, as it is now. `snippet` is the part around the first match in `ranges`. */
export const SearchHit = z.strictObject({
	roomId: RoomId,
	roomName: z.string(),
	id: Seq,
	sender: UserId,
	timestamp: UnixMs,
	editedAt: UnixMs.optional(),
	threadOf: Seq.optional(),
	/** How many; their names are lines of what is looked through. */
	files: z.int().min(1).optional(),
	snippet: z.string(),
	ranges: z.array(TextRange),
});
export type SearchHit = z.infer<typeof SearchHit>;

/**
 * Newest first. A page may be short, even empty, while there is more: it is told as soon as it is worth it. `next` is null
 * once everything was looked at; until then everything from `scannedBackTo` on was.
 */
export const SearchHits = z.strictObject({
	hits: z.array(SearchHit),
	next: SearchPlace.nullable(),
	scannedBackTo: UnixMs.nullable(),
});
export type SearchHits = z.infer<typeof SearchHits>;

/** Service only, from a room: the current form of messages that changed after `from`, up to version `to`. */
export const NoteMessagesInput = z.strictObject({
	roomId: RoomId,
	/** Of the room's feed: another one means a restored backup, whose versions cannot be compared. */
	epoch: z.string().max(64),
	from: Version,
	to: Version,
	/** Messages below it are gone. */
	floorSeq: Seq,
	messages: z
		.array(
			z.strictObject({
				seq: Seq,
				version: Version,
				sender: UserId,
				timestamp: UnixMs,
				/** Empty for a tombstone. */
				text: z.string(),
				hasFile: z.boolean(),
			}),
		)
		.max(1_000),
});
export type NoteMessagesInput = z.infer<typeof NoteMessagesInput>;
export type NotedMessage = NoteMessagesInput["messages"][number];

/** How far the index has this room, as a version of its feed: what is above it is still to be told. */
export const Indexed = z.strictObject({ version: Version });

/** Service only, from a room: where one of its own messages says something. `userId`: who searches. */
export const FindInRoomInput = z.strictObject({ roomId: RoomId, userId: UserId, ...SearchInput.shape });
/** A message that says what was looked for, as it was indexed at `version`. */
export const Found = z.strictObject({ seq: Seq, version: Version });
export type Found = z.infer<typeof Found>;
export const FoundInRoom = z.strictObject({
	found: z.array(Found),
	next: SearchPlace.nullable(),
	scannedBackTo: UnixMs.nullable(),
});

/** Service only, from the index: what of this may this person read, and does it still say so? */
export const ShowFoundInput = z.strictObject({
	userId: UserId,
	/** When the ticket they searched with was made: removals refuse those made before them. */
	ticketAt: UnixMs,
	query: z.string(),
	found: z.array(Found).max(50),
});
export const ShownHits = z.strictObject({ hits: z.array(SearchHit) });

/** Service only, from the index: every room there is, a page at a time. */
export const ListRoomIdsInput = z.strictObject({ after: RoomId.optional() });
export const RoomIds = z.strictObject({ roomIds: z.array(RoomId), hasMore: z.boolean() });

/** What somebody looks for. @throws Problem `text_empty` `text_invalid` `text_too_long` */
export const cleanSearch = (raw: string, limits: Pick<Limits, "searchQueryCharsMax">): string =>
	cleanText(raw, limits.searchQueryCharsMax, limits.searchQueryCharsMax * 4);
