import { roomHash } from "@bullpen/domain/room-hash";
import type { RoomStore } from "./room-store.ts";

/**
 * Whether what this client holds of a room is what the room itself has, by their hashes: null while it does not hold all of
 * it. False also while a change is on its way, so that a difference is one only if it stays.
 * @throws Problem, ConnectionLost
 */
export async function equalsServer(store: RoomStore): Promise<boolean | null> {
	const { isLoaded, hasOlder, hasNewer, messages } = store.getSnapshot();
	if (!isLoaded || hasOlder || hasNewer) return null;
	const { hash, floorSeq } = await store.getHash();
	const held = messages.filter(({ id }) => id >= floorSeq);
	return (await roomHash(held, sha256)) === hash;
}

const sha256 = async (text: string): Promise<Uint8Array> =>
	new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
