import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type House, openHouse } from "./harness.ts";
import { NO_RATES } from "./limits.ts";
import { refused, Town, type Who } from "./room-client.ts";

let house: House;
let town: Town;

const ada = { id: "ada" };
const bob = { id: "bob" };
const cyn = { id: "cyn" };
const boss: Who = { id: "boss", role: "owner" };
const guest: Who = { id: "guest", role: "guest" };
const LEASE_MS = 1_500;

beforeAll(async () => {
	house = await openHouse();
	await house.startActors("rooms", { limits: { ...NO_RATES, leaseMs: LEASE_MS } });
	town = new Town(house);
	await town.register(ada, bob, cyn, boss, guest);
});
afterEach(() => town.leave());
afterAll(() => house?.stop());

const as = (roomId: string, who: Who) => town.as("chatRoom", roomId, who);

describe("private rooms", () => {
	test("[MEM1] to everybody else a private room is as if it were not there", async () => {
		const roomId = await town.open(ada, "secret plans", "private");
		const fromOutside = await refused(as(roomId, bob).getRoom());
		expect(fromOutside.code).toBe("not_found");
		const params = house.ticket("chatRoom", "r-never-initialised", bob);
		const empty = town.client.chatRoom.getOrCreate(["r-never-initialised"], { params, poolName: "rooms" });
		expect(await refused(empty.getRoom())).toEqual(fromOutside);
		const listed = (await town.as("directory", "main", bob).list()).rows;
		expect(JSON.stringify(listed)).not.toContain("secret plans");
		const { code } = await refused(town.as("directory", "main", bob).openRoom({ name: "Secret Plans" }));
		expect(code).toBe("name_taken");
		expect(await town.open(ada, "secret plans")).toBe(roomId);
	});

	test("[MEM4] an invitation opens it, joining is an act of its own, and nothing is heard before", async () => {
		const roomId = await town.open(ada, "invited", "private");
		const a = await town.sit(roomId, ada);
		await a.connection.invite({ userId: "bob" });
		expect(await town.open(bob, "invited")).toBe(roomId);
		const b = await town.sit(roomId, bob, { joins: false });
		const view = await b.connection.getRoom();
		expect(view).toMatchObject({ me: { status: "invited" }, members: [{ id: "bob" }], onlineUserIds: [] });
		await a.send("before");
		expect((await refused(b.connection.getHistory())).code).toBe("not_member");
		await b.connection.join();
		const after = await a.send("after");
		await vi.waitFor(() => expect(b.messages).toEqual([after]));
		expect(b.batches.flatMap(({ rows }) => rows).filter(({ kind }) => kind === "message")).toEqual([after]);
	});

	test("[MEM5] who leaves a private room hears no more of it and comes back by invitation", async () => {
		const roomId = await town.open(ada, "left", "private");
		const a = await town.sit(roomId, ada);
		await a.connection.invite({ userId: "bob" });
		const b = await town.sit(roomId, bob);
		await b.connection.leave();
		await a.send("they are gone");
		expect((await refused(b.connection.getHistory())).code).toBe("not_found");
		expect(b.messages).toEqual([]);
		expect((await refused(as(roomId, bob).join())).code).toBe("not_found");
	});

	test("[MEM1] a guest of the server enters only by invitation, of public rooms too", async () => {
		const roomId = await town.open(ada, "for guests");
		expect((await refused(as(roomId, guest).getRoom())).code).toBe("not_found");
		await as(roomId, ada).invite({ userId: "guest", role: "guest" });
		expect((await as(roomId, guest).join()).me).toMatchObject({ role: "guest" });
		await as(roomId, guest).sendMessage({ text: "hello" });
		expect((await refused(as(roomId, guest).invite({ userId: "cyn" }))).code).toBe("forbidden");
		expect((await refused(town.as("directory", "main", guest).openRoom({ name: "mine" }))).code).toBe("forbidden");
	});
});

describe("showing somebody out", () => {
	test("[MEM2] kicked people are out within a second, hear nothing more, and stay out", async () => {
		const roomId = await town.open(ada, "kicks");
		const a = await town.sit(roomId, ada);
		const [one, two] = [await town.sit(roomId, bob), await town.sit(roomId, bob)];
		const ticket = house.ticket("chatRoom", roomId, bob);
		// The stock client would connect again by itself, and leave the refusal to nobody.
		for (const seat of [one, two]) seat.connection.onClose(() => void seat.connection.dispose());
		const kickedAt = performance.now();
		await a.connection.kick({ userId: "bob" });
		await a.send("not for bob");
		await vi.waitFor(() => expect([one.isClosed, two.isClosed]).toEqual([true, true]), { interval: 10 });
		expect(performance.now() - kickedAt).toBeLessThan(1_000);
		for (const seat of [one, two]) expect(JSON.stringify([seat.batches, seat.messages])).not.toContain("not for bob");
		expect((await refused(as(roomId, bob).getRoom())).code).toBe("not_member");
		expect((await refused(as(roomId, bob).join())).code).toBe("not_member");
		expect((await refused(town.client.chatRoom.get([roomId], { params: ticket }).getHistory())).code).toBe(
			"not_member",
		);
	});

	test("[MEM7] an admin's invitation brings them back, with a ticket made after their removal", async () => {
		const roomId = await town.open(ada, "forgiven");
		await as(roomId, bob).join();
		await as(roomId, cyn).join();
		const old = house.ticket("chatRoom", roomId, { ...bob, ageSeconds: 10 });
		await as(roomId, ada).kick({ userId: "bob" });
		expect((await refused(as(roomId, cyn).invite({ userId: "bob" }))).code).toBe("forbidden");
		await as(roomId, ada).invite({ userId: "bob" });
		expect((await refused(town.client.chatRoom.get([roomId], { params: old }).join())).code).toBe("unauthenticated");
		expect((await as(roomId, bob).join()).me).toMatchObject({ status: "joined" });
	});

	test("[MEM9] a ban also keeps out who never was in, until an admin lifts it by inviting", async () => {
		const roomId = await town.open(ada, "bans");
		await as(roomId, ada).ban({ userId: "bob" });
		expect((await refused(as(roomId, bob).join())).code).toBe("not_member");
		await as(roomId, ada).invite({ userId: "bob" });
		await as(roomId, bob).join();
	});

	test("[MEM3] an owner of the server who has joined may act, before that not", async () => {
		const roomId = await town.open(ada, "governed");
		await as(roomId, bob).join();
		expect((await refused(as(roomId, boss).kick({ userId: "bob" }))).code).toBe("not_member");
		await as(roomId, boss).join();
		await as(roomId, boss).kick({ userId: "bob" });
		await as(roomId, boss).setRole({ userId: "ada", role: "admin" });
		expect((await refused(as(roomId, ada).invite({ userId: "cyn", role: "owner" }))).code).toBe("forbidden");
	});
});

test("a connection is a lease: at its end it is closed, and one with a fresh ticket goes on", async () => {
	const seat = await town.sit("general", ada);
	const sent = await seat.send("within the lease");
	await vi.waitFor(() => expect(seat.isClosed).toBe(true), { timeout: LEASE_MS + 2_000, interval: 20 });
	await vi.waitFor(async () => expect((await seat.connection.getHistory()).messages).toContainEqual(sent), 5_000);
});
