import { isBotId } from "@bullpen/domain/bot";
import type { Message } from "@bullpen/domain/message";
import type { HookEvent } from "@bullpen/domain/webhook";
import type { ActionName } from "@bullpen/domain/wire";
import type { Room, RoomDraft } from "../room.ts";

const EVENT_OF: Partial<Record<ActionName<"chatRoom">, HookEvent>> = {
	sendMessage: "message.added",
	editMessage: "message.edited",
	deleteMessage: "message.deleted",
	toggleReaction: "reaction.changed",
};

/** Notes what is to be told outside, in the commit in which it happens, so that no crash can part the two. */
export function noteHookEvent(
	room: Room,
	draft: RoomDraft,
	action: ActionName<"chatRoom">,
	message: Message,
	by: string,
): void {
	const event = EVENT_OF[action];
	if (event === undefined || !room.hooks.wants(event)) return;
	const data = { roomId: room.id, by, isByBot: isBotId(by), message };
	const body = JSON.stringify({ type: event, timestamp: new Date(room.now()).toISOString(), data });
	draft.note(`hook event ${message.version}`, { kind: "hookEvent", event, body }, Buffer.byteLength(body));
}
