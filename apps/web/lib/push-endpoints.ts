import { Problem } from "@bullpen/domain/problem";
import { PutPushDeviceInput } from "@bullpen/domain/push";
import { done, type Endpoint, readBody } from "./api.ts";
import { type Identity, requirePerson } from "./identity.ts";
import { readPushKey } from "./push-key.ts";

/** `GET /api/push`: the key by which push services know this server. */
export const getPushKey: Endpoint = async (held, request) => {
	await requirePerson(held, request.headers);
	return Response.json({ publicKey: readPushKey(held.settings.keysFolder) }, NO_STORE);
};

/** `POST /api/push`: how this browser is reached, until its sign-in ends. Its own inbox alone keeps that. */
export const postPushDevice: Endpoint = async (held, request) => {
	const { person, sessionId } = await requireSlowly(held, request);
	const device = await readBody(PutPushDeviceInput.omit({ sessionId: true }), request);
	await held.register(person);
	return Response.json(
		await held.callActor("userInbox", person.id, "putPushDevice", { ...device, sessionId }),
		NO_STORE,
	);
};

/** `POST /api/push/remove`: this browser is told nothing any more. */
export const postPushRemoval: Endpoint = async (held, request) => {
	const { person, sessionId } = await requireSlowly(held, request);
	await held.callActor("userInbox", person.id, "forgetPushDevice", { sessionId });
	return done();
};

const NO_STORE = { headers: { "cache-control": "no-store" } };

async function requireSlowly(held: Identity, request: Request): ReturnType<typeof requirePerson> {
	const found = await requirePerson(held, request.headers);
	const waitMs = held.ticketRate.take(found.sessionId, Date.now());
	if (waitMs > 0) throw new Problem("rate_limited", "Too many requests at once.", { waitMs });
	return found;
}
