import type { BotScope } from "@bullpen/domain/bot";
import type { ActorName, ServerRole } from "@bullpen/domain/identity";
import type { Message } from "@bullpen/domain/message";
import type { EventName, EventPayload } from "@bullpen/domain/wire";
import { createClient } from "rivetkit/client";
import type { Peer } from "../src/peers.ts";
import { disposeAll } from "./dispose-all.ts";
import type { House } from "./harness.ts";

/** A connection as the stock client gives it, with the wire's types. */
export type StockConnection<A extends ActorName> = Peer<A> & {
	on<E extends EventName<A>>(event: E, listener: (payload: EventPayload<A, E>) => void): () => void;
	onError(listener: (error: unknown) => void): () => void;
	onClose(listener: () => void): () => void;
	action(options: { name: string; args: unknown[] }): Promise<unknown>;
	readonly connStatus: string;
	dispose(): Promise<void>;
};
type StockHandle<A extends ActorName> = Peer<A> & {
	connect(): StockConnection<A>;
	action(options: { name: string; args: unknown[] }): Promise<unknown>;
};
type StockClient = {
	readonly [A in ActorName]: {
		get(key: string[], options: object): StockHandle<A>;
		getOrCreate(key: string[], options: object): StockHandle<A>;
	};
};

export interface Who {
	readonly id: string;
	readonly role?: ServerRole;
	/** Of a bot. */
	readonly scopes?: BotScope[];
}

/** Somebody's open page of a room: a connection and everything it heard. */
export class Seat {
	readonly connection: StockConnection<"chatRoom">;
	readonly batches: EventPayload<"chatRoom", "roomChanged">[] = [];
	readonly messages: Message[] = [];
	readonly signs: (EventPayload<"chatRoom", "typing"> | EventPayload<"chatRoom", "presence">)[] = [];
	isClosed = false;

	constructor(connection: StockConnection<"chatRoom">) {
		this.connection = connection;
		connection.on("roomChanged", (batch) => this.batches.push(batch));
		connection.on("newMessage", (message) => this.messages.push(message));
		connection.on("typing", (sign) => this.signs.push(sign));
		connection.on("presence", (sign) => this.signs.push(sign));
		connection.onClose(() => {
			this.isClosed = true;
		});
	}

	send(text: string, nonce?: string): Promise<Message> {
		return this.connection.sendMessage({ text, ...(nonce === undefined ? {} : { nonce }) });
	}
}

const stockClient = (endpoint: string): StockClient =>
	createClient({ endpoint, encoding: "json", disableMetadataLookup: true }) as unknown as StockClient;

/** People and trusted code of one house, as they reach rooms, inboxes and the directory. */
export class Town {
	readonly house: House;
	/** Straight to the engine, as our own processes go. */
	readonly client: StockClient;
	readonly #people: StockClient;
	readonly #open: { readonly of: string; dispose(): Promise<void> }[] = [];

	constructor(house: House) {
		this.house = house;
		this.client = stockClient(house.engine.endpoint);
		this.#people = stockClient(house.peopleEndpoint);
	}

	/** What the web does when somebody signs in. */
	async register(...people: Who[]): Promise<void> {
		for (const { id, role = "member" } of people) {
			const params = this.house.service("directory", "main", "web", "web");
			await this.client.directory.get(["main"], { params }).registerPerson({ userId: id, name: id, role });
		}
	}

	/** One call without a connection. */
	as<A extends ActorName>(actor: A, key: string, who: Who): StockHandle<A> {
		return this.#people[actor].get([key], { params: this.house.ticket(actor, key, who) });
	}

	asService<A extends ActorName>(actor: A, key: string, subject: string): StockHandle<A> {
		return this.client[actor].get([key], { params: this.house.service(actor, key, subject) });
	}

	/** Opens a room by its name and answers with its id. */
	async open(who: Who, name: string, visibility?: "public" | "private"): Promise<string> {
		const input = { name, ...(visibility === undefined ? {} : { visibility }) };
		return (await this.as("directory", "main", who).openRoom(input)).roomId;
	}

	connect<A extends ActorName>(actor: A, key: string, who: Who): StockConnection<A> {
		const getParams = async (): Promise<unknown> => this.house.ticket(actor, key, who);
		const connection = this.#people[actor].get([key], { getParams }).connect();
		this.#open.push({ of: `${key} ${who.id}`, dispose: () => connection.dispose() });
		return connection;
	}

	/** Takes a seat in a room, as a member unless told otherwise. */
	async sit(roomId: string, who: Who, options: { joins?: boolean } = {}): Promise<Seat> {
		const seat = new Seat(this.connect("chatRoom", roomId, who));
		if (options.joins ?? true) await seat.connection.join();
		else await seat.connection.getRoom();
		return seat;
	}

	/** Closes what is open: everything, or one person's connections to one room. */
	async leave(): Promise<void> {
		await disposeAll(this.#open.splice(0));
	}

	async leaveSeats(roomId: string, who: Who): Promise<void> {
		const theirs = this.#open.filter(({ of }) => of === `${roomId} ${who.id}`);
		await disposeAll(theirs);
	}
}

/** The code of a refusal; anything else fails the test. */
export async function refused(call: Promise<unknown>): Promise<{ code: string; metadata: Record<string, unknown> }> {
	const error: unknown = await call.then(
		(value) => {
			throw new Error(`it was not refused: ${JSON.stringify(value)}`);
		},
		(reason: unknown) => reason,
	);
	if (typeof error === "object" && error !== null && "group" in error && error.group === "user" && "code" in error) {
		return {
			code: String(error.code),
			metadata: ("metadata" in error ? error.metadata : {}) as Record<string, unknown>,
		};
	}
	throw error;
}
