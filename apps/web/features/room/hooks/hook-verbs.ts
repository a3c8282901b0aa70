import type { RoomHooks } from "@bullpen/client/room-hooks";
import { refusalOf } from "../../../live/refusals.ts";

/** Those that answer with words say why not; what is read or made is thrown for when it is refused. */
export const hookVerbs = (hooks: RoomHooks) => ({
	getHooks: () => hooks.list(),
	createHook: (...input: Parameters<RoomHooks["create"]>) => hooks.create(...input),
	getDeliveries: (...input: Parameters<RoomHooks["getDeliveries"]>) => hooks.getDeliveries(...input),
	setHookActive: (id: string, isActive: boolean) => refusalOf(hooks.setActive(id, isActive)),
	removeHook: (id: string) => refusalOf(hooks.remove(id)),
});
export type HookVerbs = ReturnType<typeof hookVerbs>;
