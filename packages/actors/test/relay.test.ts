import type { Message } from "@bullpen/domain/message";
import type { History, RoomView } from "@bullpen/domain/room";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { Edges } from "./edge-client.ts";
import { type House, openHouse } from "./harness.ts";
import { NO_RATES } from "./limits.ts";
import { Town } from "./room-client.ts";

let house: House;
let town: Town;
let edges: Edges;

const ada = { id: "ada" };
const bob = { id: "bob" };
const cyn = { id: "cyn" };
const PRESENCE_MS = 300;

beforeAll(async () => {
	house = await openHouse();
	await house.startActors("rooms", { limits: { ...NO_RATES, presenceGraceMs: PRESENCE_MS, inboxNoteHereMs: 20 } });
	town = new Town(house);
	edges = new Edges(house);
	await town.register(ada, bob, cyn);
});
afterEach(async () => {
	await edges.close();
	await town.leave();
});
afterAll(() => house?.stop());

describe("people behind an edge", () => {
	test("[RELAY1] [RELAY3] come with their own tickets, act as themselves and hear each other", async () => {
		const roomId = await town.open(ada, "relayed");
		const link = await edges.open("chatRoom", roomId);
		await link.call("listen", { events: ["newMessage", "roomChanged", "nope"] });
		const { people } = await link.attach([
			house.ticket("chatRoom", roomId, ada),
			{ ticket: "nonsense" },
			house.ticket("chatRoom", roomId, bob),
		]);
		expect(people).toMatchObject([
			{ connectionId: expect.stringMatching(/^[0-9a-f]{40}$/), leaseEndsAt: expect.any(Number) },
			{ refusal: { group: "user", code: "unauthenticated" } },
			{ connectionId: expect.any(String) },
		]);
		const ids = people.map((one) => ("connectionId" in one ? one.connectionId : ""));
		await link.one(ids[2]!, "join");
		const direct = await town.sit(roomId, cyn);
		const sent = (await link.one(ids[0]!, "sendMessage", { text: "hello", nonce: "n1" })) as Message;
		expect(sent).toMatchObject({ sender: "ada", text: "hello", id: 1 });
		await vi.waitFor(() => expect(direct.messages).toEqual([sent]));
		await link.until(() => link.heardBy(ids[2]!, "newMessage").length > 0);
		expect(link.heardBy(ids[2]!, "newMessage")).toEqual([sent]);
		const answered = await direct.send("and back");
		await link.until(() => link.heardBy(ids[0]!, "newMessage").length > 1);
		expect(link.heardBy(ids[0]!, "newMessage")[1]).toEqual(answered);
		const { messages } = (await link.one(ids[2]!, "getHistory")) as History;
		expect(messages).toEqual([sent, answered]);
	});
});
