import { createHash } from "node:crypto";
import { Problem } from "@bullpen/domain/problem";
import { type Bucket, fullBucket, takeToken } from "@bullpen/domain/rate-limit";
import type { IncomingHook, ReceiveHookInput } from "@bullpen/domain/webhook";
import { isWithinReplayWindow } from "@bullpen/domain/webhook";
import type { ActionOutput } from "@bullpen/domain/wire";
import type { Person } from "../../identity.ts";
import { passingOn } from "../../peer-refusal.ts";
import { isSame, isSignedWith } from "../../webhooks/signature.ts";
import { sendMessage } from "../messages.ts";
import type { Room } from "../room.ts";
import { hookContext, hookKey } from "./hook-book.ts";

/** How fast each webhook speaks. Forgotten with the process. */
export type HookPace = Map<string, Bucket>;

/**
 * A program outside says something in a room, as the hook's bot. Whoever does not prove that they know the hook's secret
 * learns nothing, not even whether there is such a hook.
 * @throws Problem `unauthenticated` · `rate_limited` · `text_*` `archived` `not_member` `nonce_reused`
 */
export async function receiveHook(
	room: Room,
	input: ReceiveHookInput,
): Promise<ActionOutput<"chatRoom", "receiveHook">> {
	const hook = provenHook(room, input);
	spend(room, hook.id);
	if (!room.isJoined(hook.botId)) throw new Problem("not_member", "The bot of this webhook is not in the room.");
	const { isActive, name } = await passingOn(room.peers.get("directory", "main").checkBot({ userId: hook.botId }));
	if (!isActive) throw new Problem("forbidden", "The bot of this webhook was closed.");
	const key = input.idempotencyKey ?? (input.proof.type === "signature" ? input.proof.messageId : undefined);
	const { id: messageId } = await sendMessage(room, asBot(room, hook.botId, name), {
		text: input.text,
		...(input.threadOf === undefined ? {} : { threadOf: input.threadOf }),
		...(key === undefined ? {} : { nonce: nonceOf(hook.id, key) }),
	});
	await noteUse(room, hook.id);
	return { messageId };
}

/** @throws Problem `unauthenticated` */
function provenHook(room: Room, { id, proof }: ReceiveHookInput): IncomingHook {
	const kept = room.hooks.get(id);
	const secret = kept && room.sealing.open(kept.secret, hookContext(room.id, id));
	if (kept?.hook.type !== "incoming" || kept.hook.disabledAt !== undefined || secret === undefined) throw closed();
	if (proof.type === "secret") {
		if (!isSame(proof.secret, secret)) throw closed();
		return kept.hook;
	}
	if (!isSignedWith(secret, proof, proof.signature)) throw closed();
	if (!isWithinReplayWindow(proof.timestamp, room.now(), room.limits)) {
		throw new Problem("unauthenticated", "This request was signed too long ago, or by a clock that is wrong.");
	}
	return kept.hook;
}

/** @throws Problem `rate_limited` */
function spend(room: Room, hookId: string): void {
	const rate = { burst: room.limits.hookBurst, perSecond: room.limits.hookPerSecond };
	const known = room.hookPace.get(hookId) ?? fullBucket(rate.burst, room.now());
	const { bucket, waitMs } = takeToken(known, rate, room.now());
	room.hookPace.set(hookId, bucket);
	if (waitMs > 0) throw new Problem("rate_limited", "This webhook speaks too fast.", { waitMs });
}

/** The hook is the proof: what the bot's own token may does not matter. */
function asBot({ now }: Room, userId: string, name: string): Person {
	return { kind: "person", userId, name, role: "guest", ticketAt: now(), leaseEndsAt: now() };
}

/** A key is anything, a nonce is not; another hook's key is another. */
const nonceOf = (hookId: string, key: string): string =>
	`h${createHash("sha256")
		.update(JSON.stringify([hookId, key]))
		.digest("hex")
		.slice(0, 40)}`;

async function noteUse(room: Room, id: string): Promise<void> {
	const now = room.now();
	const isFresh = ({ usedAt = 0 }: IncomingHook): boolean => now - usedAt < room.limits.botUseKeptMs;
	const hook = room.hooks.get(id)?.hook;
	if (hook?.type !== "incoming" || isFresh(hook)) return;
	await room.writer.write((draft) => {
		const kept = room.hooks.find(id, draft);
		if (kept?.hook.type === "incoming") draft.note(hookKey(id), { ...kept, hook: { ...kept.hook, usedAt: now } });
	});
}

const closed = (): Problem =>
	new Problem("unauthenticated", "There is no such webhook, or this does not prove that you may use it.");
