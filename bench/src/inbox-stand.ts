import { oursHall, stockClient } from "./ours/seat.ts";
import { startOurs } from "./ours/stand.ts";
import { Signer } from "./ours/ticket.ts";
import { untilQuiet } from "./quiet.ts";
import type { Hall, Seat } from "./seat.ts";
import { inSteps } from "./seats.ts";
import { putToSleep } from "./sleep.ts";
import type { Stand } from "./stand.ts";
import { within } from "./within.ts";

const OPEN_MS = 30_000;
const JOINING_WIDTH = 20;
const SLEEPING_WIDTH = 10;

/** How a room stands for one person. */
export interface Unread {
	readonly unread: number;
	readonly mentions: number;
}

/** Rooms, their people and inboxes, through the edge as people come. */
export class InboxStand {
	readonly #stand: Stand;
	readonly #hall: Hall;
	readonly #client: ReturnType<typeof stockClient>;
	readonly #signer: Signer;

	private constructor(stand: Stand) {
		const place = stand.places.edge;
		if (place?.kind !== "ours") throw new Error("there is no edge");
		this.#stand = stand;
		this.#hall = oursHall(place);
		this.#client = stockClient(place.endpoint);
		this.#signer = new Signer(place.keys);
	}

	/** Rooms that sleep are believed, as they are a minute after a start. */
	static async start(people: number): Promise<InboxStand> {
		return new InboxStand(await startOurs({}, { people, limits: { inboxPullAllMs: 0 } }));
	}

	async stop(): Promise<void> {
		await this.#hall.close();
		await this.#client.dispose();
		await this.#stand.stop();
	}

	/** A room of the first so many people, nobody connected and everybody told. */
	async openRoom(name: string, members: number): Promise<string> {
		const room = await this.#stand.openRoom(name);
		await inSteps(members, JOINING_WIDTH, async (i) => {
			const seat = await this.#hall.openListener(room, personOf(i));
			await seat.close();
		});
		return room;
	}

	sit(room: string, person: number): Promise<Seat> {
		return this.#hall.open(room, personOf(person));
	}

	/** Somebody's device: what it shows first, and how it hears of rooms. */
	async openInbox(person: number) {
		const userId = personOf(person);
		const params = this.#signer.ticket(userId, "userInbox", userId);
		const connection = this.#client.userInbox.get([userId], { params }).connect();
		await within(OPEN_MS, "connecting", connection.ready);
		return connection;
	}

	/** What a device of this person shows at first. */
	async unreadOf(person: number, rooms: readonly string[]): Promise<Unread[]> {
		return (await this.lookAt(person, rooms)).shown;
	}

	/** The same, and how long it was asked for once the device was connected. */
	async lookAt(person: number, rooms: readonly string[]): Promise<{ shown: Unread[]; askedMs: number }> {
		const inbox = await this.openInbox(person);
		const connected = performance.now();
		const { rows } = await inbox.getInbox();
		const askedMs = performance.now() - connected;
		await inbox.dispose();
		const shown = rooms.map((room) => {
			const row = rows.find((one) => one.kind === "inboxRoom" && one.id === room);
			return row?.kind === "inboxRoom" ? row : { unread: 0, mentions: 0 };
		});
		return { shown, askedMs };
	}

	async sleepRoom(room: string): Promise<void> {
		if (this.#stand.engine) await putToSleep(this.#stand.engine, room);
	}

	async sleepInboxes(people: readonly number[]): Promise<void> {
		const { engine } = this.#stand;
		if (engine === undefined) return;
		await inSteps(people.length, SLEEPING_WIDTH, (i) =>
			putToSleep(engine, personOf(people[i] ?? 0), undefined, "userInbox"),
		);
	}

	untilQuiet(): Promise<void> {
		return untilQuiet([() => this.#stand.processes()]);
	}
}

export const personOf = (n: number): string => `bench-${n}`;
