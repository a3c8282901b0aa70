import { inLanes } from "../lanes.ts";
import type { Peers } from "../peers.ts";
import type { Members } from "./members.ts";
import { RoomAnswers } from "./room-answers.ts";
import type { Scope } from "./scope.ts";
import type { Session } from "./session.ts";

const ASKED_AT_ONCE = 8;

/** The way into a workspace of a room, for those about whom only the room can tell. Elsewhere it asks nobody anything. */
export class RoomDoor {
	readonly #scope: Scope;
	readonly #session: Session;
	readonly #members: Members;
	readonly #answers: RoomAnswers;

	constructor(scope: Scope, session: Session, members: Members, peers: Peers) {
		this.#scope = scope;
		this.#session = session;
		this.#members = members;
		this.#answers = new RoomAnswers({
			limits: scope.limits,
			now: scope.now,
			ask: async (userId) => {
				const roomId = this.#session.row?.roomId;
				return roomId !== undefined && (await peers.get("chatRoom", roomId).canEnter({ userId })).isJoined;
			},
			isHere: (userId) => scope.audience.isOnline(userId),
			onFailure: (error) => scope.frame.log.warn({ msg: "the room could not be asked", error: String(error) }),
		});
	}

	/** As the room said last. */
	isIn(userId: string): boolean {
		return this.#answers.isIn(userId);
	}

	/** Asks the room. Call at every connection. @throws Problem `busy` */
	async ask(userId: string): Promise<void> {
		if (!this.#isForRoomToSay(userId) || (await this.#answers.ask(userId))) return;
		this.#scope.audience.close(userId, "removed");
		if (!this.#members.isToLeaveRoom(userId)) return;
		await this.#scope.writer.write((draft) => this.#members.putLeftRoom(draft, userId));
	}

	/** Asks the room unless it has just said yes. Call before every act. @throws Problem `busy` */
	async askAgain(userId: string): Promise<void> {
		if (!this.#answers.isFresh(userId)) await this.ask(userId);
	}

	/** Asks about those of these people who are connected: they may have left the room. @throws Problem `busy` */
	async askAboutThoseHere(userIds: readonly string[]): Promise<void> {
		const here = userIds.filter((userId) => this.#scope.audience.isOnline(userId));
		await inLanes(here, ASKED_AT_ONCE, (userId) => this.ask(userId));
	}

	/** Asks about people whose connections outlived a process. Whom the room does not vouch for now is not in. */
	async askForAll(userIds: ReadonlySet<string>): Promise<void> {
		await Promise.allSettled([...userIds].map((userId) => this.ask(userId)));
	}

	#isForRoomToSay(userId: string): boolean {
		const { row } = this.#session;
		return row !== undefined && this.#members.isForRoomToSay(row, userId);
	}
}
