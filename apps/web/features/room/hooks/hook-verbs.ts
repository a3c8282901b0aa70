import type { RoomStore } from "@bullpen/client/room-store";
import { refusalOf } from "../../../live/refusals.ts";

/** Those that answer with words say why not; what is read or made is thrown for when it is refused. */
export const hookVerbs = (store: RoomStore) => ({
	getHooks: () => store.getHooks(),
	createHook: (...input: Parameters<RoomStore["createHook"]>) => store.createHook(...input),
	getDeliveries: (...input: Parameters<RoomStore["getDeliveries"]>) => store.getDeliveries(...input),
	setHookActive: (id: string, isActive: boolean) => refusalOf(store.setHookActive(id, isActive)),
	removeHook: (id: string) => refusalOf(store.removeHook(id)),
});
export type HookVerbs = ReturnType<typeof hookVerbs>;
