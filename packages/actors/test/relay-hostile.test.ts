import { createPrivateKey, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ActorName } from "@bullpen/domain/identity";
import type { Message } from "@bullpen/domain/message";
import type { RoomView } from "@bullpen/domain/room";
import { WIRE } from "@bullpen/domain/wire";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { writeJwt } from "../src/identity.ts";
import { EdgeLink, Edges } from "./edge-client.ts";
import { type House, openHouse } from "./harness.ts";
import { NO_RATES } from "./limits.ts";
import { Town } from "./room-client.ts";

// An edge that was taken over: it holds the edge's key, speaks the protocol and wants to be somebody.
let house: House;
let town: Town;
let edges: Edges;
let roomId: string;
let hostile: EdgeLink;
let honest: EdgeLink;
/** Ada's connection, held by the honest edge; bob's and eve's own, by the hostile one. */
const ids = { ada: "", eve: "" };

const ada = { id: "ada" };
const eve = { id: "eve" };
const LEASE_MS = 10_000;

beforeAll(async () => {
	house = await openHouse();
	await house.startActors("rooms", { limits: { ...NO_RATES, leaseMs: LEASE_MS, relayConnectionsMax: 30 } });
	town = new Town(house);
	edges = new Edges(house);
	await town.register(ada, eve);
});
beforeEach(async () => {
	roomId = await town.open(ada, `target ${randomUUID()}`, "private");
	await town.as("chatRoom", roomId, ada).invite({ userId: "eve" });
	await town.as("chatRoom", roomId, eve).join();
	honest = await edges.open("chatRoom", roomId, "edge:honest");
	hostile = await edges.open("chatRoom", roomId, "edge:hostile");
	ids.ada = await edges.attach(honest, "chatRoom", roomId, ada);
	ids.eve = await edges.attach(hostile, "chatRoom", roomId, eve);
});
afterEach(async () => {
	await nobodySpokeForAda();
	await edges.close();
	await town.leave();
});
afterAll(() => house?.stop());

async function nobodySpokeForAda(): Promise<void> {
	const { messages } = await town.as("chatRoom", roomId, ada).getHistory();
	expect(messages.filter(({ sender }) => sender === "ada")).toEqual([]);
	const view: RoomView = await town.as("chatRoom", roomId, ada).getRoom();
	expect(view.members.map(({ id, role }) => [id, role]).sort()).toEqual([
		["ada", "owner"],
		["eve", "member"],
	]);
}

const codeOf = (call: Promise<unknown>): Promise<string> =>
	call.then(
		() => "ok",
		(error: { group?: string; code?: string }) => `${error.group}/${error.code}`,
	);
const refusals = async (people: ({ ticket: string } | { connectionId: string })[]): Promise<string[]> =>
	(await hostile.attach(people)).people.map((one) =>
		"refusal" in one ? `${one.refusal.group}/${one.refusal.code}` : "attached",
	);
const keyOf = (issuer: string) =>
	createPrivateKey(readFileSync(join(house.dataFolder, "keys", `${issuer}.private.pem`), "utf8"));

describe("an edge cannot act for somebody whose ticket it does not hold", () => {
	test("[RELAY2] by ids: another edge's, guessed, mangled, detached, its own other connection's", async () => {
		const second = await edges.open("chatRoom", roomId, "edge:hostile");
		const eves = await edges.attach(second, "chatRoom", roomId, eve);
		const detached = await edges.attach(hostile, "chatRoom", roomId, eve);
		await hostile.call("detach", { connectionIds: [detached, ids.ada] });
		const tries = [
			ids.ada,
			ids.ada.toUpperCase(),
			`${ids.ada} `,
			"",
			"0",
			"ada",
			"__proto__",
			detached,
			eves,
			"x".repeat(5_000),
		];
		const answers = await Promise.all(
			hostile.forward(tries.map((id) => [id, "sendMessage", { text: "I am ada" }])).map(codeOf),
		);
		expect(answers).toEqual(tries.map(() => "relay/not_attached"));
		const mixed = hostile.forward([
			[ids.ada, "sendMessage", { text: "I am ada" }],
			[ids.eve, "sendMessage", { text: "I am eve" }],
		]);
		expect(await codeOf(mixed[0]!)).toBe("relay/not_attached");
		expect(await mixed[1]).toMatchObject({ sender: "eve" } satisfies Partial<Message>);
		expect(await codeOf(honest.one(ids.ada, "getRoom"))).toBe("ok");
	});

	test("[RELAY1] [RELAY6] by attaching their connection again: the lease is the edge's that got it", async () => {
		expect(await refusals([{ connectionId: ids.ada }, { connectionId: "guessed" }])).toEqual([
			"relay/not_attached",
			"relay/not_attached",
		]);
		honest.close();
		await honest.closed;
		await hostile.call("detach", { connectionIds: [ids.ada] });
		expect(await refusals([{ connectionId: ids.ada }])).toEqual(["relay/not_attached"]);
		const back = await edges.open("chatRoom", roomId, "edge:honest");
		expect(await back.attachOne({ connectionId: ids.ada })).toBe(ids.ada);
	});

	test("[RELAY1] by tickets that are not theirs for this room: another room's, another actor's, old, forged, a service's", async () => {
		const other = await town.open(ada, `other ${randomUUID()}`);
		const claims = {
			sub: "ada",
			name: "ada",
			role: "member",
			jti: randomUUID(),
			iss: "web",
			aud: `chatRoom:${roomId}`,
		};
		const now = Math.floor(Date.now() / 1000);
		const tickets = [
			house.ticket("chatRoom", other, ada).ticket,
			house.ticket("userInbox", "ada", ada).ticket,
			house.ticket("chatRoom", roomId, { ...ada, ageSeconds: 200 }).ticket,
			writeJwt({ ...claims, typ: "ticket", iat: now, exp: now + 60 }, keyOf("edge")),
			writeJwt({ ...claims, typ: "ticket", iat: now, exp: now + 60, iss: "edge" }, keyOf("edge")),
			house.service("chatRoom", roomId, "directory:main", "edge").service,
			house.service("chatRoom", roomId, "edge:hostile", "edge").service,
			"",
			"a.b.c",
		];
		expect(await refusals(tickets.map((ticket) => ({ ticket })))).toEqual(tickets.map(() => "user/unauthenticated"));
		expect(await refusals([house.ticket("chatRoom", roomId, { id: "mallory" })])).toEqual(["user/not_found"]);
	});

	test("[RELAY3] by forwarding what only services and alarms call", async () => {
		const names = ["init", "canEnter", "attach", "detach", "forward", "listen", "outboxAlarm", "pruneAlarm"];
		const calls = names.map((name): [string, string, unknown] => [ids.eve, name, { userId: "ada" }]);
		expect(await Promise.all(hostile.forward(calls).map(codeOf))).toEqual(names.map(() => "user/forbidden"));
	});

	test("[RELAY1] [AUT3] by its own token: it calls nothing but the four, and is nobody", async () => {
		for (const name of Object.keys(WIRE.chatRoom.actions)) {
			if (["attach", "detach", "forward", "listen"].includes(name)) continue;
			expect(await codeOf(hostile.call(name, { text: "x", userId: "ada" })), name).toBe("user/forbidden");
		}
		for (const [subject, issuer] of [
			["edge:one", "actors"],
			["edge:one", "web"],
			["directory:main", "edge"],
			["edgy:one", "edge"],
		] as const) {
			const link = await EdgeLink.open(house, "chatRoom", roomId, house.service("chatRoom", roomId, subject, issuer));
			expect(await codeOf(link.attach([house.ticket("chatRoom", roomId, eve)]))).toBe("user/forbidden");
			link.close();
		}
	});

	test("[RELAY5] by flooding: too many at once, nothing, and more connections than an actor holds", async () => {
		const one = { connectionId: ids.eve, callId: 1, name: "getRoom", args: [] };
		for (const [name, input] of [
			["attach", { people: [] }],
			["attach", { people: Array.from({ length: 201 }, () => ({ connectionId: "x" })) }],
			["attach", { people: [{ ticket: "x", connectionId: ids.ada }] }],
			["attach", { people: [{ ticket: "x".repeat(5_000) }] }],
			["attach", { people: [{ userId: "ada" }] }],
			["forward", { calls: Array.from({ length: 501 }, () => one) }],
			["forward", { calls: [{ ...one, sender: "ada" }] }],
			["forward", { calls: [one], as: "ada" }],
			["detach", { connectionIds: Array.from({ length: 1_001 }, () => "x") }],
			["listen", { events: Array.from({ length: 65 }, () => "x") }],
		] as const) {
			expect(await codeOf(hostile.call(name, input)), name).toBe("user/bad_input");
		}
		const ticket = house.ticket("chatRoom", roomId, eve);
		const outcomes = await refusals(Array.from({ length: 60 }, () => ticket));
		expect(outcomes.filter((outcome) => outcome === "attached")).toHaveLength(28);
		expect(new Set(outcomes)).toEqual(new Set(["attached", "user/busy"]));
		expect(await codeOf(honest.one(ids.ada, "getRoom"))).toBe("ok");
	});
});

test("[RELAY1] people, connected or not, are no edges, on any actor", async () => {
	const keys: Record<ActorName, string> = {
		chatRoom: roomId,
		userInbox: "eve",
		directory: "main",
		search: "main",
		workspace: "",
	};
	for (const actor of ["chatRoom", "userInbox", "directory", "search"] as const) {
		const key = keys[actor];
		const params = house.ticket(actor, key, eve);
		const connection = town.connect(actor, key, eve);
		for (const [name, input] of [
			["attach", { people: [{ connectionId: ids.ada }] }],
			["detach", { connectionIds: [ids.ada] }],
			["forward", { calls: [{ connectionId: ids.ada, callId: 1, name: "sendMessage", args: [{ text: "x" }] }] }],
			["listen", { events: [] }],
		] as const) {
			const call = { name, args: [input] };
			expect(await codeOf(connection.action(call)), name).toBe("user/forbidden");
			expect(await codeOf(town.client[actor].get([key], { params }).action(call)), name).toBe("user/forbidden");
		}
	}
});

test("[RELAY6] [R8] a relayed connection ends with its lease, and the lease brings nobody back", async () => {
	await honest.until(() => honest.closes().includes(ids.ada));
	expect(honest.ops).toContainEqual({ type: "close", connectionId: ids.ada, reason: "lease_ended" });
	expect(await codeOf(honest.one(ids.ada, "getRoom"))).toBe("relay/not_attached");
	expect(await codeOf(honest.attachOne({ connectionId: ids.ada }))).toBe("relay/not_attached");
	const fresh = await edges.attach(honest, "chatRoom", roomId, ada);
	expect(fresh).not.toBe(ids.ada);
	await vi.waitFor(async () => expect(await codeOf(honest.one(fresh, "getRoom"))).toBe("ok"));
});
