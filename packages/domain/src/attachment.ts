import { z } from "zod";
import { Nonce } from "./id.ts";
import type { Limits } from "./limits.ts";
import { Problem } from "./problem.ts";
import { measure } from "./text.ts";
import { picture } from "./transcript/picture.ts";
import { PICTURE_BYTES_MAX, pictureOf } from "./transcript/raster.ts";

const AttachmentId = z.string().regex(/^f-[a-z0-9-]{1,61}$/);
/** Files of a prompt by their ids, in the order in which they are told to the agent. */
export const AttachmentIds = z.array(AttachmentId).max(10);

const common = { id: AttachmentId, name: z.string(), bytes: z.int().min(1) };
/** A file that goes with a prompt, as its row tells it; `bytes` of the file. What is in it is had by `getAttachment`. */
export const Attachment = z.discriminatedUnion("type", [
	z.strictObject({ ...picture, ...common }),
	z.strictObject({ type: z.literal("text"), ...common }),
]);
export type Attachment = z.infer<typeof Attachment>;

/** What is in a file: a picture as base64, or text. Each fits one frame. */
export const AttachmentContent = z.discriminatedUnion("type", [
	z.strictObject({ type: z.literal("image"), data: z.string() }),
	z.strictObject({ type: z.literal("text"), text: z.string() }),
]);
export type AttachmentContent = z.infer<typeof AttachmentContent>;

/** Keeps a file for a prompt of the same person that is still to come. The same nonce is the same file. */
export const PutAttachmentInput = z.strictObject({ nonce: Nonce, name: z.string(), content: AttachmentContent });
export const GetAttachmentInput = z.strictObject({ attachmentId: AttachmentId });

/** The largest file. A larger picture has to be made smaller; of a larger text no agent reads all. */
export const ATTACHMENT_BYTES_MAX = PICTURE_BYTES_MAX;
/** JSON writes a control character as six bytes: a text has to fit a frame all the same. */
const JSON_BYTES_MAX = 800 * 1024;
const NAME_CHARS_MAX = 100;
const NOT_IN_NAMES = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}"*:<>?\\\|]/gv;

/** The last part of a path, without what cannot be seen or what some system takes for something else. Never empty. */
export const cleanFileName = (raw: string): string => {
	const last = raw.slice(-1_000).toWellFormed().split(/[/\\]/).at(-1) ?? "";
	const name = last
		.normalize("NFC")
		.replaceAll(NOT_IN_NAMES, "_")
		.replaceAll(/^[. ]+|[. ]+$/g, "");
	const chars = [...name];
	const ending = /\.[^.]{1,10}$/.exec(name)?.[0] ?? "";
	const short = chars.length <= NAME_CHARS_MAX ? name : chars.slice(0, NAME_CHARS_MAX - 11).join("") + ending;
	return short || "file";
};

/**
 * A file as it is kept: what is in it decides what it is, whatever its name says.
 * @throws Problem `bad_input` `text_empty` `text_invalid` `text_too_long`
 */
export const attachmentOf = (id: string, rawName: string, content: AttachmentContent): Attachment => {
	const name = cleanFileName(rawName);
	if (content.type === "text") return { type: "text", id, name, bytes: textBytes(content.text) };
	const found = pictureOf(content.data);
	if (found === null) {
		throw new Problem("bad_input", "This is no PNG, JPEG, GIF or WebP picture, or a too large one.", {
			bytesMax: ATTACHMENT_BYTES_MAX,
		});
	}
	const { data: _, ...shown } = found;
	return { ...shown, id, name };
};

function textBytes(text: string): number {
	if (text === "") throw new Problem("text_empty", "There is nothing in this file.");
	if (text.includes("\0") || !text.isWellFormed()) throw new Problem("text_invalid", "This file is not text.");
	const { bytes } = measure(text);
	if (bytes <= ATTACHMENT_BYTES_MAX && measure(JSON.stringify(text)).bytes <= JSON_BYTES_MAX) return bytes;
	throw new Problem("text_too_long", "This file is too large.", { bytes, bytesMax: ATTACHMENT_BYTES_MAX });
}

type Bounds = Pick<
	Limits,
	"attachmentsMax" | "attachmentsBytesMax" | "attachmentsWaitingBytesMax" | "attachmentsWaitingBytesPerPersonMax"
>;

/** Whether these may go with one prompt. @throws Problem `bad_input` */
export const checkAttachments = (attachments: readonly Attachment[], limits: Bounds): void => {
	const { attachmentsMax, attachmentsBytesMax } = limits;
	const bytes = attachments.reduce((sum, one) => sum + one.bytes, 0);
	if (attachments.length <= attachmentsMax && bytes <= attachmentsBytesMax) return;
	throw new Problem("bad_input", "These are too many files for one prompt, or they are too large together.", {
		attachmentsMax,
		attachmentsBytesMax,
	});
};

/**
 * Whether one more may wait, beside the bytes that are not sent yet or wait in the queue: of everybody here, and of whoever
 * keeps it.
 * @throws Problem `queue_full`
 */
export const checkWaiting = (
	waiting: { readonly all: number; readonly own: number },
	attachment: Attachment,
	limits: Bounds,
): void => {
	const { attachmentsWaitingBytesMax: bytesMax, attachmentsWaitingBytesPerPersonMax: ownBytesMax } = limits;
	if (waiting.own + attachment.bytes > ownBytesMax) {
		throw new Problem("queue_full", "Too many files of yours wait here already. Send them, or take some back.", {
			bytesMax: ownBytesMax,
		});
	}
	if (waiting.all + attachment.bytes <= bytesMax) return;
	throw new Problem("queue_full", "Too many files wait here already. Try again when the queue is shorter.", {
		bytesMax,
	});
};
