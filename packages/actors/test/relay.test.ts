import type { Message } from "@bullpen/domain/message";
import type { History, RoomView } from "@bullpen/domain/room";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type EdgeLink, Edges } from "./edge-client.ts";
import { type House, openHouse } from "./harness.ts";
import { NO_RATES } from "./limits.ts";
import { refused, Town, type Who } from "./room-client.ts";

let house: House;
let town: Town;
let edges: Edges;

const ada = { id: "ada" };
const bob = { id: "bob" };
const cyn = { id: "cyn" };
const GRACE_MS = 300;

beforeAll(async () => {
	house = await openHouse();
	await house.startActors("rooms", { limits: { ...NO_RATES, presenceGraceMs: GRACE_MS } });
	town = new Town(house);
	edges = new Edges(house);
	await town.register(ada, bob, cyn);
});
afterEach(async () => {
	await edges.close();
	await town.leave();
});
afterAll(() => house?.stop());

const attach = (link: EdgeLink, roomId: string, who: Who): Promise<string> =>
	edges.attach(link, "chatRoom", roomId, who);
const codeOf = (call: Promise<unknown>): Promise<string> =>
	call.then(
		() => "ok",
		(error: { group?: string; code?: string }) => `${error.group}/${error.code}`,
	);

describe("people behind an edge", () => {
	test("[RELAY1] [RELAY8] come with their own tickets, act as themselves and hear what everybody hears", async () => {
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
		const [first, , second] = people.map((one) => ("connectionId" in one ? one.connectionId : ""));
		await link.one(second!, "join");
		const direct = await town.sit(roomId, cyn);
		const sent = (await link.one(first!, "sendMessage", { text: "hello", nonce: "n1" })) as Message;
		expect(sent).toMatchObject({ sender: "ada", text: "hello", id: 1 });
		await vi.waitFor(() => expect(direct.messages).toEqual([sent]));
		await link.until(() => link.heardBy(second!, "newMessage").length > 0);
		expect(link.heardBy(second!, "newMessage")).toEqual([sent]);
		const answered = await direct.send("and back");
		await link.until(() => link.heardBy(first!, "newMessage").length > 1);
		expect(link.heardBy(first!, "newMessage")[1]).toEqual(answered);
		const { messages } = (await link.one(second!, "getHistory")) as History;
		expect(messages).toEqual([sent, answered]);
		expect(link.frames.map(({ n }) => n)).toEqual(link.frames.map((_, index) => index + 1));
	});

	test("[RELAY4] [R3] the sends of one frame are one commit: gapless, refusals alone, each answered", async () => {
		const roomId = await town.open(ada, "one frame");
		const link = await edges.open("chatRoom", roomId);
		const owner = await attach(link, roomId, ada);
		const ids: string[] = [];
		for (let index = 0; index < 20; index++) ids.push(await attach(link, roomId, { id: `p${index}` }));
		await Promise.all(link.forward(ids.map((id) => [id, "join"])));
		const visitor = await attach(link, roomId, cyn);
		const { head } = (await link.one(owner, "getHistory")) as History;
		const refusals: [unknown, string][] = [
			[{ text: " " }, "user/text_empty"],
			[{ text: 5 }, "user/bad_input"],
			[{ text: "a", replyTo: 1e9 }, "user/not_found"],
		];
		const calls = ids.flatMap((id, index): [string, string, unknown][] => {
			const poisoned = refusals[index % refusals.length];
			return [
				[id, "sendMessage", { text: `from ${index}` }],
				...(poisoned ? [[id, "sendMessage", poisoned[0]] as const] : []),
			].map(([who, name, input]) => [String(who), String(name), input]);
		});
		const outcomes = await Promise.allSettled(link.forward([...calls, [visitor, "sendMessage", { text: "outside" }]]));
		const sent = outcomes.flatMap((one) => (one.status === "fulfilled" ? [one.value as Message] : []));
		expect(sent.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
		expect(sent.map(({ text, sender }) => [text, sender])).toEqual(
			ids.map((_, index) => [`from ${index}`, `p${index}`]),
		);
		const codes = outcomes.flatMap((one) =>
			one.status === "rejected" ? [`${one.reason.group}/${one.reason.code}`] : [],
		);
		expect(codes).toEqual([...ids.map((_, index) => refusals[index % 3]![1]), "user/not_member"]);
		await link.until(() => link.events("roomChanged").some(({ args }) => lastIn(args).to === head.version + 20));
		const batches = link
			.events("roomChanged")
			.map(({ args }) => lastIn(args))
			.filter(({ from }) => from >= head.version);
		expect(batches.length).toBe(1);
	});

	test("[RELAY4] a connection's calls take effect in their order, when each frame waits until those before were started", async () => {
		const roomId = await town.open(ada, "in order");
		const link = await edges.open("chatRoom", roomId);
		const id = await attach(link, roomId, ada);
		const answers: Promise<unknown>[] = [];
		for (let frame = 0; frame < 30; frame++) {
			const calls = [0, 1].map((at): [string, string, unknown] => [id, "sendMessage", { text: `${frame}.${at}` }]);
			answers.push(...link.forward(calls));
			await link.started;
		}
		const sent = (await Promise.all(answers)).map((one) => one as Message);
		expect(sent.map((message) => message.id)).toEqual(sent.map((_, index) => index + 1));
		expect(sent.map(({ text }) => text)).toEqual(sent.map((_, index) => `${Math.floor(index / 2)}.${index % 2}`));
	});

	test("[RELAY3] [R8] hear the refusals of a direct connection, word for word", async () => {
		const roomId = await town.open(ada, "refusals");
		const link = await edges.open("chatRoom", roomId);
		const relayed = await attach(link, roomId, bob);
		const direct = town.connect("chatRoom", roomId, bob);
		const calls: [name: string, args: unknown[]][] = [
			["nope", []],
			["__proto__", []],
			["constructor", []],
			["getHistory.x", []],
			["sendMessage", [{ text: "not joined" }]],
			["join", [{ wrong: true }]],
			["getRoom", [null, null]],
			["kick", [{ userId: "ada" }]],
			["init", [{ name: "x", visibility: "public", createdBy: null, members: [] }]],
			["canEnter", [{ userId: "ada" }]],
			["outboxAlarm", []],
			["attach", [{ people: [] }]],
			["forward", [{ calls: [] }]],
		];
		for (const [name, args] of calls) {
			const [own, theirs] = await Promise.all([
				link.one(relayed, name, ...args).catch((error: unknown) => error),
				direct.action({ name, args }).catch((error: unknown) => error),
			]);
			expect(shown(own), name).toEqual(shown(theirs));
		}
		for (const args of [null, {}, []]) {
			const [answer] = link.forwardAs([{ connectionId: relayed, name: "getRoom", args }]);
			expect(await answer).toMatchObject({ room: { id: roomId } });
		}
	});

	test("[RELAY10] nothing is sent that nobody behind the edge listens to", async () => {
		const roomId = await town.open(ada, "quiet");
		const link = await edges.open("chatRoom", roomId);
		await link.call("listen", { events: ["roomChanged"] });
		const id = await attach(link, roomId, ada);
		await link.one(id, "sendMessage", { text: "one" });
		await link.call("listen", { events: ["newMessage"] });
		const sent = await link.one(id, "sendMessage", { text: "two" });
		await link.until(() => link.events("newMessage").length > 0);
		expect(link.heardBy(id, "newMessage")).toEqual([sent]);
		expect(link.events("roomChanged")).toHaveLength(1);
		expect(link.events("presence")).toHaveLength(0);
	});
});

describe("who is here", () => {
	const online = async (roomId: string): Promise<string[]> =>
		((await town.as("chatRoom", roomId, ada).getRoom()) as RoomView).onlineUserIds.sort();

	test("[RELAY8] [R7] people count once, direct and relayed together; a detach or the edge's end lets them go", async () => {
		const roomId = await town.open(ada, "presence");
		await town.as("chatRoom", roomId, bob).join();
		const seat = await town.sit(roomId, ada);
		const direct = await town.sit(roomId, bob);
		const link = await edges.open("chatRoom", roomId);
		const other = await edges.open("chatRoom", roomId, "edge:two");
		const relayed = await attach(link, roomId, bob);
		await attach(other, roomId, bob);
		await direct.connection.dispose();
		await link.call("detach", { connectionIds: [relayed] });
		expect(await online(roomId)).toEqual(["ada", "bob"]);
		other.close();
		await other.closed;
		await vi.waitFor(() => expect(seat.signs).toContainEqual({ userId: "bob", isOnline: false }));
		expect(await online(roomId)).toEqual(["ada"]);
		expect(seat.signs.filter((sign) => "isOnline" in sign && sign.userId === "bob")).toHaveLength(1);
	});

	test("[RELAY8] [R6] typing is told to others, through the same edge and beside it", async () => {
		const roomId = await town.open(ada, "typing");
		for (const who of [bob, cyn]) await town.as("chatRoom", roomId, who).join();
		const link = await edges.open("chatRoom", roomId);
		const [adas, bobs] = [await attach(link, roomId, ada), await attach(link, roomId, bob)];
		const seat = await town.sit(roomId, cyn);
		await link.one(adas, "setTyping", { isTyping: true });
		const sign = { userId: "ada", isTyping: true };
		await vi.waitFor(() => expect(seat.signs).toContainEqual(sign));
		await link.until(() => link.heardBy(bobs, "typing").length > 0);
		expect(link.heardBy(bobs, "typing")).toEqual([sign]);
		expect(link.heardBy(adas, "typing")).toEqual([]);
	});

	test("[RELAY8] [P4] who was removed is closed within a second, hears nothing after, and cannot come back by their lease", async () => {
		const roomId = await town.open(ada, "kicked");
		await town.as("chatRoom", roomId, bob).join();
		const link = await edges.open("chatRoom", roomId);
		const [adas, bobs, second] = [
			await attach(link, roomId, ada),
			await attach(link, roomId, bob),
			await attach(link, roomId, bob),
		];
		const before = Date.now();
		const [kick, late] = link.forward([
			[adas, "kick", { userId: "bob" }],
			[bobs, "sendMessage", { text: "too late?" }],
		]);
		late?.catch(() => undefined); // whether it was before or after the kick is nobody's promise
		await kick;
		await link.until(() => link.closes().length === 2);
		expect(Date.now() - before).toBeLessThan(1_000);
		expect(link.closes().sort()).toEqual([bobs, second].sort());
		const closedAt = link.ops.findIndex((op) => op.type === "close");
		await link.one(adas, "sendMessage", { text: "among us" });
		expect(await codeOf(link.one(bobs, "getHistory"))).toBe("relay/not_attached");
		const after = link.ops.slice(closedAt).filter((op) => op.type === "event");
		expect(after.length).toBeGreaterThan(0);
		expect(after.flatMap(({ to }) => to ?? [])).not.toContain(bobs);
		expect(await codeOf(link.attachOne({ connectionId: bobs }))).toBe("relay/not_attached");
		await town.as("chatRoom", roomId, ada).invite({ userId: "bob" });
		expect(await codeOf(link.attachOne({ connectionId: bobs }))).toBe("relay/not_attached");
	});

	test("[RELAY8] [P4] the invited are attached and hear nothing until they join", async () => {
		const roomId = await town.open(ada, "invited", "private");
		await town.as("chatRoom", roomId, ada).invite({ userId: "bob" });
		const link = await edges.open("chatRoom", roomId);
		const [adas, bobs] = [await attach(link, roomId, ada), await attach(link, roomId, bob)];
		const first = await link.one(adas, "sendMessage", { text: "before" });
		const [again] = (await link.attach([{ connectionId: bobs }])).people;
		expect(again).toEqual({ connectionId: bobs, leaseEndsAt: expect.any(Number) });
		await link.one(bobs, "join");
		const second = await link.one(adas, "sendMessage", { text: "after" });
		await link.until(() => link.heardBy(bobs, "newMessage").length > 0);
		expect(link.heardBy(bobs, "newMessage")).toEqual([second]);
		expect(link.heardBy(adas, "newMessage")).toEqual([first, second]);
	});
});

test("[RELAY7] [RELAY9] who is attached again moves to the newer link and is told the head; the old one's end is nothing to them", async () => {
	const roomId = await town.open(ada, "moving");
	const old = await edges.open("chatRoom", roomId);
	const id = await attach(old, roomId, ada);
	await old.one(id, "sendMessage", { text: "one" });
	const { head } = (await old.one(id, "getHistory")) as History;
	const link = await edges.open("chatRoom", roomId);
	expect((await link.attach([{ connectionId: id }, { connectionId: "nobody" }])).people).toEqual([
		{
			connectionId: id,
			leaseEndsAt: expect.any(Number),
			told: {
				name: "roomChanged",
				args: [{ from: head.version, to: head.version, rows: [], floorSeq: 1 }],
			},
		},
		{ refusal: { group: "relay", code: "not_attached", message: expect.any(String) } },
	]);
	expect(await codeOf(old.one(id, "getHistory"))).toBe("relay/not_attached");
	old.close();
	await old.closed;
	await new Promise((resolve) => setTimeout(resolve, 2 * GRACE_MS));
	const sent = await link.one(id, "sendMessage", { text: "two" });
	expect(link.heardBy(id, "newMessage")).toEqual([sent]);
});

test("[RELAY6] [RELAY9] an edge lets go of somebody through any of its connections, and their lease with it", async () => {
	const roomId = await town.open(ada, "leaving");
	await town.as("chatRoom", roomId, bob).join();
	const [old, link] = [await edges.open("chatRoom", roomId), await edges.open("chatRoom", roomId)];
	const id = await attach(old, roomId, bob);
	await link.call("detach", { connectionIds: [id] });
	expect(await codeOf(old.one(id, "getHistory"))).toBe("relay/not_attached");
	expect(await codeOf(link.attachOne({ connectionId: id }))).toBe("relay/not_attached");
	await vi.waitFor(async () => {
		expect((await town.as("chatRoom", roomId, ada).getRoom()).onlineUserIds).not.toContain("bob");
	});
});

test("[R10] what a person may send is theirs, through however many connections it comes", async () => {
	const other = await openHouse();
	try {
		await other.startActors("rooms");
		const nextTown = new Town(other);
		await nextTown.register(ada, bob);
		const link = await new Edges(other).open("chatRoom", "general");
		const tabs: string[] = [];
		for (let index = 0; index < 5; index++) tabs.push(await link.attachOne(other.ticket("chatRoom", "general", ada)));
		const bobs = await link.attachOne(other.ticket("chatRoom", "general", bob));
		await Promise.all(
			link.forward([
				[tabs[0]!, "join"],
				[bobs, "join"],
			]),
		);
		const sends = tabs.flatMap((id) =>
			Array.from({ length: 10 }, () => [id, "sendMessage", { text: "x" }] as [string, string, unknown]),
		);
		const outcomes = await Promise.all(link.forward([...sends, [bobs, "sendMessage", { text: "mine" }]]).map(codeOf));
		expect(outcomes.at(-1)).toBe("ok");
		const taken = outcomes.slice(0, -1).filter((code) => code === "ok").length;
		expect(taken).toBeGreaterThanOrEqual(20);
		expect(taken).toBeLessThan(25);
		expect(new Set(outcomes)).toEqual(new Set(["ok", "user/rate_limited"]));
		const { metadata } = await refused(link.one(tabs[0]!, "sendMessage", { text: "x" }));
		expect(metadata.waitMs).toBeGreaterThan(0);
	} finally {
		await other.stop();
	}
});

const shown = (error: unknown): unknown => {
	const { group, code, message, metadata } = error as Record<string, unknown>;
	return { group, code, message, metadata: metadata ?? {} };
};
const lastIn = (args: unknown[]): { from: number; to: number } => args[0] as { from: number; to: number };
