import type { RoomRow } from "@bullpen/domain/room";
import { InsistentAlarm } from "../alarm.ts";
import type { Frame } from "../frame.ts";
import { isAbsent, passingOn } from "../peer-refusal.ts";
import type { Peers } from "../peers.ts";
import type { Room } from "./room.ts";
import { takeName } from "./settings.ts";

/**
 * How a room stands in the directory: the name that it has there, and what it says of itself. Told after every change, and
 * again by an alarm that was set before it: what a crash cuts off is told then.
 */
export class Card {
	readonly alarm: InsistentAlarm;
	readonly #frame: Frame<unknown>;
	readonly #room: Room;
	readonly #peers: Peers;

	constructor(frame: Frame<unknown>, room: Room, peers: Peers) {
		this.#frame = frame;
		this.#room = room;
		this.#peers = peers;
		this.alarm = new InsistentAlarm(frame, "cardAlarm", room.now, room.limits);
	}

	/** The name as the directory keeps it from now on. @throws Problem `text_*` `name_taken` `forbidden` */
	async name(wished: string): Promise<string> {
		await this.expect();
		return (await passingOn(this.#peers.get("directory", "main").nameRoom({ name: wished }))).name;
	}

	/** Call before a commit that changes the room. */
	expect(): Promise<void> {
		return this.alarm.expect();
	}

	/** Call after one: nobody waits for it. */
	changed(row: RoomRow): void {
		if (row.visibility === "direct") return;
		void this.#frame.keepAwake(this.#tell()).catch(() => undefined); // the alarm is set: it is told again
	}

	ring(): Promise<void> {
		return this.alarm.insist("the directory could not be told", async () => {
			if (this.#room.isInitialised && this.#room.room.visibility !== "direct") await this.#tell();
		});
	}

	async #tell(): Promise<void> {
		const { topic, archivedAt = null, version } = this.#room.room;
		try {
			const { name } = await this.#peers.get("directory", "main").noteRoom({ topic, archivedAt, version });
			if (name !== this.#room.room.name) await takeName(this.#room, name);
		} catch (error) {
			if (!isAbsent(error)) throw error; // a room that is being made is listed by whoever makes it
		}
	}
}
