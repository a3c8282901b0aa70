import type { CreateWorkspaceInput, OpenRoomInput } from "@bullpen/domain/directory";
import type { z } from "zod";
import { DirectoryStore } from "./directory-store.ts";
import { InboxStore } from "./inbox-store.ts";
import { CLIENT_LIMITS, type ClientLimits } from "./limits.ts";
import type { OutboxStorage } from "./outbox.ts";
import { type Held, Pool } from "./pool.ts";
import { RoomStore } from "./room-store.ts";
import { createTicketedClient, type TicketedClient } from "./ticketed-client.ts";
import { fetchTickets, type GetTickets, type Person, Tickets } from "./tickets.ts";
import { WorkspaceStore } from "./workspace-store.ts";

export interface BullpenOptions {
	/** What a person opens in the browser. */
	readonly url: string;
	/** A `fetch` that carries a session (`sign-in.ts`), or another way to get tickets. */
	readonly fetch?: typeof globalThis.fetch | undefined;
	readonly getTickets?: GetTickets | undefined;
	/** Where actors are reached, when that is not the edge. */
	readonly endpoint?: string | undefined;
	readonly storage?: OutboxStorage | undefined;
	readonly limits?: ClientLimits | undefined;
}

/**
 * Connects a script or a bot as the person whose session `fetch` carries.
 * @throws Problem `unauthenticated`
 */
export const connectBullpen = async (options: BullpenOptions): Promise<Bullpen> => {
	const { url, fetch, getTickets = fetchTickets(url, fetch), limits } = options;
	const tickets = new Tickets({ getTickets, limits });
	await tickets.prefetch([{ actor: "directory", key: "main" }]);
	if (tickets.person === null) throw new Error("The server gave tickets without saying whose.");
	return new Bullpen(options, createTicketedClient({ url, tickets, endpoint: options.endpoint }), tickets.person);
};

/** Everything one person can reach, for programs without a screen. */
export class Bullpen {
	readonly me: Person;
	readonly #rooms: Pool<"chatRoom", RoomStore>;
	readonly #workspaces: Pool<"workspace", WorkspaceStore>;
	readonly #inboxes: Pool<"userInbox", InboxStore>;
	readonly #directories: Pool<"directory", DirectoryStore>;

	constructor({ storage, limits = CLIENT_LIMITS }: BullpenOptions, client: TicketedClient, me: Person) {
		this.me = me;
		const sender = { userId: me.id, storage, limits };
		const base = { client, limits };
		this.#rooms = new Pool({ ...base, actor: "chatRoom", make: (roomId) => new RoomStore({ roomId, ...sender }) });
		this.#workspaces = new Pool({
			...base,
			actor: "workspace",
			make: (workspaceId) => new WorkspaceStore({ workspaceId, ...sender }),
		});
		this.#inboxes = new Pool({ ...base, actor: "userInbox", make: () => new InboxStore({ limits }) });
		this.#directories = new Pool({ ...base, actor: "directory", make: () => new DirectoryStore({ limits }) });
	}

	room(roomId: string): Held<RoomStore> {
		return this.#rooms.hold(roomId);
	}

	workspace(workspaceId: string): Held<WorkspaceStore> {
		return this.#workspaces.hold(workspaceId);
	}

	inbox(): Held<InboxStore> {
		return this.#inboxes.hold(this.me.id);
	}

	directory(): Held<DirectoryStore> {
		return this.#directories.hold("main");
	}

	/** The room of this name, made if there is none. Whoever makes it is in it; another's is to be joined. */
	openRoom(input: z.input<typeof OpenRoomInput>): Promise<Held<RoomStore>> {
		return this.#ask(async (directory) => this.room((await directory.openRoom(input)).roomId));
	}

	createWorkspace(input: z.input<typeof CreateWorkspaceInput> = {}): Promise<Held<WorkspaceStore>> {
		return this.#ask(async (directory) => this.workspace((await directory.createWorkspace(input)).workspaceId));
	}

	/** Ends every connection. What was sent and is not acknowledged may or may not have arrived. */
	close(): void {
		for (const pool of [this.#rooms, this.#workspaces, this.#inboxes, this.#directories]) pool.close();
	}

	async #ask<Answer>(question: (directory: DirectoryStore) => Promise<Answer>): Promise<Answer> {
		const directory = this.directory();
		try {
			await directory.loaded();
			return await question(directory.store);
		} finally {
			directory.release();
		}
	}
}
