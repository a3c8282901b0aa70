import { z } from "zod";
import { UnixMs, UserId } from "./id.ts";
import type { ActorName } from "./identity.ts";
import { Problem } from "./problem.ts";

/** What a bot's token lets it do, in the rooms that it was invited to. */
export const BotScope = z.enum(["read", "write", "react", "commands"]);
export type BotScope = z.infer<typeof BotScope>;
/** Each at most once. Empty: the bot does nothing by itself; webhooks may still speak as it. */
const BotScopes = z
	.array(BotScope)
	.max(BotScope.options.length)
	.refine((scopes) => new Set(scopes).size === scopes.length, "each scope once");

/** Ids of bots look different from those of people, so that everything that keeps an id knows what it belongs to. */
const BOT_ID = /^b-[a-z0-9]{1,62}$/;
export const BotId = UserId.regex(BOT_ID);
export const isBotId = (userId: string): boolean => BOT_ID.test(userId);

/** Where bots may go at all. */
export const BOT_ACTORS: ReadonlySet<ActorName> = new Set(["chatRoom", "userInbox", "directory"]);

/** What a bot's owner keeps secret: `bpb_` and 160 random bits in RFC 4648's base 32. Only its SHA-256 is kept. */
export const BotToken = z.string().regex(/^bpb_[a-z2-7]{32}$/);
const TokenHash = z.string().regex(/^[0-9a-f]{64}$/);

/** A bot as the owners of the server see it; its name, picture and state are those of its `PersonRow`. */
export const BotView = z.strictObject({
	userId: BotId,
	scopes: BotScopes,
	createdBy: UserId,
	createdAt: UnixMs,
	/** Null: it has none, so it gets nowhere. */
	tokenMadeAt: UnixMs.nullable(),
	/** When it last asked for tickets, exact to the minute; null before it ever did. */
	usedAt: UnixMs.nullable(),
});
export type BotView = z.infer<typeof BotView>;

export const CreateBotInput = z.strictObject({ name: z.string(), scopes: BotScopes });
export const BotInput = z.strictObject({ userId: BotId });
export const UpdateBotInput = z.strictObject({
	userId: BotId,
	name: z.string().optional(),
	scopes: BotScopes.optional(),
});
export const SetBotActiveInput = z.strictObject({ userId: BotId, isActive: z.boolean() });
export const BotList = z.strictObject({ bots: z.array(BotView) });
/** The token is told this once. */
export const CreatedBot = z.strictObject({ bot: BotView, token: BotToken });
/** Service only, from the web: somebody shows a token, which is passed on by its hash. */
export const RedeemBotInput = z.strictObject({ tokenHash: TokenHash });
export const RedeemedBot = z.strictObject({ userId: BotId, name: z.string(), scopes: BotScopes });
/** Service only, from a room that is about to let it in, or to speak as it. */
export const BotState = z.strictObject({ isActive: z.boolean(), name: z.string(), commands: z.array(z.string()) });

interface Caller {
	readonly userId: string;
	readonly scopes?: readonly BotScope[] | undefined;
}

/** What somebody's token is limited to; undefined for people. A bot that shows no scopes has none. */
export const scopesOf = ({ userId, scopes }: Caller): readonly BotScope[] | undefined =>
	scopes ?? (isBotId(userId) ? [] : undefined);

/** Whether somebody may be told what is said to everybody they are with. */
export const hearsEverything = (caller: Caller): boolean => scopesOf(caller)?.includes("read") ?? true;

/** Unknown, renewed and withdrawn tokens, and those of bots that were closed, are refused alike. */
export const tokenIsClosed = (): Problem =>
	new Problem("unauthenticated", "This token is unknown or was withdrawn. An owner of this server can make another.");
