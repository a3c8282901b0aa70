import { z } from "zod";
import { BotScope } from "./bot.ts";
import { RoomId, UnixMs, UserId } from "./id.ts";
import { ServerRole } from "./identity.ts";
import { RoomRole } from "./room.ts";

/** By whom and to whom something was done. */
const toSomebody = { by: UserId, userId: UserId };

/** An act of those who run a room. `by` is missing where nobody did it: it followed from something else. */
export const RoomAct = z.discriminatedUnion("type", [
	z.strictObject({ type: z.literal("member-invited"), ...toSomebody, role: RoomRole }),
	z.strictObject({ type: z.literal("role-changed"), ...toSomebody, from: RoomRole, to: RoomRole }),
	z.strictObject({ type: z.literal("member-kicked"), ...toSomebody }),
	z.strictObject({ type: z.literal("member-banned"), ...toSomebody }),
	z.strictObject({ type: z.literal("member-unbanned"), ...toSomebody }),
	z.strictObject({ type: z.literal("ownership-passed"), by: UserId.optional(), userId: UserId }),
	z.strictObject({ type: z.literal("link-created"), by: UserId, linkId: z.string() }),
	z.strictObject({ type: z.literal("link-used"), by: UserId, linkId: z.string() }),
	z.strictObject({ type: z.literal("link-revoked"), by: UserId, linkId: z.string() }),
	z.strictObject({ type: z.literal("room-renamed"), by: UserId.optional(), from: z.string(), to: z.string() }),
	z.strictObject({ type: z.literal("topic-changed"), by: UserId, from: z.string(), to: z.string() }),
	z.strictObject({ type: z.literal("retention-changed"), by: UserId, from: z.int(), to: z.int() }),
	z.strictObject({
		type: z.literal("hook-created"),
		by: UserId,
		hookId: z.string(),
		name: z.string(),
		direction: z.enum(["incoming", "outgoing"]),
	}),
	z.strictObject({ type: z.literal("hook-started"), by: UserId, hookId: z.string(), name: z.string() }),
	z.strictObject({ type: z.literal("hook-stopped"), by: UserId.optional(), hookId: z.string(), name: z.string() }),
	z.strictObject({ type: z.literal("hook-removed"), by: UserId, hookId: z.string(), name: z.string() }),
	z.strictObject({ type: z.literal("room-archived"), by: UserId }),
	z.strictObject({ type: z.literal("room-restored"), by: UserId }),
	z.strictObject({ type: z.literal("room-exported"), by: UserId }),
]);
export type RoomAct = z.infer<typeof RoomAct>;

/** An act of those who run the server. */
export const ServerAct = z.discriminatedUnion("type", [
	z.strictObject({ type: z.literal("person-deactivated"), ...toSomebody }),
	z.strictObject({ type: z.literal("person-reactivated"), ...toSomebody }),
	z.strictObject({ type: z.literal("invitation-made"), by: UserId, role: ServerRole }),
	z.strictObject({ type: z.literal("reset-link-made"), ...toSomebody }),
	z.strictObject({ type: z.literal("room-imported"), by: UserId, roomId: RoomId, name: z.string() }),
	z.strictObject({ type: z.literal("bot-created"), ...toSomebody, scopes: z.array(BotScope) }),
	z.strictObject({ type: z.literal("bot-renamed"), ...toSomebody, from: z.string(), to: z.string() }),
	z.strictObject({
		type: z.literal("bot-scopes-changed"),
		...toSomebody,
		from: z.array(BotScope),
		to: z.array(BotScope),
	}),
	z.strictObject({ type: z.literal("bot-token-made"), ...toSomebody }),
	z.strictObject({ type: z.literal("bot-token-revoked"), ...toSomebody }),
]);
export type ServerAct = z.infer<typeof ServerAct>;

const entry = <Act extends z.ZodType>(act: Act) => z.strictObject({ id: z.int().min(1), at: UnixMs, act });
const page = <Act extends z.ZodType>(act: Act) =>
	z.strictObject({ entries: z.array(entry(act)), hasMore: z.boolean() });

/** Newest first. Nothing of it is ever changed; only the oldest go, once there are `auditKept` newer ones. */
export const RoomAuditPage = page(RoomAct);
export type RoomAuditPage = z.infer<typeof RoomAuditPage>;
export const ServerAuditPage = page(ServerAct);
export type ServerAuditPage = z.infer<typeof ServerAuditPage>;
export const NoteActInput = z.strictObject({ act: ServerAct });
