import type { Message } from "@bullpen/domain/message";
import type { RoomView } from "@bullpen/domain/room";
import { createClient } from "rivetkit/client";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import type { EdgeProcess } from "../../../packages/actors/test/edge-process.ts";
import { type ActorsProcess, type House, openHouse } from "../../../packages/actors/test/harness.ts";
import { NO_RATES } from "../../../packages/actors/test/limits.ts";
import type { StockConnection } from "./conformance/stage.ts";

/** Stock RivetKit clients, real edges, real actors, a real engine: what people notice when one of them dies. */
let house: House;
let actors: ActorsProcess;
let edges: EdgeProcess[];
let rooms = 0;

beforeAll(async () => {
	house = await openHouse();
	[actors, ...edges] = await Promise.all([startRooms(), house.startEdge(), house.startEdge()]);
	const client = createClient({ endpoint: house.engine.endpoint, encoding: "json", disableMetadataLookup: true });
	for (const userId of ["ada", "bob", "cyn"]) {
		const person = { userId, name: userId, role: "member" };
		const params = house.service("directory", "main", "web", "web");
		await client.get("directory", ["main"], { params }).action({ name: "registerPerson", args: [person] });
	}
}, 60_000);
afterAll(() => house?.stop());

const startRooms = (): Promise<ActorsProcess> =>
	house.startActors("rooms", { limits: { ...NO_RATES, presenceGraceMs: 1_500 } });

function clientOf(endpoint: string) {
	const client = createClient({ endpoint, encoding: "json", disableMetadataLookup: true });
	onTestFinished(() => void client.dispose()); // one that lost its edge would wait for it
	return client;
}

async function openRoom(): Promise<string> {
	const params = house.ticket("directory", "main", { id: "ada" });
	const input = { name: `room-${++rooms}` };
	const directory = clientOf(house.engine.endpoint).get("directory", ["main"], { params });
	return ((await directory.action({ name: "openRoom", args: [input] })) as { roomId: string }).roomId;
}

/** Somebody in a room, behind one of the edges, and what happened to them. */
class Guest {
	readonly connection: StockConnection;
	readonly batches: { from: number; to: number; rows: { kind: string; message?: Message }[] }[] = [];
	readonly presence: unknown[] = [];
	readonly statuses: string[] = [];

	constructor(roomId: string, id: string, edge: EdgeProcess) {
		const getParams = async () => house.ticket("chatRoom", roomId, { id });
		const handle = clientOf(`${edge.url}/rivet`).get("chatRoom", [roomId], { getParams });
		this.connection = handle.connect() as unknown as StockConnection;
		this.connection.on("roomChanged", (batch) => this.batches.push(batch as never));
		this.connection.on("presence", (sign) => this.presence.push(sign));
		this.connection.onStatusChange((status) => this.statuses.push(status));
	}

	act(name: string, ...args: unknown[]): Promise<unknown> {
		return this.connection.action({ name, args });
	}

	send(text: string): Promise<Message> {
		return this.act("sendMessage", { text, nonce: text.replaceAll(" ", "-") }) as Promise<Message>;
	}

	/** As a supervised client does: again with the same nonce until it is acknowledged. */
	async sendAnyhow(text: string): Promise<Message> {
		for (;;) {
			try {
				return await this.send(text);
			} catch {
				await new Promise((resolve) => setTimeout(resolve, 50)); // refused as busy or unconfirmed: it says so
			}
		}
	}

	get heard(): string {
		return JSON.stringify(this.batches);
	}
}

async function guest(roomId: string, id: string, edge = edges[0]!): Promise<Guest> {
	const one = new Guest(roomId, id, edge);
	await one.act("join");
	return one;
}

async function history(one: Guest): Promise<string[]> {
	const { messages } = (await one.act("getHistory", { limit: 200 })) as { messages: Message[] };
	return messages.map(({ text }) => text);
}

test("two edges side by side: messages and presence cross, a person is here once however many connections", async () => {
	const roomId = await openRoom();
	const ada = await guest(roomId, "ada", edges[0]);
	const bob = await guest(roomId, "bob", edges[1]);
	const again = await guest(roomId, "bob", edges[0]);
	await ada.send("from the one");
	await bob.send("from the other");
	for (const one of [ada, bob, again])
		await vi.waitFor(() => expect(one.heard).toMatch(/from the one.*from the other/), 5_000);
	const online = async (): Promise<string[]> => [...((await ada.act("getRoom")) as RoomView).onlineUserIds].sort();
	expect(await online()).toEqual(["ada", "bob"]);
	await bob.connection.dispose();
	expect(await online()).toEqual(["ada", "bob"]);
	await again.connection.dispose();
	await vi.waitFor(async () => expect(await online()).toEqual(["ada"]), 5_000);
});

test("a kick ends the connection of the one who was kicked, and of nobody else, at once", async () => {
	const roomId = await openRoom();
	const [ada, bob, cyn] = [
		await guest(roomId, "ada"),
		await guest(roomId, "bob"),
		await guest(roomId, "cyn", edges[1]),
	];
	await Promise.all([bob.act("getRoom"), cyn.act("getRoom")]);
	bob.statuses.length = cyn.statuses.length = 0;
	await ada.act("kick", { userId: "bob" });
	await vi.waitFor(() => expect(bob.statuses).toContain("disconnected"), 1_000);
	expect(cyn.statuses).toEqual([]);
});

test("the rooms' process is killed: sockets stay, what was sent is there once, and everybody converges", async () => {
	const roomId = await openRoom();
	const [ada, bob] = [await guest(roomId, "ada"), await guest(roomId, "bob", edges[1])];
	await ada.send("before");
	for (const one of [ada, bob]) one.statuses.length = 0;
	await actors.kill("SIGKILL");
	const sending = ada.sendAnyhow("meanwhile");
	actors = await startRooms();
	await sending;
	await bob.sendAnyhow("after");
	expect(await history(ada)).toEqual(["before", "meanwhile", "after"]);
	expect(await history(bob)).toEqual(["before", "meanwhile", "after"]);
	await vi.waitFor(() => expect(ada.heard).toContain("after"), 10_000);
	for (const one of [ada, bob]) expect(one.statuses).toEqual([]);
}, 60_000);

test("the engine is killed and comes back: sockets stay, and who missed something is told the head", async () => {
	const roomId = await openRoom();
	const [ada, bob] = [await guest(roomId, "ada"), await guest(roomId, "bob", edges[1])];
	await ada.send("before");
	for (const one of [ada, bob]) one.statuses.length = 0;
	await house.engine.restart();
	await ada.sendAnyhow("after");
	const { version } = ((await ada.act("getRoom")) as RoomView).head;
	await vi.waitFor(() => expect(bob.batches.at(-1)?.to).toBe(version), 20_000);
	expect(await history(bob)).toEqual(["before", "after"]);
	for (const one of [ada, bob]) expect(one.statuses).toEqual([]);
}, 60_000);

test("an edge that is asked to end: its clients are told, come back by another, and nobody saw them leave", async () => {
	const roomId = await openRoom();
	const leaving = await house.startEdge();
	const watcher = await guest(roomId, "ada", edges[0]);
	const mover = await guest(roomId, "bob", leaving);
	await mover.send("before");
	await vi.waitFor(() => expect(watcher.presence).not.toEqual([]));
	watcher.presence.length = 0;
	const failed = vi.fn();
	mover.connection.onError(failed);
	const closed = new Promise<void>((resolve) => mover.connection.onClose(() => resolve()));
	const last = mover.send("last");
	const ended = leaving.kill("SIGTERM");
	await last;
	await closed;
	const moved = await guest(roomId, "bob", edges[1]); // as a supervised client would
	await moved.send("after");
	await ended;
	expect(await history(moved)).toEqual(["before", "last", "after"]);
	expect(failed).not.toHaveBeenCalled();
	await vi.waitFor(() => expect(watcher.heard).toContain("after"), 5_000);
	expect(watcher.presence).toEqual([]);
}, 60_000);

test("an edge that is killed: its clients come back elsewhere and nothing they were promised is lost", async () => {
	const roomId = await openRoom();
	const dying = await house.startEdge();
	const ada = await guest(roomId, "ada", dying);
	const kept: string[] = [];
	for (let at = 0; at < 20; at++) kept.push((await ada.send(`message ${at}`)).text);
	const open = ada.send("open").catch(() => "unanswered");
	await dying.kill("SIGKILL");
	await open;
	const back = await guest(roomId, "ada", edges[1]);
	await back.sendAnyhow("open");
	expect(await history(back)).toEqual([...kept, "open"]);
}, 60_000);
