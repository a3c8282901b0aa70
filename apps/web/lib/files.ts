import { cleanFileName } from "@bullpen/domain/attachment";
import { RoomId } from "@bullpen/domain/id";
import {
	isPicture,
	type MessageAttachment,
	MessageAttachmentId,
	type UploadedAttachment,
} from "@bullpen/domain/message-attachment";
import { Problem } from "@bullpen/domain/problem";
import { fileName, thumbnailName } from "@bullpen/files/blob-store";
import { z } from "zod";
import type { Endpoint } from "./api.ts";
import { announcedBytes, boundedBody } from "./body.ts";
import { fileBody } from "./file-body.ts";
import type { Identity } from "./identity.ts";
import { keepFile } from "./kept-file.ts";
import { isAbsent } from "./service-calls.ts";
import { makeAttachmentToken } from "./tickets.ts";
import { type Visitor, visitorOf } from "./visitor.ts";

const UploadQuery = z.object({ room: RoomId, name: z.string().max(1_000).default("") });

/**
 * `POST /api/files?room=…&name=…`: keeps the bytes of a file for a message of the same person in that room. What it is its
 * bytes decide. The answer has the token by which the message takes it.
 */
export const postFile: Endpoint = async (held, request) => {
	const query = UploadQuery.safeParse(Object.fromEntries(new URL(request.url).searchParams));
	if (!query.success) throw new Problem("bad_input", "Name the room that the file is for.", { field: "room" });
	const { room: roomId, name } = query.data;
	const visitor = await visitorOf(held, request.headers, roomId, "sendMessage");
	spend(held.uploadRate, visitor, "Too many files at once.");
	await ofRoom(held.callActor("chatRoom", roomId, "admitAttachment", visitor));
	const { messageFileBytesMax, messageFileSilentMs, messageFileUploadMs } = held.settings.limits;
	const bounds = { bytesMax: messageFileBytesMax, silentMs: messageFileSilentMs, wholeMs: messageFileUploadMs };
	const bytes = announcedBytes(request) ?? messageFileBytesMax;
	const { attachment } = await held.waitingFiles.during({ roomId, userId: visitor.userId, bytes }, async (id) => {
		const kept = await keepFile(held, { roomId, userId: visitor.userId, id }, boundedBody(request, bounds));
		return { bytes: kept.bytes, attachment: { id, name: cleanFileName(name), ...kept } satisfies MessageAttachment };
	});
	const token = await makeAttachmentToken(held.signer, visitor.userId, roomId, attachment, Date.now());
	return Response.json({ attachment, token } satisfies UploadedAttachment, {
		headers: { "cache-control": "no-store" },
	});
};

/**
 * `GET /api/files/<room>/<file>` and `…/thumbnail`, for whoever may read the message that has it: the room is asked every
 * time. Only pictures are shown; with `?download=1`, and anything else, it is to be kept.
 */
export const getFile: Endpoint = async (held, request) => {
	const { pathname, searchParams } = new URL(request.url);
	const [room, file, thumbnail, ...more] = pathname.split("/").slice(3);
	const [roomId, attachmentId] = [RoomId.safeParse(room), MessageAttachmentId.safeParse(file)];
	const isThumbnail = thumbnail === "thumbnail";
	const isPath = more.length === 0 && (thumbnail === undefined || isThumbnail);
	if (!roomId.success || !attachmentId.success || !isPath) throw noSuchFile();
	const visitor = await visitorOf(held, request.headers, roomId.data, "getMessages");
	spend(held.lookRate, visitor, "Too many files at once.");
	const asked = { ...visitor, attachmentId: attachmentId.data };
	const { attachment } = await ofRoom(held.callActor("chatRoom", roomId.data, "getAttachment", asked));
	const tag = `"${attachment.id}${isThumbnail ? ".thumbnail" : ""}"`;
	const isInline = isPicture(attachment) && !searchParams.has("download");
	const headers = headersOf(attachment, { tag, isInline, isThumbnail });
	if (request.headers.get("if-none-match") === tag) return new Response(null, { status: 304, headers });
	const name = (isThumbnail ? thumbnailName : fileName)(roomId.data, attachment.id);
	const blob = isThumbnail && !isPicture(attachment) ? undefined : await held.blobs.open(name);
	if (blob === undefined) throw noSuchFile();
	headers.set("content-length", String(blob.bytes));
	return new Response(fileBody(blob.stream, request), { headers });
};

/** Asked for again each time, so that a browser that somebody else uses now shows nothing of it. */
function headersOf(
	{ name, mimeType }: MessageAttachment,
	{ tag, isInline, isThumbnail }: { tag: string; isInline: boolean; isThumbnail: boolean },
): Headers {
	const type = isThumbnail ? "image/webp" : mimeType;
	return new Headers({
		"content-type": type === "text/plain" ? "text/plain; charset=utf-8" : type,
		"content-disposition": `${isInline || isThumbnail ? "inline" : "attachment"}; ${dispositionName(name)}`,
		"content-security-policy": "sandbox; default-src 'none'",
		"x-content-type-options": "nosniff",
		"cache-control": "private, no-cache",
		vary: "cookie, authorization",
		etag: tag,
	});
}

/** RFC 6266 with RFC 8187: the plain form for those who do not know the other. */
function dispositionName(name: string): string {
	const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, "_");
	const encoded = encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
	return `filename="${plain}"; filename*=UTF-8''${encoded}`;
}

function spend(rate: Identity["uploadRate"], { userId }: Visitor, sentence: string): void {
	const waitMs = rate.take(userId, Date.now());
	if (waitMs > 0) throw new Problem("rate_limited", sentence, { waitMs });
}

/** A room that was never there answers like one that is closed to whoever asks. */
async function ofRoom<Answer>(asked: Promise<Answer>): Promise<Answer> {
	try {
		return await asked;
	} catch (error) {
		throw isAbsent(error) ? noSuchFile() : error;
	}
}

const noSuchFile = (): Problem => new Problem("not_found", "There is nothing here that is open to you.");
