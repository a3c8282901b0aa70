import type { RoomRole } from "./room.ts";

export const ROOM_RANK: Readonly<Record<RoomRole, number>> = { owner: 3, admin: 2, member: 1, guest: 0 };

/** Owners may act on one another, so that a room can change hands; nobody acts on themselves (leaving is how to go). */
export const isAbove = (
	by: { readonly userId: string; readonly role: RoomRole },
	person: { readonly id: string; readonly role: RoomRole },
): boolean => by.userId !== person.id && (by.role === "owner" || ROOM_RANK[by.role] > ROOM_RANK[person.role]);

/** The roles that somebody with `role` can give, highest first: none above their own. */
export const rolesToGive = (role: RoomRole): RoomRole[] =>
	(["owner", "admin", "member", "guest"] as const).filter((one) => ROOM_RANK[one] <= ROOM_RANK[role]);
