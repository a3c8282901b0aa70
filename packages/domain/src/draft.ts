import { z } from "zod";
import { Nonce, UnixMs, Version } from "./id.ts";

/** Where something is being written: a room, or a thread of it as `<room>/<first message>`. */
export const DraftPlace = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}(\/[1-9][0-9]{0,14})?$/);

/**
 * What its person has begun to write somewhere. `id` is one of a fixed number of slots, which are used again: a place that
 * is in none has nothing to tell. An empty text was sent or taken back; a slot without a place was let go of.
 */
export const InboxDraftRow = z.strictObject({
	kind: z.literal("inboxDraft"),
	id: z.string().regex(/^\d{1,3}$/),
	version: Version,
	place: DraftPlace.nullable(),
	text: z.string(),
	savedAt: UnixMs,
	/** The page that wrote it, and its how manieth writing that was. */
	device: Nonce,
	nth: z.int().min(0),
});
export type InboxDraftRow = z.infer<typeof InboxDraftRow>;

/** `agoMs`: how long ago it was written, by the writer's own clock; an age means the same wherever that clock stands. */
export const SaveDraftInput = z.strictObject({
	place: DraftPlace,
	text: z.string(),
	agoMs: z.int().min(0),
	device: Nonce,
	nth: z.int().min(0),
});
export type SaveDraftInput = z.infer<typeof SaveDraftInput>;

/** What stands there now, or null where nothing is kept. */
export const DraftSaved = z.strictObject({ draft: InboxDraftRow.nullable() });

/** The room of a place. */
export const roomOfDraft = (place: string): string => place.split("/", 1)[0] ?? place;
