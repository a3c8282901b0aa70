import { Problem } from "@bullpen/domain/problem";
import type { z } from "zod";
import { boundedBody } from "./body.ts";
import { type Identity, identity } from "./identity.ts";
import { requireOwnOrigin } from "./origin.ts";
import { asProblem, problemResponse } from "./problem-response.ts";

/** Answers one kind of request; throws `Problem`s for refusals. */
export type Endpoint = (identity: Identity, request: Request) => Promise<Response>;

/** An endpoint as a route of Next: same origin only, and every refusal in the same shape. */
export const route =
	(endpoint: Endpoint) =>
	async (request: Request): Promise<Response> =>
		answer(await identity(), endpoint, request);

export async function answer(held: Identity, endpoint: Endpoint, request: Request): Promise<Response> {
	try {
		requireOwnOrigin(held.settings, request);
		return await endpoint(held, request);
	} catch (error) {
		const problem = asProblem(error);
		if (problem) return problemResponse(problem);
		throw error;
	}
}

const BODY_BYTES_MAX = 64 * 1024;

/** @throws Problem `bad_input`, `frame_too_large` */
export async function readBody<Schema extends z.ZodType>(schema: Schema, request: Request): Promise<z.infer<Schema>> {
	if (contentTypeOf(request) !== "application/json")
		throw new Problem("bad_input", "Send JSON, with its content type.");
	const parsed = schema.safeParse(parseJson((await readBytes(request, BODY_BYTES_MAX)).toString("utf8")));
	if (parsed.success) return parsed.data;
	const at = parsed.error.issues[0]?.path.join(".") ?? "";
	throw new Problem("bad_input", "This request does not have the expected form.", { at });
}

const contentTypeOf = (request: Request): string | undefined =>
	request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();

/** @throws Problem `frame_too_large` `bad_input` */
export async function readBytes(request: Request, bytesMax: number): Promise<Buffer> {
	const chunks: Uint8Array[] = [];
	for await (const chunk of boundedBody(request, { bytesMax })) chunks.push(chunk);
	return Buffer.concat(chunks);
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined; // the schema refuses it with the same words as any other wrong form
	}
}

/** Done, with nothing to tell. */
export const done = (headers = new Headers()): Response => {
	headers.set("cache-control", "no-store");
	return Response.json({ ok: true }, { headers });
};
