import type { ServerRole } from "@bullpen/domain/identity";
import { applyRows, applyTail, EMPTY_TRANSCRIPT, type TranscriptView, viewOf } from "@bullpen/domain/transcript/reduce";
import type { ActionOutput, EventName, EventPayload } from "@bullpen/domain/wire";
import { createClient } from "rivetkit/client";
import type { Peer } from "../src/peers.ts";
import { disposeAll } from "./dispose-all.ts";
import type { House } from "./harness.ts";

const TERMINAL = ["terminalChanged", "terminalOutput", "terminalTyped"] as const;
type Actions = Peer<"workspace">;
/** A connection as the stock client gives it, with the wire's types. */
export type WorkspaceConnection = Actions & {
	on<E extends EventName<"workspace">>(event: E, listener: (payload: EventPayload<"workspace", E>) => void): () => void;
	onError(listener: (error: unknown) => void): () => void;
	onClose(listener: () => void): () => void;
	readonly connStatus: string;
	dispose(): Promise<void>;
};

/** Somebody at a screen: a connection, everything that came over it, and the transcript that a client shows of it. */
export class Watcher {
	readonly connection: WorkspaceConnection;
	readonly frames: unknown[] = [];
	#state = EMPTY_TRANSCRIPT;
	#version = 0;

	constructor(connection: WorkspaceConnection) {
		this.connection = connection;
		for (const name of ["chat.user", "session.event", "typing", "presence", ...TERMINAL] as const) {
			connection.on(name, (payload) => this.frames.push({ name, payload }));
		}
		connection.on("tail", (tail) => {
			this.frames.push({ name: "tail", payload: tail });
			this.#state = applyTail(this.#state, tail);
		});
		connection.on("workspaceChanged", (batch) => {
			this.frames.push({ name: "workspaceChanged", payload: batch });
			this.#state = applyRows(this.#state, batch.rows, batch.floorSeq);
			this.#version = Math.max(this.#version, batch.to);
		});
	}

	get view(): TranscriptView {
		return viewOf(this.#state);
	}

	/** Reads what a fresh client reads. */
	async load(): Promise<ActionOutput<"workspace", "getTranscript">> {
		const page = await this.connection.getTranscript();
		this.frames.push(page);
		this.#state = applyRows(this.#state, page.rows);
		return page;
	}

	get texts(): string[] {
		return this.view.items.map(({ body }) => ("text" in body && body.text !== undefined ? body.text : body.type));
	}

	heard<E extends EventName<"workspace">>(event: E): EventPayload<"workspace", E>[] {
		return this.frames.flatMap((frame) =>
			typeof frame === "object" && frame !== null && "name" in frame && frame.name === event
				? [(frame as unknown as { payload: EventPayload<"workspace", E> }).payload]
				: [],
		);
	}
}

interface WorkspaceClient {
	workspace: {
		get(key: string[], options: object): Actions & { connect(): WorkspaceConnection };
		getOrCreate(key: string[], options: object): Actions;
	};
	userInbox: {
		get(key: string[], options: object): Peer<"userInbox">;
		getOrCreate(key: string[], options: object): Peer<"userInbox">;
	};
	dispose(): Promise<void>;
}

const stockClient = (endpoint: string): WorkspaceClient =>
	createClient({ endpoint, encoding: "json", disableMetadataLookup: true }) as unknown as WorkspaceClient;

/** People and trusted code as they reach workspaces of a house. */
export class Visitors {
	readonly #house: House;
	/** Straight to the engine, as our own processes go. */
	readonly client: WorkspaceClient;
	readonly #people: WorkspaceClient;
	readonly #watchers: Watcher[] = [];

	constructor(house: House) {
		this.#house = house;
		this.client = stockClient(house.engine.endpoint);
		this.#people = stockClient(house.peopleEndpoint);
	}

	/** What the directory does. */
	async make(id: string, input: Partial<Parameters<Actions["init"]>[0]> = {}): Promise<void> {
		const options = { params: this.#house.service("workspace", id, "directory:main"), poolName: "workspaces" };
		await this.client.workspace
			.getOrCreate([id], options)
			.init({ name: "Work", agent: "demo", ownerId: "ada", visibility: "server", ...input });
	}

	/** What the directory does when it hears of a person. */
	async makeInbox(userId: string): Promise<void> {
		const options = { params: this.#house.service("userInbox", userId, "directory:main"), poolName: "workspaces" };
		await this.client.userInbox.getOrCreate([userId], options).init();
	}

	inbox(userId: string): Promise<ActionOutput<"userInbox", "getInbox">> {
		const params = this.#house.ticket("userInbox", userId, { id: userId });
		return this.#people.userInbox.get([userId], { params }).getInbox();
	}

	handle(id: string, userId: string, role?: ServerRole): Actions {
		return this.#people.workspace.get([id], { params: this.#ticket(id, userId, role) });
	}

	async watch(id: string, userId: string, role?: ServerRole): Promise<Watcher> {
		const watcher = this.connect(id, userId, role);
		await watcher.load();
		return watcher;
	}

	connect(id: string, userId: string, role?: ServerRole): Watcher {
		const getParams = async (): Promise<unknown> => this.#ticket(id, userId, role);
		const watcher = new Watcher(this.#people.workspace.get([id], { getParams }).connect());
		this.#watchers.push(watcher);
		return watcher;
	}

	async leave(): Promise<void> {
		await disposeAll(this.#watchers.splice(0).map(({ connection }) => connection));
	}

	#ticket(id: string, userId: string, role?: ServerRole): { ticket: string } {
		return this.#house.ticket("workspace", id, { id: userId, ...(role === undefined ? {} : { role }) });
	}
}
