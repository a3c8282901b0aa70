import { uploadFile } from "@bullpen/client/upload";
import { LIMITS } from "@bullpen/domain/limits";
import { MESSAGE_ATTACHMENTS_MAX, type UploadedAttachment } from "@bullpen/domain/message-attachment";
import { Problem } from "@bullpen/domain/problem";
import { type FileDraft, FileDrafts, forgetPreview } from "../../../live/file-drafts.ts";
import { isPicture } from "../../../live/files-words.ts";
import { perLive } from "../../../live/per-live.ts";
import { StoreCache } from "../../../live/store-cache.ts";
import { wordsFor } from "../../../live/words.ts";
import { sizeOf } from "../../../ui/size.ts";
import { keepPreview } from "./previews.ts";

/** The files of a message that is being written. */
export type MessageDesk = FileDrafts<UploadedAttachment>;

const PLACES_KEPT = 40;
/** A browser has six connections to a server, and a page needs some of them. */
const AT_ONCE = 3;

/** Files that go on being sent while one looks at another room, by the place of what is written: a room, or a thread of it. */
export const roomDesks = perLive(() => new StoreCache((place) => deskOf(place.split("/")[0] ?? place), PLACES_KEPT));

const deskOf = (roomId: string): MessageDesk =>
	new FileDrafts({
		send: (file, { signal, onProgress }) => {
			if (file.size > LIMITS.messageFileBytesMax) throw new Problem("frame_too_large", "Too large.");
			if (file.size === 0) throw new Problem("text_empty", "Nothing in it.");
			return uploadFile({ url: "", roomId, name: file.name, file, signal, onProgress });
		},
		forget: () => undefined, // the server forgets what no message took
		refusal: refusalOf,
		max: MESSAGE_ATTACHMENTS_MAX,
		atOnce: AT_ONCE,
	});

/** They went with their message: a picture is shown at once where it was sent from, by what this page has of it. */
export function sendOff(desk: MessageDesk): void {
	for (const draft of desk.take()) keepShown(draft);
}

function keepShown(draft: FileDraft<UploadedAttachment>): void {
	const { state, preview } = draft;
	if (preview !== null && state.type === "kept" && isPicture(state.kept.attachment)) {
		keepPreview(state.kept.attachment.id, preview);
	} else forgetPreview(draft);
}

const FINAL: ReadonlySet<string> = new Set([
	"archived",
	"forbidden",
	"frame_too_large",
	"not_found",
	"not_member",
	"text_empty",
]);

/** Why a file did not arrive, in words, and whether trying again can change that. */
export function refusalOf(error: unknown): { reason: string; isFinal: boolean } {
	if (!(error instanceof Problem)) return { reason: "The connection broke. Try again.", isFinal: false };
	return { reason: reasonOf(error), isFinal: FINAL.has(error.code) };
}

function reasonOf(problem: Problem): string {
	switch (problem.code) {
		case "frame_too_large":
			return `Larger than ${sizeOf(LIMITS.messageFileBytesMax)}`;
		case "text_empty":
			return "There is nothing in it";
		case "queue_full":
			return "Too many files wait to be sent. Send or remove some.";
		case "forbidden":
		case "not_found":
		case "not_member":
			return "You are not in this room any more";
		default:
			return wordsFor(problem);
	}
}
