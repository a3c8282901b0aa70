import { authorise, notOpenToYou, refuseIfArchived } from "@bullpen/domain/authorization";
import { isShownOut, type RoomStanding, roleOf, standingIn } from "@bullpen/domain/membership";
import { Problem } from "@bullpen/domain/problem";
import type { RoomRole, RoomView } from "@bullpen/domain/room";
import type { ActionName } from "@bullpen/domain/wire";
import type { Connection } from "../frame.ts";
import type { Person } from "../identity.ts";
import type { Room, RoomDraft } from "./room.ts";

/** Who may come into a room, do something there, and see what of it. */
export class Door {
	readonly #room: Room;

	constructor(room: Room) {
		this.#room = room;
	}

	standingOf(person: Pick<Person, "userId" | "role">, draft?: RoomDraft): RoomStanding {
		return standingIn(this.#room.room.visibility, this.#room.memberOf(person.userId, draft), person.role);
	}

	mayRead(person: Pick<Person, "userId" | "role">): boolean {
		if (!this.#room.isInitialised) return false;
		const standing = this.standingOf(person);
		return standing !== "outsider" && standing !== "invited";
	}

	/** The role that somebody acts with; a mutation asks again with its draft. @throws Problem */
	admit(person: Person, action: ActionName<"chatRoom">, draft?: RoomDraft): RoomRole {
		const standing = this.standingOf(person, draft);
		authorise("chatRoom", action, standing);
		refuseIfArchived(this.#room.roomIn(draft), action);
		return roleOf(standing);
	}

	/** Whether this person may hold a connection at all. @throws Problem `not_found` `not_member` `unauthenticated` */
	receive(person: Person): void {
		const room = this.#room;
		room.audience.refuseBarred(person);
		const member = room.isInitialised ? room.memberOf(person.userId) : undefined;
		if (member !== undefined && isShownOut(member.status)) {
			throw new Problem("not_member", "You were removed from this room: an admin has to invite you again.");
		}
		if (this.standingOf(person) === "outsider") throw notOpenToYou();
		if (person.ticketAt < Math.floor(room.placeOf(person.userId).removedAt / 1000) * 1000) {
			throw new Problem("unauthenticated", "This ticket is older than your removal. Ask for a fresh one.");
		}
	}

	/** Call from `onConnect`. Somebody may have been shown out between the check of their ticket and now. */
	arrived(connection: Connection): void {
		const { state } = connection;
		if (state.kind !== "person") return;
		if (this.standingOf(state) === "outsider") {
			this.#room.audience.disconnect(connection, "not_member");
		} else {
			this.#room.audience.arrived(connection);
			this.#room.outbox.prefer(state.userId);
		}
	}

	/** A connection that outlived the process that served it. Its person may have been shown out by that process's last act. */
	readmit(connection: Connection): void {
		const { state } = connection;
		if (state.kind === "person" && (!this.#room.isInitialised || this.standingOf(state) === "outsider")) {
			this.#room.audience.disconnect(connection, "not_member");
		} else {
			this.#room.audience.restore([connection]);
		}
	}

	/** What `person` sees of the room, at the point told to everybody. The invited see what they were invited to, no more. */
	viewFor(person: Person): RoomView {
		const room = this.#room;
		const me = room.memberOf(person.userId) ?? null;
		const { seq, version, floorSeq } = room.told;
		const { epoch } = room.store;
		const mayRead = this.mayRead(person);
		const rows = [...room.members].map(({ row }) => row);
		return {
			room: room.room,
			members: mayRead ? rows : rows.filter(({ id }) => id === person.userId),
			me,
			onlineUserIds: mayRead ? room.audience.onlineUserIds.filter((userId) => room.isJoined(userId)) : [],
			head: mayRead ? { seq, version, epoch } : { seq: 0, version: 0, epoch },
			floorSeq: mayRead ? floorSeq : 1,
			...(mayRead ? { pinnedIds: [...room.pins.ids] } : {}),
		};
	}
}
