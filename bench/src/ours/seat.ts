import { randomBytes } from "node:crypto";
import type { Registry } from "@bullpen/actors";
import type { FeedBatch } from "@bullpen/domain/feed";
import { nonceAt } from "@bullpen/domain/nonce";
import type { RoomFeedRow } from "@bullpen/domain/room";
import { type Client, createClient } from "rivetkit/client";
import type { Hall, Seat } from "../seat.ts";
import type { Place } from "../stand.ts";
import { within } from "../within.ts";
import { RawRoom } from "./raw-room.ts";
import { Signer } from "./ticket.ts";

const OPEN_MS = 30_000;
const FILLERS = 10;
const FILLER_IN_FLIGHT = 50;
const PAGE_ROWS_MAX = 500;

/** Stock RivetKit clients with tickets, as a browser has them; those who only listen are thin. */
export function oursHall(place: Extract<Place, { kind: "ours" }>): Hall {
	const client = stockClient(place.endpoint);
	const signer = new Signer(place.keys);
	const open = async (room: string, person: string): Promise<Seat> => {
		const connection = stockRoom(client, signer, room, person);
		await within(OPEN_MS, "connecting", connection.ready);
		await connection.join({});
		return new OursSeat(connection);
	};
	const openThin = async (room: string, person: string): Promise<Seat> => {
		const link = new RawRoom(place.endpoint, room, signer.ticket(person, "chatRoom", room));
		await within(OPEN_MS, "connecting", link.ready);
		await link.join();
		return new OursSeat(link);
	};
	return {
		open,
		openListener: openThin,
		openInbox: async (person) => {
			const params = signer.ticket(person, "userInbox", person);
			const connection = client.userInbox.get([person], { params }).connect();
			await within(OPEN_MS, "connecting", connection.ready);
			return {
				onHead: (told) =>
					void connection.on("inboxChanged", ({ rows }) => {
						for (const row of rows) if (row.kind === "inboxRoom") told(row.id, row.headSeq);
					}),
				close: () => connection.dispose(),
			};
		},
		fill: async (room, messages, text) => {
			const seats = await Promise.all(Array.from({ length: FILLERS }, (_, i) => open(room, `bench-${i}`)));
			let left = messages;
			const lane = async (seat: Seat): Promise<void> => {
				while (left-- > 0) await seat.send(text);
			};
			await Promise.all(seats.flatMap((seat) => Array.from({ length: FILLER_IN_FLIGHT }, () => lane(seat))));
			await Promise.all(seats.map((seat) => seat.close()));
		},
		close: () => client.dispose(),
	};
}

export const stockClient = (endpoint: string): Client<Registry> =>
	createClient<Registry>({ endpoint, encoding: "json", disableMetadataLookup: true });

/** Comes back with a fresh ticket by itself, as RivetKit's client does wherever it is used. */
export const stockRoom = (client: Client<Registry>, signer: Signer, room: string, person: string) =>
	client.chatRoom.get([room], { getParams: async () => signer.ticket(person, "chatRoom", room) }).connect();

/** What a seat asks of its connection, whichever client made it. */
export type RoomLink = Pick<
	ReturnType<typeof stockRoom>,
	"sendMessage" | "getRoom" | "getHash" | "getHistory" | "changesSince" | "dispose"
> & { on(event: "roomChanged", told: (batch: FeedBatch<RoomFeedRow>) => void): unknown };

class OursSeat implements Seat {
	readonly #connection: RoomLink;
	#heard: ((seq: number, text: string) => void) | undefined;
	#version = 0;
	#reading = Promise.resolve();

	constructor(connection: RoomLink) {
		this.#connection = connection;
	}

	async send(text: string): Promise<number> {
		return (await this.#connection.sendMessage({ text, nonce: nonceAt(Date.now(), randomBytes(16)) })).id;
	}

	/** Follows the feed as our own client does: what a batch's `from` shows to be missing is asked for. */
	async listen(heard: (seq: number, text: string) => void): Promise<void> {
		this.#heard = heard;
		this.#reading = this.#start();
		const started = this.#reading;
		this.#connection.on("roomChanged", (batch) => {
			this.#reading = this.#reading.then(async () => {
				if (batch.from > this.#version) await this.#read();
				this.#apply(batch.to, batch.rows);
			});
		});
		await started;
	}

	async sync(): Promise<void> {
		this.#reading = this.#reading.then(() => this.#read());
		await this.#reading;
	}

	async page(before: number | undefined, rows: number): Promise<number[]> {
		const { messages } = await this.#connection.getHistory({ limit: rows, ...(before !== undefined && { before }) });
		return messages.map((message) => message.id);
	}

	async headSeq(): Promise<number> {
		return (await this.#connection.getRoom({})).head.seq;
	}

	async catchUp(missed: number): Promise<number> {
		const { head } = await this.#connection.getHistory({ limit: 1 });
		let rows = 0;
		for (let version = head.version - missed, isDone = false; !isDone; ) {
			const page = await this.#connection.changesSince({ version, limit: PAGE_ROWS_MAX });
			rows += page.rows.length;
			version = page.to;
			isDone = page.caughtUp;
		}
		return rows;
	}

	async close(): Promise<void> {
		await this.#reading;
		await this.#connection.dispose();
	}

	async #start(): Promise<void> {
		this.#version = (await this.#connection.getRoom({})).head.version;
	}

	async #read(): Promise<void> {
		for (let isDone = false; !isDone; ) {
			const page = await this.#connection.changesSince({ version: this.#version, limit: PAGE_ROWS_MAX });
			this.#apply(page.to, page.rows);
			isDone = page.caughtUp;
		}
	}

	#apply(to: number, rows: readonly RoomFeedRow[]): void {
		if (to <= this.#version) return;
		const known = this.#version;
		this.#version = to;
		for (const row of rows) if (row.kind === "message" && row.version > known) this.#heard?.(row.id, row.text);
	}
}
