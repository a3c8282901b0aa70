import { fileURLToPath } from "node:url";
import type { ActorName } from "@bullpen/domain/identity";
import { createClient } from "rivetkit/client";
import { onTestFinished } from "vitest";
import { type House, openHouse } from "../../../../packages/actors/test/harness.ts";
import { RawClient } from "./raw-client.ts";

const ECHO = fileURLToPath(new URL("../../../../packages/actors/test/fixture/echo-server.ts", import.meta.url));

/** Everything a stock client reports, in the order it did. */
export interface StockConnection {
	action(options: { name: string; args: unknown[] }): Promise<unknown>;
	on(event: string, listener: (...args: unknown[]) => void): () => void;
	once(event: string, listener: (...args: unknown[]) => void): () => void;
	onOpen(listener: () => void): () => void;
	onClose(listener: () => void): () => void;
	onError(listener: (error: unknown) => void): () => void;
	onStatusChange(listener: (status: string) => void): () => void;
	readonly connStatus: string;
	readonly isConnected: boolean;
	dispose(): Promise<void>;
}
interface StockHandle {
	connect(): StockConnection;
	action(options: { name: string; args: unknown[] }): Promise<unknown>;
}
type StockClient = Record<ActorName, { get(key: string[], options: object): StockHandle }> & {
	dispose(): Promise<void>;
};

/** One actor of the stage, and who comes to it. */
export interface At {
	readonly actor?: ActorName;
	readonly key?: string;
	readonly user?: string;
	/** Instead of a ticket that is good. */
	readonly ticket?: string;
}

/** A way from a client to an actor. All ways are the same to the client: that is what is proven here. */
export class Way {
	readonly name: WayName;
	readonly #stage: Stage;

	constructor(name: WayName, stage: Stage) {
		this.name = name;
		this.#stage = stage;
	}

	get isDirect(): boolean {
		return this.name === "engine";
	}

	get endpoint(): string {
		return this.#stage.endpoints[this.name];
	}

	/** Params as the web's tickets give them. */
	params({ actor = "chatRoom", key = "echo", user = "ada", ticket }: At): { ticket: string } {
		return ticket === undefined ? this.#stage.house.ticket(actor, key, { id: user }) : { ticket };
	}

	handle(at: At = {}, options: object = {}, encoding: "json" | "bare" | "cbor" = "json"): StockHandle {
		const client = createClient({
			endpoint: this.endpoint,
			encoding,
			disableMetadataLookup: true,
		}) as unknown as StockClient;
		onTestFinished(() => client.dispose());
		return client[at.actor ?? "chatRoom"].get([at.key ?? "echo"], { params: this.params(at), ...options });
	}

	/** Connects with a fresh ticket each time. */
	connect(at: At = {}, getParams = async (): Promise<unknown> => this.params(at)): StockConnection {
		return this.handle(at, { getParams }).connect();
	}

	/** A WebSocket whose frames the test writes and reads itself. */
	raw(at: At = {}, encoding = "json"): RawClient {
		const query = `rvt-namespace=default&rvt-method=get&rvt-key=${at.key ?? "echo"}`;
		const client = new RawClient(
			`${this.endpoint.replace(/^http/, "ws")}/gateway/${at.actor ?? "chatRoom"}/connect?${query}`,
			[
				"rivet",
				`rivet_encoding.${encoding}`,
				`rivet_conn_params.${encodeURIComponent(JSON.stringify(this.params(at)))}`,
			],
		);
		onTestFinished(() => client.close());
		return client;
	}
}

export const WAYS = ["engine", "tunnel", "relay"] as const;
export type WayName = (typeof WAYS)[number];

export interface Stage {
	readonly house: House;
	readonly endpoints: Readonly<Record<WayName, string>>;
	/** A room of ada's that is open to nobody else. */
	readonly closedRoomId: string;
	/** A room that is open to everybody; ada owns it. */
	readonly openRoomId: string;
	stop(): Promise<void>;
}

/** Real actors, an actor that echoes, and both kinds of edge in front of one engine. */
export async function startStage(): Promise<Stage> {
	const house = await openHouse();
	try {
		await Promise.all([house.startActors("rooms"), house.startActors("workspaces", { entry: ECHO })]);
		const [tunnel, relay] = await Promise.all([
			house.startEdge({ mode: "tunnel" }),
			house.startEdge({ mode: "relay" }),
		]);
		const client = createClient({ endpoint: house.engine.endpoint, encoding: "json", disableMetadataLookup: true });
		const params = house.service("directory", "main", "web", "web");
		for (const userId of ["ada", "bob"])
			await client
				.get("directory", ["main"], { params })
				.action({ name: "registerPerson", args: [{ userId, name: userId, role: "member" }] });
		const open = async (input: object): Promise<string> => {
			const ticket = house.ticket("directory", "main", { id: "ada" });
			const directory = client.get("directory", ["main"], { params: ticket });
			return ((await directory.action({ name: "openRoom", args: [input] })) as { roomId: string }).roomId;
		};
		const rooms = {
			closedRoomId: await open({ name: "closed", visibility: "private" }),
			openRoomId: await open({ name: "open" }),
		};
		for (const actor of ["chatRoom", "workspace"] as const) {
			await client
				.getOrCreate(actor, ["echo"], { params: house.ticket(actor, "echo", { id: "ada" }), poolName: "workspaces" })
				.action({ name: "getRoom", args: [] });
		}
		await client.dispose();
		const endpoints = { engine: house.engine.endpoint, tunnel: `${tunnel.url}/rivet`, relay: `${relay.url}/rivet` };
		return { house, endpoints, ...rooms, stop: () => house.stop() };
	} catch (error) {
		await house.stop();
		throw error;
	}
}
