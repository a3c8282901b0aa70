import { type KeyObject, randomUUID } from "node:crypto";
import { BOT_ACTORS, type BotScope } from "@bullpen/domain/bot";
import { RoomId, UserId, WorkspaceId } from "@bullpen/domain/id";
import {
	type ActorName,
	type AttachmentClaims,
	audienceOf,
	type ServiceClaims,
	type TicketClaims,
	type TicketRequest,
	type TicketResponse,
} from "@bullpen/domain/identity";
import type { Limits } from "@bullpen/domain/limits";
import type { MessageAttachment } from "@bullpen/domain/message-attachment";
import { Problem } from "@bullpen/domain/problem";
import { SignJWT } from "jose";
import type { Person } from "./person.ts";

/** Who gets tickets. A bot's say what its token lets it do. */
export type Holder = Pick<Person, "id" | "name" | "role"> & { readonly scopes?: BotScope[] };

/** What the web signs with: its private key, and how long its words are good. */
export interface Signer {
	readonly key: KeyObject;
	readonly limits: Limits;
}

/**
 * One ticket for each actor asked for, or none at all.
 * @throws Problem `forbidden` when one of them can never be this person's to open
 */
export async function makeTickets(
	signer: Signer,
	person: Holder,
	request: TicketRequest,
	now: number,
): Promise<TicketResponse> {
	const { scopes } = person;
	for (const { actor, key } of request.actors) requireReachable(actor, key, person);
	const make = async ({ actor, key }: TicketRequest["actors"][number]) => {
		const { iat, exp } = lifetime(now, signer.limits.ticketMs);
		const claims: TicketClaims = {
			typ: "ticket",
			iss: "web",
			sub: person.id,
			aud: audienceOf(actor, key),
			name: person.name,
			role: person.role,
			...(scopes === undefined ? {} : { scopes }),
			iat,
			exp,
			jti: randomUUID(),
		};
		return { actor, key, ticket: await sign(signer, claims), expiresAt: exp * 1000 };
	};
	const tickets = await Promise.all(request.actors.map(make));
	return { tickets, user: { id: person.id, name: person.name, role: person.role } };
}

/** The web's own word to an actor. */
export function makeServiceToken(signer: Signer, actor: ActorName, key: string, now: number): Promise<string> {
	const { iat, exp } = lifetime(now, signer.limits.serviceTokenMs);
	const aud = audienceOf(actor, key);
	const claims: ServiceClaims = { typ: "service", iss: "web", sub: "web", aud, iat, exp, jti: randomUUID() };
	return sign(signer, claims);
}

/** What the web says of a file that it keeps, to the room that it is for. */
export function makeAttachmentToken(
	signer: Signer,
	userId: string,
	roomId: string,
	attachment: MessageAttachment,
	now: number,
): Promise<string> {
	const { iat, exp } = lifetime(now, signer.limits.messageFileWaitsMs);
	const aud = audienceOf("chatRoom", roomId);
	return sign(signer, { typ: "attachment", iss: "web", sub: userId, aud, iat, exp, attachment });
}

const KEY = { chatRoom: RoomId, userInbox: UserId, workspace: WorkspaceId, directory: UserId, search: UserId } as const;

function requireReachable(actor: ActorName, key: string, { id: userId, scopes }: Holder): void {
	const isKey = KEY[actor].safeParse(key).success;
	const isTheirs = actor !== "userInbox" || key === userId;
	const isTheOne = (actor !== "directory" && actor !== "search") || key === "main";
	const isForThem = scopes === undefined || BOT_ACTORS.has(actor);
	if (!(isKey && isTheirs && isTheOne && isForThem))
		throw new Problem("forbidden", "There is no ticket for that.", { actor });
}

/** Seconds, as RFC 7519 has them. */
function lifetime(now: number, forMs: number): { iat: number; exp: number } {
	const iat = Math.floor(now / 1000);
	return { iat, exp: iat + Math.ceil(forMs / 1000) };
}

const sign = (signer: Signer, claims: TicketClaims | ServiceClaims | AttachmentClaims): Promise<string> =>
	new SignJWT(claims).setProtectedHeader({ alg: "EdDSA", typ: "JWT" }).sign(signer.key);
