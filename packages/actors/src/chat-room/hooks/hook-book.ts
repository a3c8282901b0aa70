import type { Hook, HookEvent, OutgoingHook } from "@bullpen/domain/webhook";
import type { RoomDraft } from "../room.ts";
import type { GoneHook, KeptHook } from "../store/hooks.ts";

/** The webhooks of a room, as committed. */
export class HookBook {
	readonly #kept = new Map<string, KeptHook>();

	/** Call with what was committed. */
	keep(extra: KeptHook | GoneHook): void {
		if (extra.kind === "hook") this.#kept.set(extra.hook.id, extra);
		else this.#kept.delete(extra.id);
	}

	get size(): number {
		return this.#kept.size;
	}

	/** The oldest first. */
	get all(): KeptHook[] {
		return [...this.#kept.values()].sort((one, other) => one.hook.createdAt - other.hook.createdAt);
	}

	get(id: string): KeptHook | undefined {
		return this.#kept.get(id);
	}

	/** As it will stand after this draft. */
	find(id: string, draft: RoomDraft): KeptHook | undefined {
		const noted = draft.noted(hookKey(id));
		if (noted?.kind === "goneHook") return undefined;
		return noted?.kind === "hook" ? noted : this.#kept.get(id);
	}

	/** Whether anybody outside is to be told of this. */
	wants(event: HookEvent): boolean {
		for (const { hook } of this.#kept.values()) if (isTold(hook) && hook.events.includes(event)) return true;
		return false;
	}

	get told(): (KeptHook & { readonly hook: OutgoingHook })[] {
		return this.all.flatMap((kept) => (isTold(kept.hook) ? [{ ...kept, hook: kept.hook }] : []));
	}
}

export const isTold = (hook: Hook): hook is OutgoingHook => hook.type === "outgoing" && hook.stopped === undefined;
export const hookKey = (id: string): string => `hook ${id}`;
/** What a secret is sealed for. */
export const hookContext = (roomId: string, hookId: string): string => `${roomId} ${hookId}`;
