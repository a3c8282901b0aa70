import { RoomId, Seq } from "@bullpen/domain/id";
import { Problem } from "@bullpen/domain/problem";
import { HookInput, type ReceiveHookInput } from "@bullpen/domain/webhook";
import { z } from "zod";
import { type Endpoint, readBytes } from "./api.ts";
import { bearerIn } from "./bearer.ts";

const Said = z.strictObject({ text: z.string(), threadOf: Seq.optional() });

/**
 * `POST /api/hooks/<roomId>/<hookId>`: a program outside says something in a room. It proves that it knows the hook's secret,
 * by showing it as a bearer's token or by signing what it says (Standard Webhooks); the address alone opens nothing.
 */
export const postHook: Endpoint = async (held, request) => {
	const [roomId, id] = new URL(request.url).pathname.split("/").slice(-2);
	const address = z.object({ roomId: RoomId, hook: HookInput }).safeParse({ roomId, hook: { id } });
	if (!address.success) throw unknownHook();
	const waitMs = held.ticketRate.take(`hooks at ${request.headers.get("x-forwarded-for") ?? ""}`, Date.now());
	if (waitMs > 0) throw new Problem("rate_limited", "Too much at once from here.", { waitMs });
	const body = textOf(await readBytes(request, held.settings.limits.hookBodyBytesMax));
	const key = request.headers.get("idempotency-key");
	const said: ReceiveHookInput = {
		id: address.data.hook.id,
		proof: proofIn(request.headers, body),
		...saidIn(request.headers.get("content-type"), body),
		...(key === null ? {} : { idempotencyKey: key }),
	};
	const answer = await held.callActor("chatRoom", address.data.roomId, "receiveHook", said).catch((error: unknown) => {
		throw isNoRoom(error) ? unknownHook() : error;
	});
	return Response.json(answer, { headers: { "cache-control": "no-store" } });
};

/** @throws Problem `unauthenticated` */
function proofIn(headers: Headers, body: string): ReceiveHookInput["proof"] {
	const [messageId, timestamp, signature] = ["id", "timestamp", "signature"].map((of) => headers.get(`webhook-${of}`));
	if (messageId && signature && /^\d{1,15}$/.test(timestamp ?? "")) {
		return { type: "signature", messageId, timestamp: Number(timestamp), signature, body };
	}
	const secret = bearerIn(headers);
	if (secret === undefined) throw unknownHook();
	return { type: "secret", secret };
}

/** Words, or JSON that has them. @throws Problem `bad_input` */
function saidIn(contentType: string | null, body: string): z.infer<typeof Said> {
	const type = contentType?.split(";")[0]?.trim().toLowerCase();
	if (type === "text/plain" || type === "text/markdown") return { text: body };
	if (type !== "application/json") throw badForm("Send JSON, plain text or markdown, and say which it is.");
	const said = Said.safeParse(parsed(body));
	if (!said.success) throw badForm('Send JSON like {"text": "…"}.');
	return said.data;
}

/** @throws Problem `bad_input` */
function textOf(bytes: Buffer): string {
	try {
		return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		throw badForm("This is no text in UTF-8.");
	}
}

function parsed(json: string): unknown {
	try {
		return JSON.parse(json);
	} catch {
		return undefined; // the schema refuses it with the same words as any other wrong form
	}
}

/** Whether there is such a room is nobody's to learn here. */
const isNoRoom = (error: unknown): boolean =>
	error instanceof Problem && (error.code === "not_found" || error.details.reason === "actor/not_found");

const badForm = (sentence: string): Problem => new Problem("bad_input", sentence);
const unknownHook = (): Problem =>
	new Problem("unauthenticated", "There is no such webhook, or this does not prove that you may use it.");
