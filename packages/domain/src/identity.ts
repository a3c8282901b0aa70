import { z } from "zod";
import { BotScope } from "./bot.ts";
import { UserId } from "./id.ts";
import { MessageAttachment } from "./message-attachment.ts";

export const ActorName = z.enum(["chatRoom", "userInbox", "workspace", "directory", "search"]);
export type ActorName = z.infer<typeof ActorName>;

/** What an account may do on the whole server. */
export const ServerRole = z.enum(["owner", "member", "guest"]);
export type ServerRole = z.infer<typeof ServerRole>;

/** Who a token is for: one actor, one key. Keys are one segment, so the text is unambiguous. */
export const audienceOf = (actor: ActorName, key: string): string => `${actor}:${key}`;

/** Payload of the Ed25519 JWT that the web makes for a person and one actor. `iat` and `exp` are seconds (RFC 7519). */
export const TicketClaims = z.object({
	typ: z.literal("ticket"),
	iss: z.literal("web"),
	sub: UserId,
	aud: z.string(),
	name: z.string(),
	role: ServerRole,
	/** Of a bot: what its token lets it do. People have none. */
	scopes: z.array(BotScope).optional(),
	iat: z.number(),
	exp: z.number(),
	jti: z.string(),
});
export type TicketClaims = z.infer<typeof TicketClaims>;

/** Payload of the token by which trusted processes call actors. `sub` is the caller: `chatRoom:r-1`, `web`, `server`. */
export const ServiceClaims = z.object({
	typ: z.literal("service"),
	iss: z.enum(["web", "actors", "edge"]),
	sub: z.string(),
	aud: z.string(),
	iat: z.number(),
	exp: z.number(),
	jti: z.string(),
});
export type ServiceClaims = z.infer<typeof ServiceClaims>;

/**
 * Payload of the JWT by which the web says what it keeps for a message: whose upload it is (`sub`), for which room (`aud`).
 * The room believes it alone, so that nobody asserts what a file is.
 */
export const AttachmentClaims = z.object({
	typ: z.literal("attachment"),
	iss: z.literal("web"),
	sub: UserId,
	aud: z.string(),
	iat: z.number(),
	exp: z.number(),
	attachment: MessageAttachment,
});
export type AttachmentClaims = z.infer<typeof AttachmentClaims>;

/** Connection params of every actor: exactly one token, in headers or the subprotocol, never in a URL. */
export const ConnParams = z.union([z.strictObject({ ticket: z.string() }), z.strictObject({ service: z.string() })]);
export type ConnParams = z.infer<typeof ConnParams>;

/** `POST /api/ticket`: one ticket for each actor asked for. */
export const TicketRequest = z.strictObject({
	actors: z
		.array(z.strictObject({ actor: ActorName, key: z.string().min(1).max(64) }))
		.min(1)
		.max(20),
});
export const TicketResponse = z.strictObject({
	tickets: z.array(z.strictObject({ actor: ActorName, key: z.string(), ticket: z.string(), expiresAt: z.number() })),
	user: z.strictObject({ id: UserId, name: z.string(), role: ServerRole }),
});
export type TicketRequest = z.infer<typeof TicketRequest>;
export type TicketResponse = z.infer<typeof TicketResponse>;
