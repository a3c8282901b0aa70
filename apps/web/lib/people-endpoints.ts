import { UserId } from "@bullpen/domain/id";
import { cleanPersonName } from "@bullpen/domain/person-name";
import { Problem } from "@bullpen/domain/problem";
import { nameKey } from "@bullpen/domain/room-name";
import { z } from "zod";
import { requireOwner } from "./account-endpoints.ts";
import { done, type Endpoint, readBody, readBytes } from "./api.ts";
import { requirePerson } from "./identity.ts";
import { Pictures } from "./pictures.ts";

/**
 * `POST /api/people/active` by an owner: closes somebody's account, or opens it again. Closed first where sessions and
 * tickets come from, then wherever they are; it answers when they are nowhere any more.
 */
export const postActive: Endpoint = async (held, request) => {
	const owner = await requireOwner(held, request.headers);
	const { userId, isActive } = await readBody(z.strictObject({ userId: UserId, isActive: z.boolean() }), request);
	if (userId === owner.id) throw new Problem("forbidden", "Somebody else has to close your account.");
	const { internalAdapter } = await held.auth.$context;
	if (!(await internalAdapter.findUserById(userId))) throw new Problem("not_found", "There is nobody with that id.");
	await internalAdapter.updateUser(userId, { isClosed: !isActive });
	if (!isActive) await internalAdapter.deleteUserSessions(userId);
	await held.tellDirectory("setActive", { userId, isActive, by: owner.id });
	return done();
};

/** `POST /api/profile/name`: another name for oneself, which nobody else here has. */
export const postName: Endpoint = async (held, request) => {
	const { person } = await requirePerson(held, request.headers);
	const input = await readBody(z.strictObject({ name: z.string().max(1_000) }), request);
	const name = cleanPersonName(input.name, held.settings.limits);
	const { adapter, internalAdapter } = await held.auth.$context;
	const holder = await adapter.findOne<{ id: string }>({
		model: "user",
		where: [{ field: "nameKey", value: nameKey(name) }],
	});
	if (holder && holder.id !== person.id)
		throw new Problem("name_taken", "Somebody here already has that name.", { name });
	await internalAdapter.updateUser(person.id, { name, nameKey: nameKey(name) });
	await held.register({ ...person, name });
	return done();
};

/** `POST /api/profile/picture`: the bytes of a small picture, which others see instead of one's initials. */
export const postPicture: Endpoint = async (held, request) => {
	const { person } = await requirePerson(held, request.headers);
	const bytes = await readBytes(request, held.settings.limits.pictureBytesMax);
	const pictureId = await new Pictures(held.settings).put(person.id, bytes);
	await held.tellDirectory("notePicture", { userId: person.id, pictureId });
	return done();
};

/** `POST /api/profile/picture/remove`. */
export const postPictureRemoval: Endpoint = async (held, request) => {
	const { person } = await requirePerson(held, request.headers);
	await new Pictures(held.settings).remove(person.id);
	await held.tellDirectory("notePicture", { userId: person.id, pictureId: null });
	return done();
};

/** `GET /api/pictures/<id>`: somebody's picture, for whoever is signed in. Its address changes when it does. */
export const getPicture: Endpoint = async (held, request) => {
	await requirePerson(held, request.headers);
	const userId = UserId.safeParse(new URL(request.url).pathname.split("/").at(-1));
	const picture = userId.success ? await new Pictures(held.settings).get(userId.data) : undefined;
	if (picture === undefined) throw new Problem("not_found", "There is no such picture.");
	return new Response(picture.bytes, {
		headers: {
			"content-type": picture.mimeType,
			"content-security-policy": "sandbox; default-src 'none'",
			"x-content-type-options": "nosniff",
			"cache-control": "private, max-age=31536000, immutable",
		},
	});
};
