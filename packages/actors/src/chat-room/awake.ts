import type { Room } from "./room.ts";

/** The rooms that are awake in this process, as `user-inbox/awake.ts` has the inboxes: a neighbour is asked without a call. */
const awake = new Map<string, Room>();

export const wokeUp = (room: Room): void => {
	awake.set(room.id, room);
};

export function fellAsleep(room: Room): void {
	if (awake.get(room.id) === room) awake.delete(room.id);
}

export const awakeRoom = (roomId: string): Room | undefined => awake.get(roomId);
