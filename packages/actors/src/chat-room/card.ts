import type { RoomRow } from "@bullpen/domain/room";
import { Alarm } from "../alarm.ts";
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
	readonly alarm: Alarm;
	readonly #frame: Frame<unknown>;
	readonly #room: Room;
	readonly #peers: Peers;
	#failures = 0;

	constructor(frame: Frame<unknown>, room: Room, peers: Peers) {
		this.#frame = frame;
		this.#room = room;
		this.#peers = peers;
		this.alarm = new Alarm(frame, "cardAlarm", room.now);
	}

	/** The name as the directory keeps it from now on. @throws Problem `text_*` `name_taken` `forbidden` */
	async name(wished: string): Promise<string> {
		await this.expect();
		return (await passingOn(this.#peers.get("directory", "main").nameRoom({ name: wished }))).name;
	}

	/** Call before a commit that changes the room. */
	expect(): Promise<void> {
		return this.alarm.ensure(this.#room.limits.tellRetryMs);
	}

	/** Call after one: nobody waits for it. */
	changed(row: RoomRow): void {
		if (row.visibility === "direct") return;
		void this.#frame.keepAwake(this.#tell()).catch(() => undefined); // the alarm is set: it is told again
	}

	async ring(): Promise<void> {
		this.alarm.rang();
		if (!this.#room.isInitialised || this.#room.room.visibility === "direct") return;
		try {
			await this.#tell();
			this.#failures = 0;
		} catch (error) {
			this.#failures += 1;
			const { tellRetryMs, tellRetryMaxMs } = this.#room.limits;
			this.#frame.log.warn({ msg: "the directory could not be told", failures: this.#failures, error: String(error) });
			await this.alarm.ensure(Math.min(tellRetryMaxMs, tellRetryMs * 2 ** Math.min(this.#failures, 10)));
		}
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
