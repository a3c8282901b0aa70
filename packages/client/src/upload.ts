import { UploadedAttachment } from "@bullpen/domain/message-attachment";
import { Uploaded } from "@bullpen/domain/origin";
import { Problem, ProblemCode, ProblemDetails } from "@bullpen/domain/problem";
import { z } from "zod";
import { ConnectionLost } from "./refusal.ts";

const Refusal = z.object({ code: ProblemCode, message: z.string(), details: ProblemDetails });

interface UploadOptions {
	/** What people open: the edge. */
	readonly url: string;
	readonly file: Blob;
	readonly signal: AbortSignal;
	/** 0 to 1. */
	onProgress(done: number): void;
}

/**
 * Sends an archive for a workspace to start from; the answer is its id.
 * @throws Problem `frame_too_large` `queue_full` `forbidden` `unauthenticated` · ConnectionLost
 */
export const uploadArchive = async (options: UploadOptions): Promise<string> =>
	(await upload(options, "/api/uploads", Uploaded)).uploadId;

/**
 * Sends the archive of a room, by an owner of the server, who then asks for its import; the answer is its id.
 * @throws Problem as `uploadArchive`
 */
export const uploadRoomArchive = async (options: UploadOptions): Promise<string> =>
	(await upload(options, "/api/uploads?for=room", Uploaded)).uploadId;

/**
 * Sends a file for a message of this room that is still to be written (`RoomStore.send`).
 * @throws Problem `frame_too_large` `queue_full` `rate_limited` `text_empty` `not_found` `not_member` `archived` `unauthenticated`
 *   `busy` · ConnectionLost
 */
export const uploadFile = (options: UploadOptions & { roomId: string; name: string }): Promise<UploadedAttachment> => {
	const query = new URLSearchParams({ room: options.roomId, name: options.name });
	return upload(options, `/api/files?${query}`, UploadedAttachment);
};

/** By `XMLHttpRequest`: `fetch` does not tell how far an upload is. */
const upload = <Schema extends z.ZodType>(
	{ url, file, signal, onProgress }: UploadOptions,
	path: string,
	schema: Schema,
): Promise<z.infer<Schema>> =>
	new Promise((resolve, reject) => {
		const request = new XMLHttpRequest();
		const abort = (): void => request.abort();
		const lost = (): void => reject(new ConnectionLost("The upload broke off."));
		request.open("POST", `${url.replace(/\/$/, "")}${path}`);
		request.setRequestHeader("content-type", "application/octet-stream");
		request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0));
		request.addEventListener("error", lost);
		request.addEventListener("abort", lost);
		request.addEventListener("load", () => {
			const body = parsed(request.responseText);
			const answer = schema.safeParse(body);
			if (request.status === 200 && answer.success) return resolve(answer.data);
			const refusal = Refusal.safeParse(body);
			if (refusal.success) reject(new Problem(refusal.data.code, refusal.data.message, refusal.data.details));
			else lost();
		});
		request.addEventListener("loadend", () => signal.removeEventListener("abort", abort));
		signal.addEventListener("abort", abort);
		if (signal.aborted) lost();
		else request.send(file);
	});

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined; // whatever answered, it was not the web's API
	}
}
