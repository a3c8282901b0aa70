import { z } from "zod";
import { Problem } from "./problem.ts";

/** A file of a message has an id that nobody guesses. */
export const MessageAttachmentId = z.string().regex(/^f-[0-9a-f]{30}$/);

/**
 * A file of a message: `bytes` of it, its type by what is in it and never by its name. With `width` and `height`, pixels as
 * it is to be seen, it is a picture that may be shown and has a thumbnail; anything else is to be kept, not opened.
 */
export const MessageAttachment = z.strictObject({
	id: MessageAttachmentId,
	name: z.string().min(1).max(200),
	mimeType: z
		.string()
		.max(100)
		.regex(/^[a-z]+\/[a-z0-9.+-]+$/),
	bytes: z.int().min(1),
	width: z.int().min(1).optional(),
	height: z.int().min(1).optional(),
});
export type MessageAttachment = z.infer<typeof MessageAttachment>;

const SHOWN: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** Whether a page may show it: anything else is to be kept, whatever it says of its size. */
export const isPicture = ({ mimeType, width }: MessageAttachment): boolean =>
	width !== undefined && SHOWN.has(mimeType);

/** `POST /api/files`: a file that waits for a message of the same person in the same room, which takes it by its token. */
export const UploadedAttachment = z.strictObject({ attachment: MessageAttachment, token: z.string().max(4_096) });
export type UploadedAttachment = z.infer<typeof UploadedAttachment>;

/** Most files of one message. */
export const MESSAGE_ATTACHMENTS_MAX = 10;

/** What a line of text tells of a message: its words, or the names of its files where it has none. */
export const wordsOf = (text: string, attachments: readonly MessageAttachment[] | undefined): string =>
	text === "" && attachments !== undefined ? `📎 ${attachments.map(({ name }) => name).join(", ")}` : text;

/** What is looked through for a message: its words and the names of its files, each on a line. */
export const findableText = (text: string, attachments: readonly MessageAttachment[] | undefined): string =>
	[...(text === "" ? [] : [text]), ...(attachments ?? []).map(({ name }) => name)].join("\n");

/** A file goes with one message, once. @throws Problem `bad_input` */
export const checkDistinct = (attachments: readonly MessageAttachment[]): void => {
	if (new Set(attachments.map(({ id }) => id)).size === attachments.length) return;
	throw new Problem("bad_input", "A file goes with a message once.", { field: "attachments" });
};
