import { LIMITS } from "@bullpen/domain/limits";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type House, openHouse } from "./harness.ts";
import { NO_RATES } from "./limits.ts";
import { refused, Town, type Who } from "./room-client.ts";

let house: House;
let town: Town;

const ada = { id: "ada" };
const bob = { id: "bob" };
const cyn = { id: "cyn" };
const dan = { id: "dan" };
const boss: Who = { id: "boss", role: "owner" };
const guest: Who = { id: "guest", role: "guest" };
const SECOND_MS = 1_000;

beforeAll(async () => {
	house = await openHouse();
	await house.startActors("rooms", { limits: { ...NO_RATES, linkBurstPerPerson: 1e9, directsOpenedPerHour: 1e9 } });
	town = new Town(house);
	await town.register(ada, bob, cyn, dan, boss, guest);
});
afterEach(() => town.leave());
afterAll(() => house?.stop());

const as = (roomId: string, who: Who) => town.as("chatRoom", roomId, who);
const directory = (who: Who) => town.as("directory", "main", who);
const web = () => town.client.directory.get(["main"], { params: house.service("directory", "main", "web", "web") });
const rowOf = async (who: Who, roomId: string) =>
	(await town.as("userInbox", who.id, who).getInbox()).rows.find(({ id }) => id === roomId);

describe("direct rooms", () => {
	test("[I3] [DIR1] both sides who start one at once are in one room, and each finds it in their sidebar", async () => {
		const wishes = [
			directory(ada).openDirect({ userIds: ["bob"] }),
			directory(bob).openDirect({ userIds: ["ada"] }),
			directory(ada).openDirect({ userIds: ["bob", "ada"] }),
		];
		const opened = await Promise.all(wishes);
		const [{ roomId }] = opened as [(typeof opened)[0]];
		expect(new Set(opened.map((one) => one.roomId)).size).toBe(1);
		expect(roomId).toMatch(/^d-[0-9a-f]{32}$/);
		expect(opened.filter(({ created }) => created)).toHaveLength(1);
		const [hers, his] = [await town.sit(roomId, ada, { joins: false }), await town.sit(roomId, bob, { joins: false })];
		const said = await hers.send("only for you");
		await vi.waitFor(() => expect(his.messages).toEqual([said]));
		for (const who of [ada, bob]) {
			await vi.waitFor(async () =>
				expect(await rowOf(who, roomId)).toMatchObject({ visibility: "direct", name: "ada bob" }),
			);
		}
	});

	test("[I3] [DIR2] only those who are in it may enter, the owner of the server included, and it is listed nowhere", async () => {
		const { roomId } = await directory(ada).openDirect({ userIds: ["bob", "cyn"] });
		for (const who of [dan, boss, guest]) {
			const room = as(roomId, who);
			for (const call of [() => room.getRoom(), () => room.join(), () => room.getHistory()]) {
				expect((await refused(call())).code).toBe("not_found");
			}
		}
		expect(JSON.stringify((await directory(boss).list()).rows)).not.toContain(roomId);
	});

	test("[DIR4] nobody is let in, shown out or gone, and there is nothing to run", async () => {
		const { roomId } = await directory(ada).openDirect({ userIds: ["bob"] });
		const room = as(roomId, ada);
		for (const call of [
			() => room.invite({ userId: "cyn" }),
			() => room.kick({ userId: "bob" }),
			() => room.ban({ userId: "bob" }),
			() => room.leave(),
			() => room.setRole({ userId: "bob", role: "guest" }),
			() => room.updateRoom({ name: "ours" }),
			() => room.createLink({}),
			() => room.transferOwnership({ userId: "bob" }),
		]) {
			expect((await refused(call())).code).toBe("forbidden");
		}
		expect((await room.getRoom()).members.map(({ status }) => status)).toEqual(["joined", "joined"]);
	});

	test("[DIR2] with oneself, with too many, with nobody there, and by a guest it is refused", async () => {
		const many = Array.from({ length: 10 }, (_, index) => `p${index}`);
		expect((await refused(directory(ada).openDirect({ userIds: ["ada"] }))).code).toBe("bad_input");
		expect((await refused(directory(ada).openDirect({ userIds: many }))).code).toBe("bad_input");
		expect((await refused(directory(ada).openDirect({ userIds: ["no-such-person"] }))).code).toBe("not_found");
		expect((await refused(directory(guest).openDirect({ userIds: ["ada"] }))).code).toBe("forbidden");
	});
});

describe("a room's settings", () => {
	test("[SET1] a new name is the room's everywhere, and the old one is free", async () => {
		const roomId = await town.open(ada, "before");
		const taken = await town.open(bob, "taken");
		await as(roomId, ada).updateRoom({ name: " After ", topic: "What we do" });
		expect((await as(roomId, ada).getRoom()).room).toMatchObject({ name: "After", topic: "What we do" });
		expect(await town.open(cyn, "AFTER")).toBe(roomId);
		expect(await town.open(cyn, "before")).not.toBe(roomId);
		await vi.waitFor(async () => {
			expect(await rowOf(ada, roomId)).toMatchObject({ name: "After" });
			const listed = (await directory(bob).list()).rows.find(({ id }) => id === roomId);
			expect(listed).toMatchObject({ name: "After", topic: "What we do" });
		}, 3_000);
		expect((await refused(as(roomId, ada).updateRoom({ name: "Taken" }))).code).toBe("name_taken");
		expect((await refused(as(taken, ada).updateRoom({ name: "mine" }))).code).toBe("not_member");
		expect((await refused(as(roomId, ada).updateRoom({ name: "a\u202eb" }))).code).toBe("text_invalid");
	});

	test("[SET2] an archived room is read and not changed, until it is restored", async () => {
		const roomId = await town.open(ada, "done with");
		const hers = await town.sit(roomId, ada);
		await as(roomId, bob).join();
		const sent = await hers.send("kept");
		expect((await refused(as(roomId, bob).updateRoom({ isArchived: true }))).code).toBe("forbidden");
		await as(roomId, ada).updateRoom({ isArchived: true });
		for (const call of [
			() => as(roomId, ada).sendMessage({ text: "more" }),
			() => as(roomId, ada).editMessage({ id: sent.id, text: "other" }),
			() => as(roomId, ada).toggleReaction({ id: sent.id, emoji: "🚀" }),
			() => as(roomId, ada).invite({ userId: "cyn" }),
			() => as(roomId, cyn).join(),
			() => as(roomId, ada).updateRoom({ topic: "new" }),
		]) {
			expect((await refused(call())).code).toBe("archived");
		}
		expect((await as(roomId, cyn).getHistory()).messages).toEqual([sent]);
		await vi.waitFor(async () => {
			const listed = (await directory(bob).list()).rows.find(({ id }) => id === roomId);
			expect(listed).toMatchObject({ archivedAt: expect.any(Number) });
		}, 3_000);
		await as(roomId, ada).updateRoom({ isArchived: false });
		await as(roomId, bob).sendMessage({ text: "back" });
		expect((await refused(as("general", boss).updateRoom({ isArchived: true }))).code).toBe("not_member");
	});

	test("[SET3] what it keeps is its own to say, and is told to everybody in it", async () => {
		const roomId = await town.open(ada, "short memory");
		await as(roomId, ada).updateRoom({ retentionMessages: 3 });
		expect((await as(roomId, bob).join()).room).toMatchObject({ retentionMessages: 3 });
		expect((await refused(as(roomId, ada).updateRoom({ retentionMessages: 1e9 }))).code).toBe("bad_input");
	});
});

describe("who runs a room", () => {
	test("[MEM10] a lifted ban leaves somebody who left: they come back by themselves", async () => {
		const roomId = await town.open(ada, "lifted");
		await as(roomId, ada).ban({ userId: "bob" });
		expect((await refused(as(roomId, bob).join())).code).toBe("not_member");
		expect((await refused(as(roomId, ada).unban({ userId: "cyn" }))).code).toBe("not_found");
		await as(roomId, ada).unban({ userId: "bob" });
		expect((await as(roomId, bob).join()).me).toMatchObject({ status: "joined", role: "member" });
	});

	test("[MEM11] a room changes hands, by word or because its last owner went", async () => {
		const roomId = await town.open(ada, "heirs");
		for (const who of [bob, cyn]) await as(roomId, who).join();
		await as(roomId, ada).setRole({ userId: "cyn", role: "admin" });
		expect((await refused(as(roomId, cyn).transferOwnership({ userId: "bob" }))).code).toBe("forbidden");
		await as(roomId, ada).transferOwnership({ userId: "bob" });
		const roles = async () =>
			Object.fromEntries((await as(roomId, cyn).getRoom()).members.map(({ id, role }) => [id, role]));
		expect(await roles()).toEqual({ ada: "admin", bob: "owner", cyn: "admin" });
		await as(roomId, bob).leave();
		expect(await roles()).toMatchObject({ cyn: "owner" });
	});

	test("[AUD1] every act is written down with its commit, for those who run the room, a page at a time", async () => {
		const roomId = await town.open(ada, "audited");
		await as(roomId, ada).invite({ userId: "bob" });
		await as(roomId, bob).join();
		await as(roomId, ada).setRole({ userId: "bob", role: "guest" });
		await as(roomId, ada).kick({ userId: "bob" });
		await as(roomId, ada).ban({ userId: "bob" });
		await as(roomId, ada).unban({ userId: "bob" });
		await as(roomId, ada).updateRoom({ topic: "t", retentionMessages: 10 });
		const { entries, hasMore } = await as(roomId, ada).getAudit();
		expect([...entries].reverse().map(({ act }) => act.type)).toEqual([
			"member-invited",
			"role-changed",
			"member-kicked",
			"member-banned",
			"member-unbanned",
			"topic-changed",
			"retention-changed",
		]);
		expect(hasMore).toBe(false);
		expect(entries.at(-1)?.act).toEqual({ type: "member-invited", by: "ada", userId: "bob", role: "member" });
		const page = await as(roomId, ada).getAudit({ before: entries[1]?.id ?? 0, limit: 2 });
		expect(page).toEqual({ entries: entries.slice(2, 4), hasMore: true });
		await as(roomId, cyn).join();
		expect((await refused(as(roomId, cyn).getAudit())).code).toBe("forbidden");
	});
});

describe("links into a room", () => {
	test("[LNK1] whoever shows its secret is in, as often as it says, until it is withdrawn", async () => {
		const roomId = await town.open(ada, "by link", "private");
		const { link, secret } = await as(roomId, ada).createLink({ usesMax: 1 });
		expect(JSON.stringify((await as(roomId, ada).getLinks()).links)).not.toContain(secret);
		expect(await directory(bob).acceptLink({ roomId, secret })).toMatchObject({ roomId, name: "by link" });
		expect((await as(roomId, bob).getRoom()).me).toMatchObject({ status: "joined", role: "member" });
		expect((await refused(directory(cyn).acceptLink({ roomId, secret }))).code).toBe("not_found");
		expect((await as(roomId, ada).getLinks()).links).toEqual([]);

		const open = await as(roomId, ada).createLink({ role: "guest" });
		expect((await as(roomId, ada).getLinks()).links.map(({ id }) => id)).toEqual([open.link.id]);
		expect((await refused(as(roomId, bob).revokeLink({ id: open.link.id }))).code).toBe("forbidden");
		await as(roomId, ada).revokeLink({ id: open.link.id });
		expect((await refused(directory(cyn).acceptLink({ roomId, secret: open.secret }))).code).toBe("not_found");
		expect((await refused(as(roomId, ada).revokeLink({ id: link.id.replace(/.$/, "x") }))).code).toBe("not_found");
	});

	test("[LNK3] no more of them work than may, however many are asked for at once", async () => {
		const roomId = await town.open(ada, "many links", "private");
		const asked = Array.from({ length: LIMITS.roomLinksMax + 3 }, () => as(roomId, ada).createLink());
		const made = await Promise.allSettled(asked);
		expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(LIMITS.roomLinksMax);
		const reasons = made.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
		expect(reasons).toEqual(Array(3).fill(expect.objectContaining({ code: "busy" })));
	});

	test("[LNK2] it works for its time, for who was not shown out, and a wrong one says the same as none", async () => {
		const roomId = await town.open(ada, "link limits", "private");
		const short = await as(roomId, ada).createLink({ forMs: 1 });
		expect((await refused(directory(bob).acceptLink({ roomId, secret: short.secret }))).code).toBe("not_found");
		expect((await refused(as(roomId, ada).createLink({ forMs: 365 * 86_400_000 }))).code).toBe("bad_input");
		const { secret } = await as(roomId, ada).createLink();
		await as(roomId, ada).ban({ userId: "bob" });
		expect((await refused(directory(bob).acceptLink({ roomId, secret }))).code).toBe("not_found");
		const wrong = { roomId, secret: "a".repeat(32) };
		const nowhere = { roomId: "r-nowhere", secret };
		for (const input of [wrong, nowhere]) {
			expect((await refused(directory(cyn).acceptLink(input))).code).toBe("not_found");
		}
		expect(await directory(guest).acceptLink({ roomId, secret })).toMatchObject({ roomId });
		expect((await as(roomId, guest).getRoom()).me).toMatchObject({ role: "guest" });
	});
});

describe("people of the server", () => {
	test("[PEO1] a status is one's own, for a while, and everybody sees it", async () => {
		await directory(cyn).setStatus({ text: " At  lunch ", emoji: "🥪", forMs: 60_000 });
		const person = async () => (await directory(bob).list()).rows.find(({ id }) => id === "cyn");
		expect(await person()).toMatchObject({ status: { text: "At lunch", emoji: "🥪", until: expect.any(Number) } });
		await town.register(cyn);
		expect(await person()).toMatchObject({ status: { text: "At lunch" } });
		await directory(cyn).setStatus({ text: "" });
		expect(await person()).not.toHaveProperty("status");
		expect((await refused(directory(cyn).setStatus({ text: "x".repeat(81) }))).code).toBe("text_too_long");
		expect((await refused(directory(cyn).setStatus({ text: "x", forMs: 0 }))).code).toBe("bad_input");
	});

	test("[PEO2] closing an account ends all it has open within a second, and old tickets open nothing", async () => {
		const eve = { id: "eve" };
		await town.register(eve);
		const mine = await town.open(ada, "eve was here", "private");
		await as(mine, ada).invite({ userId: "eve" });
		const looked = await town.open(ada, "eve looks in");
		const direct = (await directory(eve).openDirect({ userIds: ["ada"] })).roomId;
		const orphan = await town.open(eve, "eve's own");
		await as(orphan, ada).join();
		await vi.waitFor(async () => expect(await rowOf(eve, mine)).toBeDefined());
		const seats = await Promise.all([
			town.sit(mine, eve),
			town.sit(looked, eve, { joins: false }),
			town.sit(direct, eve, { joins: false }),
		]);
		const inbox = town.connect("userInbox", "eve", eve);
		const listing = town.connect("directory", "main", eve);
		const searching = town.connect("search", "main", eve);
		await Promise.all([inbox.getInbox(), listing.list(), searching.getIndexState()]);
		let closed = 0;
		for (const each of [inbox, listing, searching, ...seats.map(({ connection }) => connection)]) {
			each.onClose(() => {
				closed += 1;
				void each.dispose();
			});
		}
		const tickets = {
			room: house.ticket("chatRoom", looked, eve),
			inbox: house.ticket("userInbox", "eve", eve),
			directory: house.ticket("directory", "main", eve),
			search: house.ticket("search", "main", eve),
		};
		const closedAt = performance.now();
		await web().setActive({ userId: "eve", isActive: false, by: "boss" });
		await as(mine, ada)
			.sendMessage({ text: "not for eve" })
			.catch(() => undefined); // ada may be no member
		await vi.waitFor(() => expect(closed).toBe(6), { interval: 10 });
		expect(performance.now() - closedAt).toBeLessThan(SECOND_MS);
		for (const seat of seats) expect(JSON.stringify([seat.batches, seat.messages])).not.toContain("not for eve");
		const people = town.client;
		for (const call of [
			() => people.chatRoom.get([looked], { params: tickets.room }).getRoom(),
			() => people.userInbox.get(["eve"], { params: tickets.inbox }).getInbox(),
			() => people.directory.get(["main"], { params: tickets.directory }).list(),
			() => people.search.get(["main"], { params: tickets.search }).search({ query: "eve" }),
		]) {
			expect((await refused(call())).code).toBe("unauthenticated");
		}
		expect((await as(orphan, ada).getRoom()).members.find(({ id }) => id === "ada")).toMatchObject({ role: "owner" });
		expect((await refused(directory(ada).openDirect({ userIds: ["eve"] }))).code).toBe("not_found");
		const { entries } = await directory(boss).getAudit({ limit: 1 });
		expect(entries).toMatchObject([{ act: { type: "person-deactivated", by: "boss", userId: "eve" } }]);
		expect((await refused(directory(ada).getAudit())).code).toBe("forbidden");
	});

	test("[PEO5] who signs out everywhere is nowhere at once, and is received when they come again", async () => {
		const gil = { id: "gil" };
		await town.register(gil, ada);
		const roomId = await town.open(ada, "gil's other browser");
		await as(roomId, gil).join();
		const [seat, hers] = [await town.sit(roomId, gil, { joins: false }), await town.sit(roomId, ada, { joins: false })];
		const inbox = town.connect("userInbox", "gil", gil);
		await inbox.getInbox();
		let closed = 0;
		for (const each of [inbox, seat.connection]) {
			each.onClose(() => {
				closed += 1;
				void each.dispose();
			});
		}
		const old = house.ticket("chatRoom", roomId, gil);
		const endedAt = performance.now();
		const ended = web().endConnections({ userId: "gil" });
		await vi.waitFor(() => expect(closed).toBe(2), { interval: 10 });
		expect(performance.now() - endedAt).toBeLessThan(SECOND_MS);
		expect((await refused(town.client.chatRoom.get([roomId], { params: old }).getRoom())).code).toBe("unauthenticated");
		await ended;
		expect((await as(roomId, gil).getRoom()).me).toMatchObject({ status: "joined" });
		await hers.connection.sendMessage({ text: "others stay" });
		const calls = directory(ada);
		expect((await calls.list()).rows.find(({ id }) => id === "gil")).not.toHaveProperty("deactivatedAt");
	});

	test("[PEO3] opening it again brings them back where they were", async () => {
		const fay = { id: "fay" };
		await town.register(fay);
		const roomId = await town.open(ada, "fay returns");
		await as(roomId, fay).join();
		await web().setActive({ userId: "fay", isActive: false, by: "boss" });
		expect((await refused(web().setActive({ userId: "boss", isActive: false, by: "boss" }))).code).toBe("forbidden");
		await web().setActive({ userId: "fay", isActive: true, by: "boss" });
		await vi.waitFor(async () => expect((await as(roomId, fay).getRoom()).me).toMatchObject({ status: "joined" }), {
			timeout: 4_000,
			interval: 200,
		});
		expect((await directory(ada).list()).rows.find(({ id }) => id === "fay")).not.toHaveProperty("deactivatedAt");
	});
});
