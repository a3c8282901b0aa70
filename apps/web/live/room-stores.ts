import { RoomStore } from "@bullpen/client/room-store";
import { perLive } from "./per-live.ts";
import { StoreCache } from "./store-cache.ts";

/** The rooms that were looked at lately, for every screen that shows one. */
export const roomStores = perLive(
	({ me, storage }) => new StoreCache((roomId) => new RoomStore({ roomId, userId: me.id, storage })),
);
