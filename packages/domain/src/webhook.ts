import { z } from "zod";
import { BotId } from "./bot.ts";
import { Seq, UnixMs, UserId } from "./id.ts";
import type { Limits } from "./limits.ts";
import { Problem } from "./problem.ts";
import { cleanName } from "./text.ts";

/** What a room tells other programs of. Names as they stand in `type` of what is sent (Standard Webhooks). */
export const HookEvent = z.enum(["message.added", "message.edited", "message.deleted", "reaction.changed"]);
export type HookEvent = z.infer<typeof HookEvent>;

const HookId = z.string().regex(/^h-[0-9a-f]{30}$/);
/** Standard Webhooks: `whsec_` and the base64 of the key of its HMAC-SHA256, here 32 random bytes. */
const HookSecret = z.string().regex(/^whsec_[A-Za-z0-9+/]{43}=$/);

const made = { id: HookId, name: z.string(), createdBy: UserId, createdAt: UnixMs };
/** Lets a program outside say something in a room, as one of the room's bots. */
export const IncomingHook = z.strictObject({
	type: z.literal("incoming"),
	...made,
	botId: BotId,
	/** Why nothing comes in by it; it is in use without one. */
	disabledAt: UnixMs.optional(),
	/** Exact to the minute. */
	usedAt: UnixMs.optional(),
});
/** `by-person`: an admin of the room stopped it. The others stopped by themselves. */
const Stop = z.strictObject({ at: UnixMs, reason: z.enum(["by-person", "failed-too-long", "too-far-behind"]) });
/** Tells a program outside what happens in a room. */
export const OutgoingHook = z.strictObject({
	type: z.literal("outgoing"),
	...made,
	url: z.string(),
	events: z.array(HookEvent),
	stopped: Stop.optional(),
});
export type IncomingHook = z.infer<typeof IncomingHook>;
export type OutgoingHook = z.infer<typeof OutgoingHook>;
export const Hook = z.discriminatedUnion("type", [IncomingHook, OutgoingHook]);
export type Hook = z.infer<typeof Hook>;

export const CreateHookInput = z.discriminatedUnion("type", [
	z.strictObject({ type: z.literal("incoming"), name: z.string(), botId: BotId }),
	z.strictObject({
		type: z.literal("outgoing"),
		name: z.string(),
		url: z.string(),
		events: z.array(HookEvent).min(1).max(HookEvent.options.length),
	}),
]);
export type CreateHookInput = z.infer<typeof CreateHookInput>;
/** The secret is told this once. */
export const CreatedHook = z.strictObject({ hook: Hook, secret: HookSecret });
export const HookInput = z.strictObject({ id: HookId });
export const SetHookActiveInput = z.strictObject({ id: HookId, isActive: z.boolean() });

/** How telling goes. `waiting`: events that are not delivered; `failingSince`: nothing was since then. */
const Progress = z.strictObject({
	waiting: z.int().min(0),
	failingSince: UnixMs.optional(),
	retryAt: UnixMs.optional(),
});
export type Progress = z.infer<typeof Progress>;
/** The oldest first. */
export const HookList = z.strictObject({
	hooks: z.array(z.strictObject({ hook: Hook, progress: Progress.optional() })),
});
export type HookList = z.infer<typeof HookList>;

export const GetDeliveriesInput = z.strictObject({
	id: HookId,
	before: z.int().min(1).optional(),
	limit: z.int().min(1).max(100).optional(),
});
/** One try. `status`: what was answered; without one nothing was, and `failure` says why. */
export const Delivery = z.strictObject({
	id: z.int().min(1),
	eventId: z.string(),
	event: HookEvent,
	attempt: z.int().min(1),
	at: UnixMs,
	tookMs: z.int().min(0),
	outcome: z.enum(["delivered", "retried", "given-up"]),
	status: z.int().optional(),
	failure: z.enum(["address-refused", "name-unknown", "not-reached", "timed-out"]).optional(),
});
export type Delivery = z.infer<typeof Delivery>;
/** Newest first. */
export const Deliveries = z.strictObject({ deliveries: z.array(Delivery), hasMore: z.boolean() });
export type Deliveries = z.infer<typeof Deliveries>;

/** Service only, from the web: what came for a hook, and how its sender proves that they know its secret. */
export const ReceiveHookInput = z.strictObject({
	id: HookId,
	proof: z.discriminatedUnion("type", [
		z.strictObject({ type: z.literal("secret"), secret: z.string().max(100) }),
		z.strictObject({
			type: z.literal("signature"),
			messageId: z.string().min(1).max(256),
			/** Seconds since 1970. */
			timestamp: z.int(),
			signature: z.string().max(1_000),
			/** What was signed, as it came. */
			body: z.string(),
		}),
	]),
	text: z.string(),
	threadOf: Seq.optional(),
	/** The same twice is said once, for ever. */
	idempotencyKey: z.string().min(1).max(256).optional(),
});
export type ReceiveHookInput = z.infer<typeof ReceiveHookInput>;
export const ReceivedHook = z.strictObject({ messageId: Seq });

/**
 * Where an outgoing hook may lead, as far as its words say; where its name leads is looked at when it is told.
 * @throws Problem `bad_input`
 */
export function cleanHookUrl(raw: string, limits: Pick<Limits, "hookUrlCharsMax">): string {
	const refused = (sentence: string): Problem => new Problem("bad_input", sentence, { field: "url" });
	const url = raw.trim();
	if (url.length > limits.hookUrlCharsMax) throw refused("This address is too long.");
	if (!/^https?:\/\//i.test(url)) throw refused("An address begins with https:// or http://.");
	if (/^https?:\/\/[^/?#]*@/i.test(url)) throw refused("An address holds no name and no password.");
	if (!Address.safeParse(url).success || !/^[!-~]+$/.test(url)) throw refused("This is no address of a program.");
	return url.replace(/#.*$/, "");
}

const Address = z.url({ protocol: /^https?$/ });

/** @throws Problem `text_*` */
export const cleanHookName = (raw: string, limits: Pick<Limits, "hookNameCharsMax">): string =>
	cleanName(raw, limits.hookNameCharsMax);

/** Whether a signed request is of now: what was overheard is good for nothing later. `timestamp` in seconds. */
export const isWithinReplayWindow = (
	timestamp: number,
	now: number,
	{ hookReplayMs }: Pick<Limits, "hookReplayMs">,
): boolean => Math.abs(now - timestamp * 1000) <= hookReplayMs;

type Answered = Pick<Delivery, "status" | "failure">;

/** What an answer means. `gone` ends the hook (Standard Webhooks: 410). */
export function meaningOf({ status }: Answered): "delivered" | "gone" | "refused" | "failed" {
	if (status === undefined) return "failed";
	if (status >= 200 && status < 300) return "delivered";
	if (status === 410) return "gone";
	const mayPass = status === 408 || status === 429 || status >= 500 || status < 400;
	return mayPass ? "failed" : "refused";
}

/**
 * How long to wait before the next try, after so many failed ones: twice as long each time, up to a limit, between half and
 * all of it by `chance` (0 to 1), so that what failed together does not come back together.
 */
export function hookRetryMs(
	failures: number,
	chance: number,
	{ hookRetryMinMs, hookRetryMaxMs }: Pick<Limits, "hookRetryMinMs" | "hookRetryMaxMs">,
): number {
	const full = Math.min(hookRetryMaxMs, hookRetryMinMs * 2 ** Math.min(failures - 1, 30));
	return Math.round(full * (0.5 + chance / 2));
}
