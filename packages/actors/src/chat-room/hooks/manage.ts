import { randomBytes } from "node:crypto";
import { Problem } from "@bullpen/domain/problem";
import { type CreateHookInput, cleanHookName, cleanHookUrl, type Deliveries, type Hook } from "@bullpen/domain/webhook";
import type { ActionInput, ActionOutput } from "@bullpen/domain/wire";
import type { Person } from "../../identity.ts";
import { newSecret } from "../../webhooks/signature.ts";
import { noteAct } from "../acts.ts";
import type { Room, RoomDraft } from "../room.ts";
import { type KeptHook, readDeliveries } from "../store/hooks.ts";
import { hookContext, hookKey } from "./hook-book.ts";

/** @throws Problem `text_*` `bad_input` `not_found` for who is no bot of this room · `forbidden` `busy` */
export function createHook(
	room: Room,
	person: Person,
	input: CreateHookInput,
): Promise<ActionOutput<"chatRoom", "createHook">> {
	const name = cleanHookName(input.name, room.limits);
	const url = input.type === "outgoing" ? cleanHookUrl(input.url, room.limits) : "";
	return room.writer.write((draft) => {
		room.admit(person, "createHook", draft);
		const { hooksPerRoomMax: max } = room.limits;
		if (room.hooks.size >= max) throw new Problem("busy", `A room has at most ${max} webhooks.`, { max });
		const id = `h-${randomBytes(15).toString("hex")}`;
		const made = { id, name, createdBy: person.userId, createdAt: room.now() };
		if (input.type === "incoming" && room.memberOf(input.botId, draft)?.status !== "joined") {
			throw new Problem("not_found", "Invite the bot into this room first.", { field: "botId" });
		}
		const hook: Hook =
			input.type === "incoming"
				? { type: "incoming", ...made, botId: input.botId }
				: { type: "outgoing", ...made, url, events: [...new Set(input.events)] };
		const secret = newSecret();
		put(draft, { kind: "hook", hook, secret: room.sealing.seal(secret, hookContext(room.id, id)) });
		noteAct(room, draft, { type: "hook-created", by: person.userId, hookId: id, name, direction: input.type });
		return { hook, secret };
	});
}

/** Stops a webhook, or starts it again: what happened meanwhile is not told. @throws Problem `not_found` `forbidden` */
export async function setHookActive(
	room: Room,
	person: Person,
	{ id, isActive }: { id: string; isActive: boolean },
): Promise<void> {
	if (isActive && !room.deliveries.isTelling(id)) await room.deliveries.beginAtHead(id);
	await room.writer.write((draft) => {
		room.admit(person, "setHookActive", draft);
		const kept = here(room, id, draft);
		if (isInUse(kept.hook) === isActive) return;
		put(draft, { ...kept, hook: isActive ? inUse(kept.hook) : stopped(kept.hook, room.now()) });
		const act = { by: person.userId, hookId: id, name: kept.hook.name };
		noteAct(room, draft, isActive ? { type: "hook-started", ...act } : { type: "hook-stopped", ...act });
	});
}

/** @throws Problem `not_found` `forbidden` */
export function removeHook(room: Room, person: Person, { id }: { id: string }): Promise<void> {
	return room.writer.write((draft) => {
		room.admit(person, "removeHook", draft);
		const { hook } = here(room, id, draft);
		draft.note(hookKey(id), { kind: "goneHook", id });
		noteAct(room, draft, { type: "hook-removed", by: person.userId, hookId: id, name: hook.name });
	});
}

export async function listHooks(room: Room): Promise<ActionOutput<"chatRoom", "getHooks">> {
	const hooks = room.hooks.all.map(async ({ hook }) => {
		const progress = hook.type === "outgoing" ? await room.deliveries.progressOf(hook) : undefined;
		return progress === undefined ? { hook } : { hook, progress };
	});
	return { hooks: await Promise.all(hooks) };
}

/** @throws Problem `not_found` */
export function listDeliveries(
	room: Room,
	{ id, before = Number.MAX_SAFE_INTEGER, limit = 50 }: ActionInput<"chatRoom", "getDeliveries">,
): Promise<Deliveries> {
	if (room.hooks.get(id) === undefined) throw noSuchHook();
	return readDeliveries(room.db, id, before, limit);
}

/** A webhook stops by itself. */
export function stopHook(room: Room, id: string, reason: "failed-too-long" | "too-far-behind"): Promise<void> {
	return room.writer.write((draft) => {
		const kept = room.hooks.find(id, draft);
		if (kept?.hook.type !== "outgoing" || kept.hook.stopped !== undefined) return;
		put(draft, { ...kept, hook: { ...kept.hook, stopped: { at: room.now(), reason } } });
		noteAct(room, draft, { type: "hook-stopped", hookId: id, name: kept.hook.name });
	});
}

const isInUse = (hook: Hook): boolean =>
	hook.type === "incoming" ? hook.disabledAt === undefined : hook.stopped === undefined;

function inUse(hook: Hook): Hook {
	if (hook.type === "incoming") {
		const { disabledAt: _, ...rest } = hook;
		return rest;
	}
	const { stopped: _, ...rest } = hook;
	return rest;
}

const stopped = (hook: Hook, at: number): Hook =>
	hook.type === "incoming" ? { ...hook, disabledAt: at } : { ...hook, stopped: { at, reason: "by-person" } };

function put(draft: RoomDraft, kept: KeptHook): void {
	draft.note(hookKey(kept.hook.id), kept);
}

function here(room: Room, id: string, draft: RoomDraft): KeptHook {
	const kept = room.hooks.find(id, draft);
	if (kept === undefined) throw noSuchHook();
	return kept;
}

const noSuchHook = (): Problem => new Problem("not_found", "There is no such webhook here.");
