import type { Message } from "@bullpen/domain/message";
import type { History } from "@bullpen/domain/room";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type EdgeLink, Edges } from "./edge-client.ts";
import { type ActorsProcess, type House, openHouse } from "./harness.ts";
import { NO_RATES } from "./limits.ts";
import { Town } from "./room-client.ts";

let house: House;
let town: Town;
let edges: Edges;
let actors: ActorsProcess;

const MINUTE = 60_000;
const LEASE_MS = 45_000;
const ada = { id: "ada" };
const bob = { id: "bob" };
const cyn = { id: "cyn" };
const limits = { ...NO_RATES, leaseMs: LEASE_MS, presenceGraceMs: 1_500 };

beforeAll(async () => {
	house = await openHouse();
	actors = await house.startActors("rooms", { limits });
	town = new Town(house);
	edges = new Edges(house);
	await town.register(ada, bob, cyn);
});
afterAll(async () => {
	await edges?.close();
	await town?.leave();
	await house?.stop();
});

/** Opens the edge's connection as soon as somebody answers it. */
const reopen = (roomId: string, instance: string): Promise<EdgeLink> =>
	vi.waitFor(() => edges.open("chatRoom", roomId, instance), { timeout: MINUTE, interval: 200 });

test(
	"[RELAY5] [RELAY6] after kill -9 of the actors an edge brings its people back without a ticket, and they were never away",
	async () => {
		const roomId = await town.open(ada, "phoenix");
		for (const who of [bob, cyn]) await town.as("chatRoom", roomId, who).join();
		const old = await edges.open("chatRoom", roomId);
		const other = await edges.open("chatRoom", roomId, "edge:two");
		const [adas, bobs] = [
			await edges.attach(old, "chatRoom", roomId, ada),
			await edges.attach(old, "chatRoom", roomId, bob),
		];
		const cyns = await edges.attach(other, "chatRoom", roomId, cyn);
		const removed = await edges.attach(other, "chatRoom", roomId, bob);
		const sent = (await old.one(adas, "sendMessage", { text: "before" })) as Message;
		const { head } = (await old.one(adas, "getHistory")) as History;
		const oldLink = old.frames.at(-1)?.link;

		await actors.kill("SIGKILL");
		actors = await house.startActors("rooms", { limits });

		const link = await reopen(roomId, "edge:one");
		const { people, link: linkId } = await link.attach([
			{ connectionId: adas },
			{ connectionId: bobs },
			{ connectionId: cyns },
		]);
		expect(linkId).not.toBe(oldLink);
		expect(people).toMatchObject([
			{ connectionId: adas, told: { name: "roomChanged", args: [{ from: head.version, to: head.version }] } },
			{ connectionId: bobs },
			{ refusal: { group: "relay", code: "not_attached" } },
		]);
		const again = (await link.one(bobs, "sendMessage", { text: "after" })) as Message;
		expect(again).toMatchObject({ sender: "bob", id: sent.id + 1 });
		await link.until(() => link.heardBy(adas, "newMessage").length > 0);
		expect(link.heardBy(adas, "newMessage")).toEqual([again]);

		// Cyn's edge does not come back: everybody hears that she left, and of nobody else.
		await link.until(() => link.heardBy(adas, "presence").length > 0);
		expect(link.events("presence").map(({ args }) => args[0])).toEqual([{ userId: "cyn", isOnline: false }]);

		// Who was removed meanwhile does not come back by a lease.
		await link.one(adas, "kick", { userId: "bob" });
		await link.until(() => link.closes().includes(bobs));
		const second = await reopen(roomId, "edge:two");
		const [first] = (await second.attach([{ connectionId: removed }])).people;
		expect(first).toMatchObject({ refusal: { group: "user", code: "not_member" } });
		expect((await second.attach([{ connectionId: cyns }])).people).toMatchObject([{ connectionId: cyns }]);
	},
	2 * MINUTE,
);

test(
	"[RELAY5] an edge whose connection outlives the actors hears of the new link before anything else of it",
	async () => {
		const roomId = await town.open(ada, "survivor");
		const link = await edges.open("chatRoom", roomId);
		const id = await edges.attach(link, "chatRoom", roomId, ada);
		await link.one(id, "sendMessage", { text: "before" });
		const known = link.frames.at(-1)?.link;
		await actors.kill("SIGTERM");
		actors = await house.startActors("rooms", { limits });
		await vi.waitFor(() => town.as("chatRoom", roomId, ada).sendMessage({ text: "somebody wakes it" }), {
			timeout: MINUTE,
			interval: 200,
		});
		await vi.waitFor(() => expect(link.frames.at(-1)?.link).not.toBe(known), { timeout: MINUTE, interval: 50 });
		const newest = link.frames.filter((frame) => frame.link !== known);
		expect(newest[0]).toMatchObject({ ops: [] });
		await expect(link.one(id, "getHistory")).rejects.toMatchObject({ code: "not_attached" });
		expect(await link.attachOne({ connectionId: id })).toBe(id);
		expect(((await link.one(id, "getHistory")) as History).messages).toHaveLength(2);
	},
	2 * MINUTE,
);
